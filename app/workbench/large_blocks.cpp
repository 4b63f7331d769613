#include "rind/workbench/large_blocks.h"

#ifdef __linux__
#include <malloc.h>
#endif

namespace rind::workbench {

void returnLargeBlocks() {
#ifdef M_MMAP_THRESHOLD
  constexpr int kLarge = 4 << 20;  // bytes; smaller ones come and go with every picture
  mallopt(M_MMAP_THRESHOLD, kLarge);
#endif
}

}  // namespace rind::workbench
