#include "node/heap.hpp"

#include "node/exit_status.hpp"

#include <cstdint>
#include <new>
#include <string_view>

#include <unistd.h>

namespace mfo::node {

namespace {

/// Whatever takes memory must not be called here.
[[noreturn]] void end_out_of_memory() {
  constexpr std::string_view line{
      "mfo-node: out of memory; ends at once, as kill -9 would end it\n"};
  [[maybe_unused]] const auto written =
      ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(static_cast<int>(exit_status::out_of_memory));
}

} // namespace

void end_when_out_of_memory() noexcept {
  std::set_new_handler(end_out_of_memory);
}

} // namespace mfo::node

#ifdef MFO_JEMALLOC

#include <jemalloc/jemalloc.h>

// How jemalloc is set up (man jemalloc, TUNING): it reads this name. What is
// free goes back after 10 s, by a thread of its own, since a node that idles
// never comes by to do it.
extern const char* malloc_conf;
const char* malloc_conf = "background_thread:true,max_background_threads:1";

namespace mfo::node {

namespace {

std::size_t statistic(const char* name) {
  std::size_t value = 0;
  auto size = sizeof value;
  ::mallctl(name, &value, &size, nullptr, 0);
  return value;
}

} // namespace

std::optional<heap_sizes> read_heap_sizes() {
  // Statistics are those of the last time that this was moved on.
  std::uint64_t epoch = 1;
  if (::mallctl("epoch", nullptr, nullptr, &epoch, sizeof epoch) != 0)
    return {};
  return heap_sizes{statistic("stats.allocated"), statistic("stats.resident")};
}

void give_memory_back() {
  constexpr auto all_arenas = "arena.4096.purge"; // MALLCTL_ARENAS_ALL
  static_assert(MALLCTL_ARENAS_ALL == 4096);
  // Where this fails, the thread does it later.
  ::mallctl(all_arenas, nullptr, nullptr, nullptr, 0);
}

} // namespace mfo::node

#else

#include <malloc.h>

namespace mfo::node {

std::optional<heap_sizes> read_heap_sizes() {
  return {};
}

void give_memory_back() {
  ::malloc_trim(0);
}

} // namespace mfo::node

#endif
