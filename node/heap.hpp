#pragma once

#include <cstddef>
#include <optional>

namespace mfo::node {

/// In bytes.
struct heap_sizes {
  std::size_t allocated; ///< what the program holds
  std::size_t resident;  ///< what the heap has of the machine's memory for it
};

/// Any thread. Nothing where the allocator keeps no such books.
std::optional<heap_sizes> read_heap_sizes();

/// Gives the kernel what is free of the heap, which may hold up threads that
/// allocate. Any thread.
void give_memory_back();

/// From now on the process ends with `exit_status::out_of_memory` where memory
/// that it needs cannot be had, at once, and with a line on standard error.
/// Half of what an actor was about to do is not done then, and what that leaves
/// behind is nothing to go on with; whoever restarts the node has a whole one.
void end_when_out_of_memory() noexcept;

} // namespace mfo::node
