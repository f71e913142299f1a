#pragma once

#include "dead_letters/filter.hpp"
#include "dead_letters/sink.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace mfo::dead_letters {

/// Delivers the letter's event under its own id; the error is a sentence.
using deliver_function = std::function<done(const letter&)>;

struct replay_plan {
  filter which;
  double rate = 0;      ///< letters a second; 0: as fast as they are taken
  bool dry_run = false; ///< delivers and marks nothing
};

struct replay_report {
  std::size_t delivered = 0; ///< of a dry run: would be
  std::size_t failed = 0;    ///< and stay where they are
  std::size_t skipped = 0;   ///< not picked by the filter
  bool stopped = false;      ///< before all were seen
  walk_report walk;
};

/// What a replay needs of the world.
struct replay_tools {
  using clock = std::chrono::steady_clock;

  deliver_function deliver;
  std::function<clock::time_point()> now = clock::now;
  /// May return early when the replay is to stop.
  std::function<void(clock::time_point)> sleep_until;
  std::function<bool()> is_stopped = [] {
    return false;
  };
  /// After each letter that was picked, with what came of it.
  std::function<void(const replay_report&, const letter&, const done&)>
      progress = [](const auto&, const auto&, const auto&) {
      };
};

/// Delivers the letters that are picked, one after the other, and marks each
/// that was delivered, once it was. A letter that is not taken stays; the next
/// is tried. Ends when the letters cannot be read or marked any more: a letter
/// that was delivered and not marked, which the error names, would be
/// delivered again by the next replay, under the same id.
tl::expected<replay_report, std::string>
replay(reader& from, const replay_plan& plan, const replay_tools& tools);

} // namespace mfo::dead_letters
