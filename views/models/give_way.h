#pragma once

namespace rind::models {

// Who goes first where several want the processor: the interface's thread, then what it has made in the
// background, then the engine, then what can wait. Each is said of the calling thread and holds for those
// that it begins later. Where a system knows no priority of a thread, nothing happens.

/// Of the interface's thread: is served at once, a little at a time.
void goFirst();
/// Of a thread in the background.
void giveWay();
/// Of a thread in the background for which nobody waits: behind the engine too.
void giveWayLast();
/// The same as giveWay for threads that a software OpenGL driver has begun.
void letDriverGiveWay();
/// Of the engine's process, before it is executed: calls nothing that may not be called there.
void giveWayToAll();
/// The same of a process for which nobody waits: behind the engine.
void giveWayToAllLast();

}  // namespace rind::models
