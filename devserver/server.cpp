#include "devserver/server.hpp"

#include "config/address.hpp"
#include "devserver/loopback.hpp"
#include "devserver/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <optional>
#include <thread>

namespace mfo::devserver {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

/// Out of file descriptors, most likely: let some connections end first.
constexpr std::chrono::milliseconds accept_pause{50};

asio::awaitable<void> accept_all(tcp::acceptor acceptor, server_state& state) {
  const auto executor = acceptor.get_executor();
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(as_value);
    if (error) {
      asio::steady_timer pause(executor, accept_pause);
      co_await pause.async_wait(as_value);
      continue;
    }
    if (state.connections >= state.settings.max_connections)
      continue; // and the socket is closed
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    asio::co_spawn(executor, serve(std::move(socket), state), asio::detached);
  }
}

tl::expected<asio::ip::address, std::string>
listen_address(const options& settings) {
  error_code error;
  const auto address = settings.host == "localhost"
                           ? asio::ip::address(asio::ip::address_v4::loopback())
                           : asio::ip::make_address(settings.host, error);
  if (error)
    return tl::unexpected(
        fmt::format("{} is no numeric address", settings.host));
  if (!settings.allow_remote && !is_loopback(address))
    return tl::unexpected(fmt::format(
        "{} is no loopback address: the dev-server is not made to face a "
        "network (--allow-remote insists)",
        settings.host));
  return address;
}

std::string written(const tcp::endpoint& endpoint) {
  return config::format_listen_address(
      {endpoint.address().to_string(), endpoint.port()});
}

tl::expected<tcp::acceptor, std::string> listen(asio::io_context& io,
                                                const tcp::endpoint& endpoint) {
  tcp::acceptor acceptor(io);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) // so that connections of a former run don't hold the port
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error)
    acceptor.bind(endpoint, error);
  if (!error)
    acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return tl::unexpected(fmt::format("cannot listen on {}: {}",
                                      written(endpoint), error.message()));
  return acceptor;
}

} // namespace

class server::impl {
public:
  explicit impl(options settings) : state(std::move(settings)) {}

  // NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
  ~impl() {
    stop();
  }

  tl::expected<std::uint16_t, std::string> start() {
    if (io_)
      return tl::unexpected<std::string>("already started");
    const auto address = listen_address(state.settings);
    if (!address)
      return tl::unexpected(address.error());
    auto io = std::make_unique<asio::io_context>(1);
    auto acceptor = listen(*io, {*address, state.settings.port});
    if (!acceptor)
      return tl::unexpected(acceptor.error());
    endpoint = acceptor->local_endpoint();
    asio::co_spawn(*io, accept_all(std::move(*acceptor), state),
                   asio::detached);
    io_ = std::move(io);
    thread_ = std::thread([this] { io_->run(); });
    return endpoint.port();
  }

  void stop() {
    if (!io_)
      return;
    io_->stop();
    thread_.join();
    state.callbacks.stop();
    // Destroys what the coroutines hold: sockets close here.
    io_.reset();
  }

  server_state state; // outlives the coroutines that io_ holds
  tcp::endpoint endpoint;

private:
  std::unique_ptr<asio::io_context> io_;
  std::thread thread_;
};

server::server(options settings)
  : impl_(std::make_unique<impl>(std::move(settings))) {}

server::~server() = default;

tl::expected<std::uint16_t, std::string> server::start() {
  return impl_->start();
}

void server::stop() {
  impl_->stop();
}

std::uint16_t server::port() const noexcept {
  return impl_->endpoint.port();
}

std::string server::url() const {
  return "http://" + written(impl_->endpoint);
}

std::vector<event_ptr> server::events(std::uint64_t since,
                                      std::size_t limit) const {
  return impl_->state.recorded.read(since, limit).events;
}

std::size_t server::count() const {
  return impl_->state.recorded.count().held;
}

std::vector<std::string> server::ids() const {
  std::vector<std::string> ids;
  for (const auto& event : events())
    ids.push_back(event->id);
  return ids;
}

std::vector<event_ptr> server::rejected() const {
  return impl_->state.rejected.read(0, std::numeric_limits<std::size_t>::max())
      .events;
}

void server::clear() {
  impl_->state.recorded.clear();
  impl_->state.rejected.clear();
}

tl::expected<void, std::string> server::set_faults(std::string_view json) {
  auto faults = parse_faults(json);
  if (!faults)
    return tl::unexpected(std::move(faults.error()));
  impl_->state.faults.replace(std::move(*faults));
  return {};
}

void server::clear_faults() {
  impl_->state.faults.replace({});
}

} // namespace mfo::devserver
