#pragma once

#include "actors/api_request.hpp"
#include "cluster/rules/credit_window.hpp"
#include "core/event.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What two nodes say to each other when one calls servers for the other: calls
/// one way, what came of them the other, and with both what has come and what
/// more may come.
namespace mfo::cluster {

/// Of one message.
constexpr std::size_t most_calls_sent = 1024;
constexpr std::size_t most_results_sent = 4096;
constexpr std::size_t most_calls_handed_back = 4096;
constexpr std::size_t most_calls_cancelled = 4096;

/// Bytes of one call, or of one result, as packed_size counts them.
constexpr std::size_t largest_call = 2 * 1024 * 1024;

/// A call of a server that a peer is to make.
struct remote_call {
  using time_point = std::chrono::steady_clock::time_point;

  std::string server; ///< its name in the configuration
  /// A call of its API, or an event that is to be delivered; not null.
  std::variant<actors::api_request_ptr, core::event_ptr> what;

  /// By which the server knows it again.
  [[nodiscard]] std::string_view id() const;

  [[nodiscard]] time_point deadline() const;

  /// As api::call; an event carries its id, so that it is.
  [[nodiscard]] bool repeatable() const;
};

using remote_call_ptr = std::shared_ptr<const remote_call>;

struct sent_call {
  std::uint64_t number = 0; ///< on this link: see outbox
  /// The caller's own: the same wherever the call goes, and never again in the
  /// life of the caller's node.
  std::uint64_t key = 0;
  remote_call_ptr call{};
};

/// What came of a call; of an event, without a reply.
struct told_result {
  std::uint64_t number = 0; ///< grows with each result for this origin
  std::uint64_t key = 0;
  actors::api_result_ptr result{};
};

/// Why a peer does not make a call. The numbers are those of the wire.
enum class call_refusal : std::uint8_t {
  full = 0,
  draining = 1,
  unknown_server = 2, ///< its configuration does not have it
};

struct handed_back_call {
  std::uint64_t key = 0;
  call_refusal why = call_refusal::full;

  friend bool operator==(const handed_back_call&,
                         const handed_back_call&) = default;
};

/// What a node says.
struct calls_message {
  std::uint64_t received = 0; ///< the peer's calls up to this number are here
  std::uint64_t heard = 0;    ///< and its results up to this one
  std::optional<credit_grant> grant{};
  std::vector<handed_back_call> handed_back{};
  std::vector<std::uint64_t> cancelled{}; ///< keys: nobody waits for them
  std::vector<told_result> results{};
  std::vector<sent_call> calls{};
};

/// Why it cannot be sent: the end of a sentence, "has a target that is too
/// long". Nothing: it can be.
[[nodiscard]] std::optional<std::string> obstacle_to(const remote_call& call);
[[nodiscard]] std::optional<std::string>
obstacle_to(const actors::api_result& result);

/// What it adds to a message at most; for windows and batches. Both sides count
/// the same.
[[nodiscard]] std::size_t packed_size(const remote_call& call);
[[nodiscard]] std::size_t packed_size(const actors::api_result& result);

/// Requires: within the bounds above, and nothing in it has an obstacle. `now`
/// is what the times in it are counted from. An `on_data` stays behind.
[[nodiscard]] std::string pack_calls(const calls_message& what,
                                     std::chrono::steady_clock::time_point now);

/// An event in it has an endpoint of its own, which holds what a connector asks
/// of it: the node that makes the call needs not know the endpoint. The error
/// is the end of a sentence: "a message of calls ends within a text".
[[nodiscard]] tl::expected<calls_message, std::string>
unpack_calls(std::string_view bytes, std::chrono::steady_clock::time_point now);

} // namespace mfo::cluster
