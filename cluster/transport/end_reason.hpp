#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::cluster {

/// Why a connection did not become a link, or a link ended.
enum class end_reason : std::uint8_t {
  silent,          ///< said nothing within the deadline
  timed_out,       ///< was not done within the deadline
  not_tls,         ///< what came is not TLS: garbage, an HTTP request
  tls_failed,      ///< TLS, but not as we speak it
  no_certificate,  ///< the peer showed none
  untrusted,       ///< not of our CA
  expired,         ///< or not valid yet
  wrong_name,      ///< not the peer that was dialled
  not_allowed,     ///< its name is not on the list
  refused_by_peer, ///< it said no
  unreachable,     ///< no TCP connection
  bad_frame,       ///< not BASP as CAF 0.17.6 speaks it, or too large
  own_node,        ///< it is this node
  no_gate,         ///< the peer publishes no actor
  crossed,         ///< both dialled at once, and the other link stays
  crowded,         ///< too many wait
  full,            ///< as many links as may be
  slow_reader,     ///< too many bytes wait for it to read them
  given_up,        ///< by CAF: nothing heard for too long, or redundant
  closed_by_peer,
  closed_here, ///< by whom the link belongs to
  broken,      ///< an error of the socket
  stopped,     ///< this node stops
};

inline constexpr std::size_t end_reasons =
    static_cast<std::size_t>(end_reason::stopped) + 1;

/// A word for labels of metrics: `not_tls`.
[[nodiscard]] std::string_view to_string(end_reason reason) noexcept;

/// The same in words for a log, of one case.
struct end_cause {
  end_reason reason;
  std::string text;

  friend bool operator==(const end_cause&, const end_cause&) = default;
};

/// How often each reason was met. Thread-safe.
class reason_counts {
public:
  void count(end_reason reason) noexcept {
    counts_[static_cast<std::size_t>(reason)].fetch_add(
        1, std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t of(end_reason reason) const noexcept {
    return counts_[static_cast<std::size_t>(reason)].load(
        std::memory_order_relaxed);
  }

private:
  std::array<std::atomic<std::uint64_t>, end_reasons> counts_{};
};

} // namespace mfo::cluster
