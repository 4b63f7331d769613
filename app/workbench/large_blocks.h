#pragma once

namespace rind::workbench {

/// Has the C library give large blocks (volumes, meshes, pictures) back to the system as they are freed.
/// Without it glibc keeps blocks of up to 32 MiB once one as large was freed: 50 to 70 MB after some cases of
/// BraTS. To be called before any thread is started.
void returnLargeBlocks();

}  // namespace rind::workbench
