#pragma once

namespace mfo::node {

/// Gives the kernel what is free of the heap, which may hold up threads that
/// allocate. Any thread.
void give_memory_back();

/// From now on the process ends with `exit_status::out_of_memory` where memory
/// that it needs cannot be had, at once, and with a line on standard error.
/// Half of what an actor was about to do is not done then, and what that leaves
/// behind is nothing to go on with; whoever restarts the node has a whole one.
void end_when_out_of_memory() noexcept;

} // namespace mfo::node
