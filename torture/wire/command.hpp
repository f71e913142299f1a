#pragma once

#include "torture/wire/link.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace mfo::wire {

/// A line that tells what is to be, one of
///   rule FROM TO [loss P] [delay MIN MAX]    ms; all that is not said is none
///   cut FROM TO
///   heal
///   stats
/// where FROM and TO are names of hosts, and it is one direction that is meant.
struct command {
  enum class kind { set, heal, stats };

  kind what = kind::heal;
  std::string from;
  std::string to;
  rule given;
};

inline constexpr std::chrono::milliseconds longest_delay{60'000};

/// Or what is wrong with it.
tl::expected<command, std::string> parse_command(std::string_view line);

} // namespace mfo::wire
