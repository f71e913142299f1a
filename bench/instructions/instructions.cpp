// Does one stage of the hot path many times, so that `bench/instructions/run`
// can have callgrind count what it takes.
//
//   bench-instructions                 lists the stages
//   bench-instructions STAGE [TIMES]   does it, after some that do not count

#include "bench/stages/stage.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string_view>

namespace {

/// Until what is made at the first time has been made: containers have their
/// size, books are full.
constexpr unsigned warm_up = 1'000;

} // namespace

/// What is counted: callgrind knows it by its name. False: once it was wrong.
extern "C" [[gnu::noinline]] bool counted(const mfo::bench::step& once,
                                          unsigned times) {
  bool good = true;
  for (; times > 0; --times)
    good = once() && good;
  return good;
}

namespace {

int run(std::string_view name, unsigned times) {
  for (const auto& each : mfo::bench::all_stages()) {
    if (each.name != name)
      continue;
    const auto once = each.make();
    bool good = true;
    for (unsigned i = 0; i < warm_up; ++i)
      good = once() && good;
    if (counted(once, times) && good)
      return 0;
    std::fprintf(stderr, "%s did not come out as it should\n",
                 each.name.data());
    return 1;
  }
  std::fputs("no such stage\n", stderr);
  return 2;
}

} // namespace

int main(int argc, char** argv) try {
  if (argc == 1) {
    for (const auto& each : mfo::bench::all_stages())
      std::puts(each.name.data());
    return 0;
  }
  unsigned times = 1'000;
  if (argc > 2) {
    const auto* end = argv[2] + std::strlen(argv[2]);
    if (const auto [rest, error] = std::from_chars(argv[2], end, times);
        error != std::errc{} || rest != end || times == 0) {
      std::fputs("TIMES is a number, at least 1\n", stderr);
      return 2;
    }
  }
  return run(argv[1], times);
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 2;
}
