#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mfo::http {

/// What the admin listener needs of the node's dead letters. Where `list` is
/// set, both are. They take their time, so both must not block, and call back
/// once, within this call or later, on any thread, also when the listener is
/// gone: with a JSON object as docs/reference/admin.md has it, or a sentence
/// that says why nothing is done now.
struct letter_control {
  using done_function =
      std::function<void(tl::expected<std::string, std::string>)>;

  /// The oldest letters of all sinks, at most so many. Empty: no paths for it.
  std::function<void(std::size_t limit, done_function done)> list{};

  /// Delivers the letters of these events after all.
  std::function<void(std::vector<std::string> event_ids, done_function done)>
      replay{};
};

} // namespace mfo::http
