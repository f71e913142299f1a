#pragma once

#include "core/errc.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::http {

/// The path of a request target in origin or absolute form (RFC 9112, section
/// 3.2), without the query, as sent.
std::string_view target_path(std::string_view target) noexcept;

/// Finds where each HTTP/1.1 request on a connection ends, and refuses what is
/// not strictly one, before RESTinio's parser sees a byte of it (RFC 9112; see
/// docs/adr/0004-guarded-socket.md for what that parser lets through). Pure:
/// bytes in, verdicts out. One per connection.
class framing {
public:
  struct bounds {
    std::size_t max_header = 0; ///< bytes of request line, fields, trailers
    std::size_t max_body = 0;   ///< bytes, after chunked coding is removed
  };

  enum class verdict {
    incomplete, ///< the request goes on; hold what was not used
    head,       ///< `used` ends the head, and a body follows
    complete,   ///< `used` ends the request
    refused,    ///< see `error()`; the connection is good for nothing more
  };

  struct step {
    verdict what;
    std::size_t used; ///< how many of the bytes given belong to the request
  };

  explicit framing(bounds limits) noexcept : limits_(limits) {}

  /// Other bounds, for the next request. Only between two requests.
  void set_bounds(bounds limits) noexcept {
    limits_ = limits;
  }

  /// Looks at the next bytes of the connection. A head, a line of a chunk and a
  /// line of a trailer are only looked at when they are whole: until then
  /// `incomplete`, and the caller must hold the bytes that were not used and
  /// give them again, with more behind. The verdict on a request does not
  /// depend on how its bytes are cut.
  step feed(std::string_view bytes);

  /// Whether the next byte begins a new request.
  [[nodiscard]] bool between_requests() const noexcept {
    return state_ == state::head;
  }

  [[nodiscard]] core::errc error() const noexcept {
    return error_;
  }

  /// What is wrong with it, in words for a log that quote nothing of it; may be
  /// empty.
  [[nodiscard]] std::string_view flaw() const noexcept {
    return flaw_;
  }

  /// Of the request last begun: its target as sent, without the query. Empty
  /// while its head is not whole.
  [[nodiscard]] const std::string& path() const noexcept {
    return path_;
  }

  /// Bytes of body known to come: Content-Length, or the chunk begun last and
  /// all before it.
  [[nodiscard]] std::uint64_t body_announced() const noexcept {
    return body_announced_;
  }

  /// Of these, those that were fed so far.
  [[nodiscard]] std::uint64_t body_received() const noexcept {
    return body_announced_ - remaining_;
  }

  /// The sender waits for "100 Continue" before it sends the body.
  [[nodiscard]] bool expects_continue() const noexcept {
    return expects_continue_;
  }

  /// The head asks for an upgrade, which a server may ignore (RFC 9110,
  /// section 7.8), and RESTinio's parser can't.
  [[nodiscard]] bool asks_upgrade() const noexcept {
    return asks_upgrade_;
  }

private:
  enum class state : std::uint8_t {
    head,
    body,
    chunk_size,
    chunk_data,
    chunk_end,
    trailer,
    refused,
  };

  step refuse(core::errc code) noexcept;
  bool fail(core::errc code, std::string_view why) noexcept;
  bool fail(std::string_view why) noexcept;
  step feed_head(std::string_view bytes);
  step feed_body(std::string_view bytes);
  step feed_line(std::string_view bytes);
  bool read_head(std::string_view head);
  bool read_request_line(std::string_view line);
  bool read_field(std::string_view line);
  bool finish_head();
  bool read_chunk_size(std::string_view line);
  bool read_trailer(std::string_view line);

  bounds limits_;
  state state_ = state::head;
  core::errc error_ = core::errc::malformed_request;
  std::string_view flaw_; ///< a literal

  std::size_t looked_at_ = 0; ///< of a head or line not whole
  std::string path_;
  bool known_method_ = false;
  bool http_1_0_ = false;
  bool expects_continue_ = false;
  bool expects_other_ = false;
  bool asks_upgrade_ = false;
  bool chunked_ = false;
  std::size_t fields_ = 0; ///< of the head and the trailer
  unsigned hosts_ = 0;
  std::optional<std::uint64_t> content_length_;

  std::uint64_t body_announced_ = 0;
  std::uint64_t remaining_ = 0; ///< of the body or the chunk
  std::size_t trailer_size_ = 0;
  std::size_t chunk_cost_ = 0; ///< bytes besides those of the body
};

} // namespace mfo::http
