#pragma once

#include "core/header_fields.hpp"
#include "http/client_errc.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// The outgoing side of HTTP/1.1: what the connector needs of a client, and
/// nothing of the library behind it.
namespace mfo::http {

using std::chrono::milliseconds;

using header_list = core::header_fields;

/// Takes a piece of a body.
using data_callback = std::function<void(std::string_view piece)>;

struct client_request {
  std::string method = "POST";
  /// Origin-form target: absolute path and query, already encoded.
  std::string target;
  /// Without Host, Content-Length, Transfer-Encoding, Connection, User-Agent
  /// and Proxy-Authorization: those are the client's to set.
  header_list headers;
  /// Shared, so that a retry sends the same bytes and nothing is copied; null
  /// is an empty body. Alias it to what owns the bytes.
  std::shared_ptr<const std::string> body;
  /// One try: waiting for a connection, connecting, sending, the reply.
  milliseconds timeout{10'000};
  /// If set, the body of a 2xx reply is handed over as it comes, piece by
  /// piece, on the I/O thread, and not collected; any other reply's is
  /// collected. Must not throw or block. All pieces come before the answer, and
  /// an error may come after some: what came is then a part of the body.
  ///
  /// A stream is bounded as any reply is, by `timeout` from beginning to end
  /// and by the client's largest reply in total; there is no bound of its own
  /// on silence. A caller who expects a long stream sets a long `timeout`, and
  /// watches for pieces that do not come with a clock of its own.
  data_callback on_data{};
  /// Of a 2xx reply neither fields nor body are wanted: they are read, within
  /// their bounds, and not collected.
  bool status_is_enough = false;
  /// By which `client::cancel` knows it; 0: it is never cancelled.
  std::uint64_t ticket = 0;
};

/// How long the parts of one call took. Zero: there was no such part, as on a
/// kept connection, or the call ended before it; a call that ended in a part
/// before `first_byte` has what was spent in it.
struct client_timing {
  using microseconds = std::chrono::microseconds;

  microseconds waiting{0}; ///< for a connection to be free
  microseconds resolve{0}; ///< DNS: the server's name, or the proxy's
  microseconds connect{0}; ///< TCP, and the proxy's CONNECT
  microseconds tls{0};
  microseconds first_byte{0}; ///< of a reply, from the request's first on
  microseconds total{0};      ///< from `send` to the end of the reply
};

struct client_response {
  int status = 0;
  header_list headers;
  std::string body;
  client_timing timing{};
};

/// Why there is no reply, and for the log where and how exactly.
struct client_error {
  client_errc code = client_errc::connect_failed;
  std::string detail; ///< never holds a header value or a body
  client_timing timing{};
  /// Whether the server may have seen any of the request. False is certain: to
  /// send the request again cannot do twice what it does. A server that refuses
  /// our certificate under TLS 1.3 says so after our end of the handshake, with
  /// the request on its way: that is true.
  bool sent = false;
};

using client_result = tl::expected<client_response, client_error>;

/// Called exactly once, on the client's I/O thread or within `send`. Must not
/// throw and must not block.
using client_callback = std::function<void(client_result)>;

/// What a metrics page wants to know of a client's connections.
struct client_stats {
  std::size_t open = 0;    ///< connections, those being made included
  std::size_t idle = 0;    ///< of these, kept for the next request
  std::size_t waiting = 0; ///< requests without a connection
  std::size_t opened = 0;  ///< connections begun since the start
  /// When the certificate ends that the server has shown last. Nothing: it has
  /// shown none.
  std::optional<std::chrono::sys_seconds> certificate_end{};
};

/// Sends requests to one origin. Thread-safe: any thread may call `send`.
class client {
public:
  virtual ~client() = default;

  /// Sends one request once: no retry, no redirect. Every call is answered
  /// by exactly one `done`, at the latest after `request.timeout` (plus the
  /// I/O thread's lateness), with `client_errc::queue_full` at once when too
  /// many wait already, with `client_errc::closed` after `close`.
  virtual void send(client_request request, client_callback done) = 0;

  /// Ends the requests that were sent with this ticket: they are answered with
  /// `client_errc::cancelled`, and a connection that carries one is closed.
  /// Those that have been answered, or not been sent yet, it does not touch.
  /// Any thread; returns before it is done. Requires: not 0.
  virtual void cancel([[maybe_unused]] std::uint64_t ticket) {}

  /// Refuses what comes later, closes the connections and answers everything
  /// outstanding with `client_errc::closed`; returns before the I/O thread has
  /// done so. Any thread, idempotent.
  virtual void close() = 0;

  /// Any thread. Each number is current on its own; they need not add up.
  virtual client_stats stats() const noexcept {
    return {};
  }
};

} // namespace mfo::http
