#include "cluster/transport/header_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::cluster::wire {

namespace {

/// A node id, and of the server's also some names of interfaces.
constexpr std::uint32_t longest_handshake = 64 * 1024;
/// A node id begins with a number of eight bytes that says of what kind it is.
constexpr std::size_t id_kind_size = 8;

template <class Number>
Number number_at(const char* bytes) noexcept {
  Number result = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    result = static_cast<Number>((result << 8) |
                                 static_cast<unsigned char>(bytes[i]));
  return result;
}

template <class Number>
void append_number(std::string& to, Number number) {
  for (std::size_t i = sizeof(Number); i > 0; --i)
    to +=
        static_cast<char>(static_cast<unsigned char>(number >> (8 * (i - 1))));
}

} // namespace

basp_header basp_header::read(const std::array<char, size>& bytes) noexcept {
  return {.operation = number_at<std::uint8_t>(bytes.data()),
          .padding1 = number_at<std::uint8_t>(bytes.data() + 1),
          .padding2 = number_at<std::uint8_t>(bytes.data() + 2),
          .flags = number_at<std::uint8_t>(bytes.data() + 3),
          .payload_length = number_at<std::uint32_t>(bytes.data() + 4),
          .operation_data = number_at<std::uint64_t>(bytes.data() + 8),
          .source = number_at<std::uint64_t>(bytes.data() + 16),
          .destination = number_at<std::uint64_t>(bytes.data() + 24)};
}

std::string basp_header::write() const {
  std::string result{static_cast<char>(operation), static_cast<char>(padding1),
                     static_cast<char>(padding2), static_cast<char>(flags)};
  append_number(result, payload_length);
  append_number(result, operation_data);
  append_number(result, source);
  append_number(result, destination);
  return result;
}

header_filter::header_filter(direction way, const filter_rules& rules)
  : way_(way), rules_(rules) {}

std::optional<end_cause> header_filter::feed(std::string_view bytes) {
  while (!refused_ && !bytes.empty())
    bytes.remove_prefix(payload_left_ > 0 ? take_payload(bytes)
                                          : take_header(bytes));
  return refused_;
}

std::size_t header_filter::take_header(std::string_view bytes) {
  const auto taken = std::min(bytes.size(), header_.size() - header_bytes_);
  std::copy_n(bytes.data(), taken, header_.data() + header_bytes_);
  header_bytes_ += taken;
  // What cannot begin any message is refused by its first byte: a peer that
  // sends a line of text may wait for an answer with fewer than 32.
  if (static_cast<std::uint8_t>(header_[0]) > basp::heartbeat)
    refuse(end_reason::bad_frame,
           fmt::format("not BASP: there is no operation {}",
                       static_cast<std::uint8_t>(header_[0])));
  else if (header_bytes_ == header_.size()) {
    header_bytes_ = 0;
    judge(basp_header::read(header_));
  }
  return taken;
}

std::size_t header_filter::take_payload(std::string_view bytes) {
  const auto taken = std::min<std::size_t>(bytes.size(), payload_left_);
  const auto& own = rules_.own_id;
  if (!established_ && peer_id_.size() < own.size())
    peer_id_ += bytes.substr(0, std::min(taken, own.size() - peer_id_.size()));
  for (std::size_t i = 0; may_be_own_ && i < taken; ++i) {
    may_be_own_ = bytes[i] == own[id_bytes_];
    if (!may_be_own_ && id_bytes_ < id_kind_size) {
      refuse(end_reason::bad_frame, "a node id of another kind, or none");
      return taken;
    }
    if (may_be_own_ && ++id_bytes_ == own.size()) {
      refuse(end_reason::own_node, "it is this node itself");
      return taken;
    }
  }
  payload_left_ -= static_cast<std::uint32_t>(taken);
  if (payload_left_ == 0) {
    established_ = true; // no payload comes before that of a handshake
    may_be_own_ = false;
  }
  return taken;
}

void header_filter::judge(const basp_header& header) {
  if (header.payload_length > rules_.max_payload)
    return refuse(end_reason::bad_frame,
                  fmt::format("a message of {} bytes, where {} is the limit",
                              header.payload_length, rules_.max_payload));
  if (header.padding1 != 0 || header.padding2 != 0)
    return refuse(end_reason::bad_frame, "not BASP: the padding is not zero");
  const bool handshake = header.operation == basp::server_handshake ||
                         header.operation == basp::client_handshake;
  if (!handshake && !established_)
    return refuse(
        end_reason::bad_frame,
        fmt::format("operation {} before the handshake", header.operation));
  if (handshake)
    judge_handshake(header);
  else
    judge_message(header);
  if (!refused_)
    payload_left_ = header.payload_length;
}

void header_filter::judge_handshake(const basp_header& header) {
  const bool server = header.operation == basp::server_handshake;
  if (server != (way_ == direction::dialled))
    return refuse(end_reason::bad_frame, "the handshake of the other side");
  // Of a client a second one, which says to use this connection.
  const unsigned most = server ? 1 : 2;
  if (handshakes_ == most)
    return refuse(end_reason::bad_frame, "a handshake too many");
  const auto flags = handshakes_ == 0 ? 0 : basp::select_connection;
  if (header.flags != flags)
    return refuse(end_reason::bad_frame,
                  fmt::format("a handshake with flags {}", header.flags));
  if (header.operation_data != (server ? basp::version : 0))
    return refuse(end_reason::bad_frame,
                  fmt::format("BASP version {}, where this node has {}",
                              header.operation_data, basp::version));
  if (header.source != 0 || header.destination != 0)
    return refuse(end_reason::bad_frame, "a handshake of or to an actor");
  const auto shortest = std::max<std::size_t>(1, rules_.own_id.size());
  if (header.payload_length < shortest ||
      header.payload_length > longest_handshake)
    return refuse(end_reason::bad_frame, fmt::format("a handshake of {} bytes",
                                                     header.payload_length));
  ++handshakes_;
  id_bytes_ = 0;
  may_be_own_ = !rules_.own_id.empty();
}

void header_filter::judge_message(const basp_header& header) {
  const bool payload = header.payload_length > 0;
  const bool data = header.operation_data != 0;
  const bool source = header.source != 0;
  const bool destination = header.destination != 0;
  bool legal = header.flags == 0;
  switch (header.operation) {
  case basp::direct_message: // from nobody: sent anonymously
    if (header.flags == basp::named_receiver &&
        header.destination != rules_.spawn_server)
      return refuse(end_reason::bad_frame,
                    "a message to an actor by a name that is not for peers");
    legal = header.flags <= basp::named_receiver && payload && destination;
    break;
  case basp::routed_message:
    return refuse(end_reason::bad_frame,
                  "a message by way of a third node, which no node does");
  case basp::monitor_message:
    legal = legal && payload && !data && !source && destination;
    break;
  case basp::down_message:
    legal = legal && payload && !data && source && !destination;
    break;
  default: // heartbeat
    legal = legal && !payload && !data && !source && !destination;
  }
  if (!legal)
    refuse(end_reason::bad_frame,
           fmt::format("a header that no operation {} has: flags {}, {} bytes, "
                       "data {}, from {} to {}",
                       header.operation, header.flags, header.payload_length,
                       header.operation_data, header.source,
                       header.destination));
}

void header_filter::refuse(end_reason reason, std::string text) {
  refused_ = {reason, std::move(text)};
}

} // namespace mfo::cluster::wire
