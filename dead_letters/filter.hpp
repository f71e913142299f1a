#pragma once

#include "dead_letters/letter.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::dead_letters {

/// Which letters are meant: all that have what is given here.
struct filter {
  std::string event_id;
  std::string type; ///< of the event; `*` stands for anything, `?` for one byte
  std::string endpoint;
  std::string server;
  std::string reason;
  std::optional<unix_ms> since; ///< it died then or later
  std::optional<unix_ms> until; ///< it died before
  std::size_t limit = 0;        ///< so many, oldest first; 0: all

  /// Whether anything but `limit` is given.
  [[nodiscard]] bool picks() const noexcept;
};

/// `limit` is for whoever counts.
bool matches(const filter& wanted, const letter& value);

/// Whether the whole of `text` fits the pattern of `*` and `?`.
bool matches_glob(std::string_view pattern, std::string_view text) noexcept;

} // namespace mfo::dead_letters
