#include "rind/models/advanced_domains.h"

#include <QCoreApplication>

namespace rind::models {

using Kind = SettingDomain::Kind;

namespace {

SettingDomain probability(const char* key, const char* label, const char* explanation) {
  return {.key = key,
          .kind = Kind::real,
          .label = label,
          .explanation = explanation,
          .most = 1,
          .step = 0.05,
          .decimals = 2};
}

}  // namespace

std::vector<SettingDomain> advancedDomains() {
  return {
      {.key = "optimiser",
       .kind = Kind::choice,
       .label = QT_TRANSLATE_NOOP("Setting", "Optimiser"),
       .explanation = QT_TRANSLATE_NOOP(
           "Setting",
           "How a gradient becomes a step. <b>Adam</b>: a step size for every weight, as in the paper. "
           "<b>AdamW</b>: the same, with the weight decay kept out of those step sizes. <b>SGD</b>: one step "
           "size for all, with Nesterov's momentum; it wants a larger learning rate, such as 0.01."),
       .choices = {{"adam", QT_TRANSLATE_NOOP("Setting", "Adam")},
                   {"adamw", QT_TRANSLATE_NOOP("Setting", "AdamW")},
                   {"sgd", QT_TRANSLATE_NOOP("Setting", "SGD with momentum")}}},
      {.key = "momentum",
       .kind = Kind::real,
       .label = QT_TRANSLATE_NOOP("Setting", "Momentum"),
       .explanation = QT_TRANSLATE_NOOP("Setting",
                                        "Share of the last step that SGD carries on with; 0.99 averages over "
                                        "about 100 steps. The other optimisers do not use it."),
       .most = 0.9999,
       .step = 0.01,
       .decimals = 4},
      {.key = "weight-decay",
       .kind = Kind::real,
       .label = QT_TRANSLATE_NOOP("Setting", "Weight decay"),
       .explanation =
           QT_TRANSLATE_NOOP("Setting",
                             "Pulls weights towards zero, so that the network fits noise less. None in the "
                             "paper; the authors' code has 0.0005. A running training takes it."),
       .most = 1,
       .step = 0.0001,
       .decimals = 6,
       .none = QT_TRANSLATE_NOOP("Setting", "none")},
      {.key = "average",
       .kind = Kind::real,
       .label = QT_TRANSLATE_NOOP("Setting", "Average (EMA)"),
       .explanation = QT_TRANSLATE_NOOP("Setting",
                                        "Validates and keeps a running average of the weights instead of the "
                                        "last step's: steadier scores, most of all late. 0.999 averages over "
                                        "about 1000 steps; a short training wants less, such as 0.99."),
       .most = 0.9999,
       .step = 0.001,
       .decimals = 4,
       .none = QT_TRANSLATE_NOOP("Setting", "off")},
      {.key = "deep-supervision",
       .kind = Kind::toggle,
       .label = QT_TRANSLATE_NOOP("Setting", "Deep supervision"),
       .explanation = QT_TRANSLATE_NOOP("Setting",
                                        "Trains the network's levels of 1/2 and 1/4 resolution too, at half "
                                        "and a quarter of the weight, so that deep levels learn sooner. The "
                                        "curves show the full resolution's loss. U-Net and V-Net only.")},
      {.key = "accumulate",
       .kind = Kind::integer,
       .label = QT_TRANSLATE_NOOP("Setting", "Accumulate"),
       .explanation = QT_TRANSLATE_NOOP("Setting",
                                        "Batches whose gradients make one step. Batch 1 with 4 accumulated "
                                        "trains nearly as batch 4 does, in a quarter of the memory."),
       .least = 1,
       .most = 1024},
      {.key = "clip",
       .kind = Kind::real,
       .label = QT_TRANSLATE_NOOP("Setting", "Clip gradient"),
       .explanation =
           QT_TRANSLATE_NOOP("Setting",
                             "Longest gradient (its Euclidean norm): a longer one is scaled down to it, so "
                             "that one odd patch cannot throw the weights far. A running training takes it."),
       .most = 1000,
       .step = 0.5,
       .decimals = 2,
       .none = QT_TRANSLATE_NOOP("Setting", "off")},
      {.key = "warm-up",
       .kind = Kind::optional_real,
       .label = QT_TRANSLATE_NOOP("Setting", "Warm-up"),
       .explanation = QT_TRANSLATE_NOOP("Setting",
                                        "Share of the training over which the learning rate rises from 0. "
                                        "<b>by schedule</b>: 0.02 for cosine, none for the others."),
       .most = 1,
       .step = 0.01,
       .decimals = 2,
       .none = QT_TRANSLATE_NOOP("Setting", "by schedule")},
      {.key = "patience",
       .kind = Kind::integer,
       .label = QT_TRANSLATE_NOOP("Setting", "Patience"),
       .explanation =
           QT_TRANSLATE_NOOP("Setting",
                             "Epochs without a better mean DSC after which the training ends. <b>never</b>: "
                             "it runs to its last epoch. A running training takes it."),
       .most = 10000,
       .none = QT_TRANSLATE_NOOP("Setting", "never")},
      {.key = "foreground",
       .kind = Kind::real,
       .label = QT_TRANSLATE_NOOP("Setting", "Foreground"),
       .explanation =
           QT_TRANSLATE_NOOP("Setting",
                             "Share of patches that are cut around a random voxel of an organ, in cases "
                             "larger than the patch; the rest are cut anywhere. Raise it where organs are "
                             "small. A running training takes it at its next epoch."),
       .most = 1,
       .step = 0.05,
       .decimals = 2},
      probability("rotate", QT_TRANSLATE_NOOP("Setting", "Rotation"),
                  QT_TRANSLATE_NOOP(
                      "Setting",
                      "Share of patches that are turned in the plane by up to 15 degrees. The paper: 0.2. "
                      "A running training takes it at its next epoch.")),
      probability(
          "flip", QT_TRANSLATE_NOOP("Setting", "Flips"),
          QT_TRANSLATE_NOOP(
              "Setting",
              "Share of patches that are mirrored, for each axis of the plane. The paper: 0.2. Take 0 where "
              "left and right are classes of their own. A running training takes it at its next epoch.")),
      probability(
          "scale", QT_TRANSLATE_NOOP("Setting", "Zoom"),
          QT_TRANSLATE_NOOP(
              "Setting",
              "Share of patches that are made larger or smaller in the plane, by 0.8 to 1.25, their bands "
              "with them. The paper: none. A running training takes it at its next epoch.")),
      probability(
          "intensity", QT_TRANSLATE_NOOP("Setting", "Intensities"),
          QT_TRANSLATE_NOOP(
              "Setting",
              "Share of patches with another contrast, brightness, gamma and noise, each drawn by itself: as "
              "if another scanner had taken them. The paper: none. A running training takes it at its next "
              "epoch."))};
}

}  // namespace rind::models
