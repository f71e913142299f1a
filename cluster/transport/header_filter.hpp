#pragma once

#include "cluster/transport/end_reason.hpp"
#include "cluster/transport/link_event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::cluster::wire {

/// The header of a BASP message as CAF 0.17.6 has it (caf/io/basp/header.hpp):
/// one byte each of operation, padding, padding and flags, four of the
/// payload's length, eight each of the operation's data, the sender and the
/// receiver; in network byte order.
struct basp_header {
  std::uint8_t operation = 0;
  std::uint8_t padding1 = 0;
  std::uint8_t padding2 = 0;
  std::uint8_t flags = 0;
  std::uint32_t payload_length = 0;
  std::uint64_t operation_data = 0;
  std::uint64_t source = 0;
  std::uint64_t destination = 0;

  static constexpr std::size_t size = 32;

  static basp_header read(const std::array<char, size>& bytes) noexcept;
  [[nodiscard]] std::string write() const;

  friend bool operator==(const basp_header&, const basp_header&) = default;
};

/// Its operations and constants; link_scribe.cpp checks them against CAF's.
namespace basp {

inline constexpr std::uint8_t server_handshake = 0;
inline constexpr std::uint8_t client_handshake = 1;
inline constexpr std::uint8_t direct_message = 2;
inline constexpr std::uint8_t routed_message = 3;
inline constexpr std::uint8_t monitor_message = 4;
inline constexpr std::uint8_t down_message = 5;
inline constexpr std::uint8_t heartbeat = 6;
inline constexpr std::uint8_t named_receiver = 1;    ///< a flag
inline constexpr std::uint8_t select_connection = 2; ///< a flag
inline constexpr std::uint64_t version = 3;

} // namespace basp

struct filter_rules {
  std::uint32_t max_payload = 4u << 20; ///< bytes
  /// This node's id as a handshake has it at its start: who shows it is this
  /// node, and all nodes have ids of its kind and length. Empty: not checked.
  std::string own_id{};
  /// The only actor that may be written to by name: CAF asks a new peer's
  /// spawn server who it is.
  std::uint64_t spawn_server = 0;
};

/// Sees every byte of one peer before CAF does, and stops what CAF 0.17.6 dies
/// of, believes, or was never meant to get: unknown operations and versions,
/// lengths above the limit, handshakes without a payload (a null pointer in
/// CAF), fields that must be zero and are not, handshakes a second time or of
/// the wrong side, anything before the handshake, and messages that are to be
/// passed on to a third node (nodes of a full mesh have no use for them).
///
/// Pure, and indifferent to how the stream is cut. Payloads pass unseen but for
/// the node id of a handshake.
class header_filter {
public:
  /// `way` says which handshake the peer owes: who accepted gets the client's.
  header_filter(direction way, const filter_rules& rules);

  /// The next bytes. Says what is wrong with them, or with any before them:
  /// then none of them may go on.
  [[nodiscard]] std::optional<end_cause> feed(std::string_view bytes);

  /// Whether the peer's handshake is here, whole.
  [[nodiscard]] bool established() const noexcept {
    return established_;
  }

  /// The peer's node id as its handshake has it at its start; empty as long as
  /// it is not there, or where there is no own_id to know its length by.
  [[nodiscard]] std::string_view peer_id() const noexcept {
    return peer_id_.size() == rules_.own_id.size() ? peer_id_
                                                   : std::string_view{};
  }

private:
  std::size_t take_header(std::string_view bytes);
  std::size_t take_payload(std::string_view bytes);
  void judge(const basp_header& header);
  void judge_handshake(const basp_header& header);
  void judge_message(const basp_header& header);
  void refuse(end_reason reason, std::string text);

  direction way_;
  filter_rules rules_;
  std::array<char, basp_header::size> header_{};
  std::size_t header_bytes_ = 0; ///< of the next header, so far
  std::uint32_t payload_left_ = 0;
  std::size_t id_bytes_ = 0; ///< of own_id that the handshake has matched
  bool may_be_own_ = false;
  std::string peer_id_{}; ///< of the first handshake, so far
  unsigned handshakes_ = 0;
  bool established_ = false;
  std::optional<end_cause> refused_;
};

} // namespace mfo::cluster::wire
