#include "devserver/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <array>

namespace mfo::devserver {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using parser = http::request_parser<http::string_body>;

/// Errors come back as values: a connection that breaks is everyday life here.
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// For a whole request to arrive, the wait for it included, and for each
/// write.
constexpr std::chrono::seconds idle_timeout{75};
/// For the peer to take in a refusal and close, before it is reset.
constexpr std::chrono::seconds linger_timeout{1};

constexpr std::size_t max_rejected = 10'000;
constexpr std::size_t max_rejected_bytes = 64 * 1024 * 1024;

std::string_view view(beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

request to_request(parser& parsed) {
  auto& message = parsed.get();
  request req;
  req.method = view(message.method_string());
  req.target = view(message.target());
  req.headers.reserve(512);
  for (const auto& field : message)
    req.headers.add(view(field.name_string()), view(field.value()));
  req.body = std::move(message.body());
  return req;
}

/// 0: the connection broke, and there is no one to answer.
int status_of(const error_code& error) {
  static const auto& parse_errors =
      http::make_error_code(http::error::bad_method).category();
  if (error == http::error::body_limit)
    return 413;
  if (error == http::error::header_limit)
    return 431;
  const bool closed = error == http::error::end_of_stream ||
                      error == http::error::partial_message;
  return error.category() == parse_errors && !closed ? 400 : 0;
}

/// The target of a request line of which the beginning is here.
std::string_view peeked_path(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find(' ') + 1, text.size()));
  return text.substr(0, text.find_first_of(" ?\r\n"));
}

const fault_effect unharmed;

/// Whatever a coroutine is given has a name here: g++ 12 destroys a braced
/// temporary in a co_await expression twice ("free(): invalid pointer").
class session {
public:
  session(tcp::socket socket, server_state& state)
    : stream_(std::move(socket)), state_(state) {
    ++state_.connections;
  }

  session(const session&) = delete;

  ~session() {
    --state_.connections;
  }

  asio::awaitable<void> run() {
    if (state_.faults.drops_connections()) {
      const bool dropped = co_await is_dropped_unread();
      if (dropped)
        co_return;
    }
    for (bool more = true; more;)
      more = co_await serve_one();
  }

private:
  /// Looks at the first bytes and leaves them where they are. That the kernel
  /// still holds them when the socket is closed makes it a reset.
  asio::awaitable<bool> is_dropped_unread() {
    auto& socket = stream_.socket();
    std::array<char, 256> bytes{};
    auto [error, size] = co_await socket.async_receive(
        asio::buffer(bytes), tcp::socket::message_peek, as_result);
    const std::string_view text(bytes.data(), size);
    const auto path = peeked_path(text);
    co_return error ||
        (!is_control(path) && state_.faults.next_connection(path));
  }

  /// False: this was the last one.
  asio::awaitable<bool> serve_one() {
    parser parsed;
    parsed.body_limit(state_.settings.max_body);
    parsed.header_limit(static_cast<std::uint32_t>(state_.settings.max_header));
    const auto error = co_await read(parsed);
    if (error) {
      co_await refuse(error);
      co_return false;
    }
    auto req = to_request(parsed);
    const bool is_1_1 = parsed.get().version() == 11;
    const framing how{.close = !is_1_1 || !parsed.keep_alive(),
                      .chunked = is_1_1};
    if (is_control(req.path())) {
      auto answer = state_.controls.answer(req);
      co_return co_await send(answer, unharmed, how);
    }
    co_return co_await serve_contract(req, how);
  }

  asio::awaitable<error_code> read(parser& parsed) {
    stream_.expires_after(idle_timeout);
    auto [error, size] =
        co_await http::async_read_header(stream_, buffer_, parsed, as_result);
    if (!error &&
        beast::iequals(parsed.get()[http::field::expect], "100-continue"))
      error = co_await write("HTTP/1.1 100 Continue\r\n\r\n", {}, 0);
    if (error || parsed.is_done())
      co_return error;
    std::tie(error, size) =
        co_await http::async_read(stream_, buffer_, parsed, as_result);
    co_return error;
  }

  asio::awaitable<void> refuse(error_code error) {
    const int status = status_of(error);
    if (status == 0)
      co_return;
    auto answer = error_reply(status, error.message());
    const framing how{.close = true};
    const auto more = co_await send(answer, unharmed, how);
    static_cast<void>(more);
    co_await linger();
  }

