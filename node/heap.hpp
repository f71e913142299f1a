#pragma once

namespace mfo::node {

/// Gives the kernel what is free of the heap, which may hold up threads that
/// allocate. Any thread.
void give_memory_back();

} // namespace mfo::node
