#pragma once

#include "cluster/messages/packer.hpp"
#include "cluster/messages/unpacker.hpp"

#include "core/event.hpp"
#include "core/outcome.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

/// Events and how they ended, as parts of larger messages.
namespace mfo::cluster {

/// Of an event on its way: the envelope, as large as a payload may be, and
/// what stands around it.
constexpr std::size_t longest_envelope = (std::size_t{1} << 30U) + (1U << 20U);

/// An event as a peer sent it. The views are of the message's bytes.
struct wire_event {
  std::string_view id;
  std::string_view endpoint; ///< its id in the configuration
  bool named_by_sender = false;
  std::string_view own_type;
  std::string_view own_source;
  std::string_view ordering_key;
  unsigned hops = 0;
  config::ip_address client;
  std::string_view traceparent;
  std::string_view tracestate;
  std::string_view envelope;
  std::size_t payload_offset = 0;
  std::size_t payload_size = 0;
  std::chrono::milliseconds received_unix{0};
  std::chrono::milliseconds age{0};       ///< since it was received
  std::chrono::milliseconds time_left{0}; ///< to its deadline
};

/// A proven event. `now` is what its age and the time it has left are of.
void put(packer& out, const core::event& what,
         std::chrono::steady_clock::time_point now);

/// Whether a peer reads the event, but for the size of all of it: texts such as
/// a CloudEvent's type may be longer than read_event takes.
[[nodiscard]] bool is_readable(const core::event& what) noexcept;

/// Its payload is within the envelope; nothing else of it has been looked at.
[[nodiscard]] wire_event read_event(unpacker& in);

/// The event here, of an endpoint that has its id. The time that it was on its
/// way for is not taken off what it has left: clocks of two machines cannot
/// tell. If it is `traced` and its trace is sampled, it has a span of its own
/// here, below the one that it came with.
[[nodiscard]] core::event_ptr
revive(const wire_event& what,
       std::shared_ptr<const config::endpoint_settings> endpoint,
       std::shared_ptr<core::stage_depths> depths,
       std::chrono::steady_clock::time_point now,
       core::generation_ptr generation = nullptr, bool traced = false);

/// An error goes by its name in the registry (core/errc.hpp), as the numbers
/// of two versions differ.
void put(packer& out, const core::outcome& what);

/// An error that this version does not know reads as internal_error, with its
/// name in the detail.
[[nodiscard]] core::outcome read_outcome(unpacker& in);

} // namespace mfo::cluster
