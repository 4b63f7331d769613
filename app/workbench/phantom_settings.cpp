#include "rind/workbench/phantom_settings.h"

#include "rind/core/settings.h"

namespace rind::workbench {

// The phantom's voxels are 5 mm: one iteration of n is about the paper's 6 mm. With the background's band a
// short training reaches twice the DSC (docs/figures.md). Eight channels train fast enough on two processor
// cores to be watched.
void setUpPhantom(models::SettingsModel& settings, int epochs) {
  core::RunConfig config = settings.config();
  core::applySettings(config, {{"epochs", epochs},
                               {"base-channels", 8},
                               {"iterations", 1},
                               {"include-background", true},
                               {"lr", 2e-3}});
  settings.setConfig(config);
}

}  // namespace rind::workbench
