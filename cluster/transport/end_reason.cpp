#include "cluster/transport/end_reason.hpp"

namespace mfo::cluster {

std::string_view to_string(end_reason reason) noexcept {
  constexpr std::array<std::string_view, end_reasons> words = {
      "silent",         "timed_out",       "not_tls",     "tls_failed",
      "no_certificate", "untrusted",       "expired",     "wrong_name",
      "not_allowed",    "refused_by_peer", "unreachable", "bad_frame",
      "own_node",       "no_gate",         "crossed",     "crowded",
      "full",           "slow_reader",     "given_up",    "closed_by_peer",
      "closed_here",    "broken",          "stopped"};
  return words[static_cast<std::size_t>(reason)];
}

} // namespace mfo::cluster
