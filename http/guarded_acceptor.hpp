#pragma once

#include "http/guarded_socket.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <restinio/all.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace mfo::http {

struct guarded_traits
  : restinio::traits_t<restinio::asio_timer_manager_t, restinio::null_logger_t,
                       restinio::default_request_handler_t,
                       restinio::noop_strand_t, guarded_socket> {};

/// Until it is tried again to accept, after that has failed.
constexpr std::chrono::milliseconds accept_again_after{100};

} // namespace mfo::http

namespace restinio {

template <class Settings>
class socket_type_dependent_settings_t<Settings, mfo::http::guarded_socket> {
public:
  Settings& guard(std::shared_ptr<mfo::http::guard_shared> shared) & {
    shared_ = std::move(shared);
    return static_cast<Settings&>(*this);
  }

  [[nodiscard]] std::shared_ptr<mfo::http::guard_shared> guard() const {
    return shared_;
  }

private:
  std::shared_ptr<mfo::http::guard_shared> shared_;
};

namespace impl {

/// In place of RESTinio's own, which never accepts again once that has failed
/// (0.6.16, `call_accept_now`: what is not well is dropped, and with it the
/// next attempt): a moment without a free descriptor (EMFILE, accept(2)), and a
/// node would listen and be deaf for good. Who waits to be accepted is kept
/// waiting by the kernel meanwhile.
///
/// On the thread that runs the io_context.
template <>
class acceptor_t<mfo::http::guarded_traits> final
  : public std::enable_shared_from_this<acceptor_t<mfo::http::guarded_traits>> {
public:
  using traits = mfo::http::guarded_traits;
  using connection_factory_ptr = std::shared_ptr<connection_factory_t<traits>>;
  using error_code = boost::system::error_code;

  template <class Settings>
  acceptor_t(Settings& settings, asio_ns::io_context& io,
             connection_factory_ptr factory, null_logger_t&)
    : io_(io), shared_(settings.guard()), port_(settings.port()),
      host_(get<std::string>(settings.address())),
      set_options_(settings.acceptor_options_setter()),
      bound_(settings.giveaway_acceptor_post_bind_hook()), acceptor_(io),
      executor_(io.get_executor()), again_(io), factory_(std::move(factory)),
      next_(io, shared_) {}

  /// Throws if it cannot listen.
  void open() {
    const asio_ns::ip::tcp::endpoint endpoint{address_of(host_), port_};
    acceptor_.open(endpoint.protocol());
    acceptor_options_t options{acceptor_};
    (*set_options_)(options);
    acceptor_.bind(endpoint);
    bound_(acceptor_);
    acceptor_.listen(asio_ns::socket_base::max_listen_connections);
    accept();
  }

  void close() {
    again_.cancel();
    error_code ignored;
    acceptor_.close(ignored);
  }

  auto& get_open_close_operations_executor() noexcept {
    return executor_;
  }

private:
  using monitor = connection_count_limit_types<traits>::lifetime_monitor_t;

  static asio_ns::ip::address address_of(const std::string& host) {
    if (host == "localhost")
      return asio_ns::ip::address_v4::loopback();
    if (host == "ip6-localhost")
      return asio_ns::ip::address_v6::loopback();
    return asio_ns::ip::make_address(host);
  }

  void accept() {
    acceptor_.async_accept(
        next_.lowest_layer(),
        [self = shared_from_this()](const error_code& failure) {
          self->accepted(failure);
        });
  }

  void accepted(const error_code& failure) {
    if (!acceptor_.is_open())
      return;
    if (failure)
      return accept_later();
    try {
      take(std::exchange(next_, mfo::http::guarded_socket{io_, shared_}));
    } catch (const std::exception&) { // of memory; the connection is closed
      return accept_later();
    }
    accept();
  }

  void accept_later() {
    shared_->accept_failures.fetch_add(1);
    again_.expires_after(mfo::http::accept_again_after);
    again_.async_wait([self = shared_from_this()](const error_code& cancelled) {
      if (!cancelled && self->acceptor_.is_open())
        self->accept();
    });
  }

  void take(mfo::http::guarded_socket socket) {
    error_code gone;
    const auto peer = socket.lowest_layer().remote_endpoint(gone);
    if (gone)
      return;
    auto connection = factory_->create_new_connection(std::move(socket), peer,
                                                      monitor{nullptr});
    connection->init();
  }

  asio_ns::io_context& io_;
  std::shared_ptr<mfo::http::guard_shared> shared_;
  std::uint16_t port_;
  std::string host_;
  std::unique_ptr<acceptor_options_setter_t> set_options_;
  acceptor_post_bind_hook_t bound_;
  asio_ns::ip::tcp::acceptor acceptor_;
  default_asio_executor executor_;
  asio_ns::steady_timer again_; ///< while it does not accept
  connection_factory_ptr factory_;
  mfo::http::guarded_socket next_; ///< the connection that comes next
};

} // namespace impl

} // namespace restinio
