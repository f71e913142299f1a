#pragma once

#include "cluster/membership/heartbeat.hpp"
#include "cluster/membership/hello.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

/// The errors of all that is unpacked are the end of a sentence that begins
/// with what was unpacked: "a hello ends within a text".
namespace mfo::cluster {

/// What comes first on a link, before a version is agreed on. A version may add
/// to the end of it, never change what is there: what is behind the part that
/// is known is not looked at.
[[nodiscard]] std::string pack(const hello& what);
[[nodiscard]] tl::expected<hello, std::string>
unpack_hello(std::string_view bytes);

/// What comes in place of the other side's hello; the same holds for its end.
[[nodiscard]] std::string pack(const refusal& what);
[[nodiscard]] tl::expected<refusal, std::string>
unpack_refusal(std::string_view bytes);

[[nodiscard]] std::string pack(const heartbeat& what);
/// Within its bounds (check_heartbeat), and every card in it as well.
[[nodiscard]] tl::expected<heartbeat, std::string>
unpack_heartbeat(std::string_view bytes);

} // namespace mfo::cluster