  asio::awaitable<bool> serve_contract(request& req, framing how) {
    const auto effect = state_.faults.next(req.path());
    if (effect.silent) {
      state_.contract.reject(req, 0);
      stream_.expires_never();
      co_await read_to_end();
      co_return false;
    }
    auto answer = state_.contract.answer(req, effect.status);
    if (!effect.retry_after.empty() && answer.status >= 300)
      answer.headers.emplace_back("Retry-After", effect.retry_after);
    if (effect.body_bytes) {
      answer.pieces = nullptr;
      answer.body = filler(*effect.body_bytes);
    }
    how.length_error = effect.length_error;
    if (effect.latency.count() > 0) {
      asio::steady_timer timer(stream_.get_executor(), effect.latency);
      co_await timer.async_wait(as_result);
    }
    if (effect.drop == drop_at::before_reply)
      co_return false;
    co_return co_await send(answer, effect, how);
  }

  /// A JSON string of `size` bytes, where there is room for its quotes.
  static std::string filler(std::size_t size) {
    std::string body(size, 'x');
    if (size >= 2)
      body.front() = body.back() = '"';
    return body;
  }

  /// Whether the connection goes on.
  asio::awaitable<bool> send(reply& answer, const fault_effect& effect,
                             framing how) {
    if (answer.status == 204 || answer.status == 304) {
      answer.pieces = nullptr;
      answer.body.clear();
    }
    how.close = how.close || (answer.pieces && !how.chunked);
    how.date = std::chrono::system_clock::now();
    const auto head = render_head(answer, how);
    if (effect.drop == drop_at::after_headers) {
      co_await write(head, {}, effect.bytes_per_write);
      co_return false;
    }
    if (answer.pieces)
      co_return co_await send_pieces(head, answer.pieces, effect, how);
    std::string_view body = answer.body;
    if (effect.drop == drop_at::mid_body)
      body = body.substr(0, body.size() / 2);
    const auto error = co_await write(head, body, effect.bytes_per_write);
    co_return !error && !how.close && effect.drop == drop_at::never;
  }

  asio::awaitable<bool> send_pieces(const std::string& head,
                                    const body_source& next,
                                    const fault_effect& effect, framing how) {
    auto error = co_await write(head, {}, effect.bytes_per_write);
    for (auto piece = next(); !error && !piece.empty(); piece = next()) {
      const auto before =
          how.chunked ? fmt::format("{:x}\r\n", piece.size()) : std::string{};
      if (effect.drop == drop_at::mid_body)
        piece.resize(piece.size() / 2);
      else if (how.chunked)
        piece.append("\r\n");
      error = co_await write(before, piece, effect.bytes_per_write);
      if (effect.drop == drop_at::mid_body)
        co_return false;
    }
    if (!error && how.chunked)
      error = co_await write("0\r\n\r\n", {}, effect.bytes_per_write);
    co_return !error && !how.close;
  }

  /// `bytes_per_write` 0: all in one.
  asio::awaitable<error_code> write(std::string_view first,
                                    std::string_view second,
                                    std::size_t bytes_per_write) {
    stream_.expires_after(idle_timeout);
    if (bytes_per_write == 0) {
      const std::array buffers = {
          asio::const_buffer(first.data(), first.size()),
          asio::const_buffer(second.data(), second.size())};
      auto [error, size] =
          co_await asio::async_write(stream_, buffers, as_result);
      co_return error;
    }
    const auto text = std::string(first).append(second);
    for (std::size_t at = 0; at < text.size(); at += bytes_per_write) {
      const auto part = asio::buffer(text) + at;
      auto [error, size] = co_await asio::async_write(
          stream_, asio::buffer(part, bytes_per_write), as_result);
      if (error)
        co_return error;
    }
    co_return error_code{};
  }

  /// To close with unread bytes would be a reset, which can overtake the
  /// refusal: first stop sending, then read until the peer is done.
  asio::awaitable<void> linger() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(linger_timeout);
    co_await read_to_end();
  }

  asio::awaitable<void> read_to_end() {
    std::array<char, 4096> bytes;
    for (error_code error; !error;) {
      std::size_t size = 0;
      std::tie(error, size) =
          co_await stream_.async_read_some(asio::buffer(bytes), as_result);
    }
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  server_state& state_;
};

} // namespace

server_state::server_state(options given)
  : settings(std::move(given)),
    recorded(settings.max_events, settings.max_event_bytes),
    rejected(max_rejected, max_rejected_bytes),
    callbacks(settings.callback_secret, settings.allow_remote,
              settings.max_callbacks) {}

asio::awaitable<void> serve(tcp::socket socket, server_state& state) {
  session one(std::move(socket), state);
  co_await one.run();
}

} // namespace mfo::devserver
