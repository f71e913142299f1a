#include "http/guarded_server.hpp"

#include "http/guarded_acceptor.hpp"
#include "http/guarded_socket.hpp"
#include "http/listen_failure.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <linux/filter.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace mfo::http {

// RESTinio is opened to another kind of socket the way its own TLS socket does
// it: by overloads, found by the socket's name space, and by specialisations.

inline restinio::impl::tls_socket_t*
make_tls_socket_pointer_for_state_listener(guarded_socket&) noexcept {
  return nullptr;
}

template <class Connection, class Start, class Failed>
void prepare_connection_and_start_read(guarded_socket& socket,
                                       Connection& connection, Start start,
                                       Failed failed) {
  // Both hold the connection, and with it the socket, while TLS is agreed on.
  socket.begin([start, alive = connection.shared_from_this()] { start(); },
               [failed, alive = connection.shared_from_this()](
                   const boost::system::error_code& error) { failed(error); });
}

} // namespace mfo::http

namespace mfo::http {

namespace {

/// RESTinio's buffer per connection: a usual event's request in one read.
constexpr std::size_t read_buffer_size = 8 * 1024;

/// RESTinio's own time-outs only back ours up, which may change while it runs.
constexpr std::chrono::seconds backstop{60};
constexpr std::chrono::hours longest_read{24};

using share_port_option =
    restinio::asio_ns::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

/// So often somebody else has a turn while connections are still to be
/// accepted.
constexpr int most_turns = 10'000;

/// Has the kernel pass over each SYN that comes to the socket. A connection
/// whose handshake has begun is not touched by it.
void begin_no_handshake(int socket) {
  // Of the TCP header, which is where a filter of a TCP socket begins: its
  // flags (RFC 9293, section 3.1), as linux/filter.h has programs.
  constexpr auto flags = 13;
  std::array program{
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags),
      sock_filter BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TH_SYN | TH_ACK),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TH_SYN, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, 0),
      sock_filter BPF_STMT(BPF_RET | BPF_K, ~0U),
  };
  const sock_fprog filter{program.size(), program.data()};
  ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

class restinio_server final : public guarded_server {
public:
  explicit restinio_server(guarded_server_options options)
    : options_(std::move(options)) {}

  void open(boost::asio::io_context& io, handler handle) {
    server_.emplace(restinio::external_io_context(io), [&](auto& settings) {
      settings.address(options_.address.host)
          .port(options_.address.port)
          .guard(options_.guard)
          .buffer_size(read_buffer_size)
          .read_next_http_message_timelimit(longest_read)
          .handle_request_timeout(options_.longest_answer + backstop)
          .write_http_response_timelimit(backstop)
          .acceptor_options_setter(
              [shares = options_.shares_port](auto& given) {
                given.set_option(
                    restinio::asio_ns::ip::tcp::acceptor::reuse_address(true));
                if (shares)
                  given.set_option(share_port_option{true});
              })
          .socket_options_setter([](auto& options) {
            options.set_option(restinio::asio_ns::ip::tcp::no_delay(true));
          })
          .acceptor_post_bind_hook([this](auto& acceptor) {
            port_ = acceptor.local_endpoint().port();
            socket_ = acceptor.native_handle();
          })
          .request_handler(std::move(handle));
    });
    io_ = &io;
    server_->open_sync();
  }

  std::uint16_t port() const noexcept override {
    return port_;
  }

  void share_port() override {
    const int on = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  }

  void retire(std::chrono::milliseconds handshakes,
              std::function<void()> done) override {
    share_port();
    begin_no_handshake(socket_);
    handshakes_.emplace(*io_, handshakes);
    handshakes_->async_wait([this, done = std::move(done)](
                                boost::system::error_code ended) mutable {
      if (!ended)
        close_when_all_are_accepted(std::move(done), most_turns);
    });
  }

  void close() override {
    handshakes_.reset();
    server_->close_sync();
    options_.guard->open.close_all();
  }

private:
  /// A connection that the kernel has accepted would be reset.
  void close_when_all_are_accepted(std::function<void()> done, int turns) {
    pollfd waiting{socket_, POLLIN, 0};
    if (turns > 0 && ::poll(&waiting, 1, 0) > 0)
      return boost::asio::post(
          *io_, [this, done = std::move(done), turns]() mutable {
            close_when_all_are_accepted(std::move(done), turns - 1);
          });
    server_->close_sync();
    done();
  }

  guarded_server_options options_;
  boost::asio::io_context* io_ = nullptr;
  std::uint16_t port_ = 0;
  int socket_ = -1; ///< that listens
  std::optional<restinio::http_server_t<guarded_traits>> server_;
  std::optional<boost::asio::steady_timer> handshakes_; ///< while it retires
};

} // namespace

tl::expected<std::unique_ptr<guarded_server>, std::string>
guarded_server::open(boost::asio::io_context& io,
                     guarded_server_options options, handler handle) {
  const auto address = options.address;
  auto result = std::make_unique<restinio_server>(std::move(options));
  try {
    result->open(io, std::move(handle));
  } catch (const std::exception& failure) {
    return tl::unexpected{listen_failure(address, failure)};
  }
  return result;
}

} // namespace mfo::http
