#pragma once

#include "config/ip_network.hpp"
#include "core/errc.hpp"
#include "core/event.hpp"
#include "core/outcome.hpp"
#include "core/stage.hpp"
#include "core/trail.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::telemetry {

/// What has become of an event. That of the ledger, and of the log.
enum class event_state : std::uint8_t {
  in_flight,
  delivered,
  refused,
  dead_lettered,
  handed_over, ///< to another node of the cluster, as this one stopped
};

inline constexpr std::array<std::string_view, 5> event_states{
    "in_flight", "delivered", "refused", "dead_lettered", "handed_over"};

constexpr std::string_view to_string(event_state state) noexcept {
  return event_states[static_cast<std::size_t>(state)];
}

/// How an event has ended.
struct event_end {
  const core::outcome& outcome;
  std::chrono::steady_clock::time_point at;
  /// Nothing: delivered or refused, as the outcome says.
  std::optional<event_state> as{};
  std::string_view sink{}; ///< with `dead_lettered`
};

/// All that is known of one event at one moment, and nothing of its payload,
/// its signature or the query of its request. Texts are cut to their bounds.
struct event_record {
  using microseconds = std::chrono::microseconds;
  using offset = std::optional<microseconds>; ///< since `received`

  struct visit {
    std::string node;
    microseconds at;
  };

  std::string id;
  std::string delivery_id{}; ///< the sender's own; empty: none is known
  std::string endpoint{};    ///< "none": the request reached none
  std::string type{};        ///< empty: it was no event yet
  std::string path{};        ///< of a request that became no event
  std::string from{};        ///< the node that had it before, if one had
  std::optional<config::ip_address> source{}; ///< nothing: no sender sent it
  std::chrono::steady_clock::time_point received{};
  std::chrono::milliseconds received_unix{0}; ///< the same, since 1970
  std::size_t size = 0;                       ///< of the payload, bytes
  std::uint64_t generation = 0; ///< the configuration; 0: it was no event yet

  event_state state = event_state::in_flight;
  std::optional<core::errc> reason{};
  std::string detail{}; ///< as the log has it
  std::string sink{};   ///< of a dead letter
  unsigned attempts = 0;
  int upstream_status = 0; ///< of the server's last reply; 0: it gave none
  /// Where it is, or was as it ended; nothing: the listener.
  std::optional<core::stage> stage{};

  offset verified{}; ///< genuine, well-formed, and no repetition
  offset
      acknowledged{}; ///< its sender was told so before its end, by this node
  offset routed{};
  offset sent{};        ///< to `to->server`'s connector, on this node
  offset undelivered{}; ///< given to the dead letters
  offset ended{};       ///< nothing: it is in flight
  core::destinations_ptr to{};
  std::vector<visit> visits{}; ///< nodes that were given it to run
};

using event_record_ptr = std::shared_ptr<const event_record>;

/// Whether it went as it should, repetitions and handshakes included.
[[nodiscard]] bool went_well(const event_record& record) noexcept;

/// Writes down what the event and its marks say, in flight. Of what was there
/// before nothing is left but the memory.
void write_down(const core::event& event, event_record& to);

[[nodiscard]] event_record record_of(const core::event& event);

/// Adds how it ended.
void close(event_record& record, const event_end& how);

/// Cuts what others may make long.
void bound_texts(event_record& record);

/// What it takes of memory, about; bytes.
[[nodiscard]] std::size_t size_of(const event_record& record) noexcept;

} // namespace mfo::telemetry
