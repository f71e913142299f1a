#include "http/moving_server.hpp"

#include <algorithm>
#include <utility>

namespace mfo::http {

namespace {

/// A handshake that has begun has so long to end. Less than the second after
/// which a SYN without an answer is sent again (RFC 6298, section 2.1): who
/// begins one meanwhile is late by no more than that second.
constexpr std::chrono::milliseconds longest_handshake{500};

/// The same where nobody listens afterwards, and the process waits for it to
/// end: longer than most round trips.
constexpr std::chrono::milliseconds last_handshake{100};

/// For those who came last to say what they want.
constexpr std::chrono::milliseconds longest_farewell{100};
constexpr std::chrono::milliseconds farewell_pause{5};

} // namespace

moving_server::moving_server(boost::asio::io_context& io,
                             std::shared_ptr<guard_shared> guard,
                             std::chrono::milliseconds longest_answer,
                             guarded_server::handler handle)
  : io_(io), guard_(std::move(guard)), longest_answer_(longest_answer),
    handle_(std::move(handle)) {}

tl::expected<void, std::string>
moving_server::open(const config::listen_address& address) {
  return listen_on(address, false)
      .map([&](std::unique_ptr<guarded_server> opened) {
        use(std::move(opened), address);
      });
}

tl::expected<void, std::string>
moving_server::bind(const config::listen_address& address) {
  if (address == address_)
    return {};
  // All addresses of this host and one of them are in each other's way, and so
  // is who has retired from there, for as long as that takes.
  const auto same_port = [&](const auto& one) {
    return address.port != 0 && one->port() == address.port;
  };
  const bool stays = same_port(server_);
  if (stays)
    server_->share_port();
  const bool shares = stays || std::ranges::any_of(former_, same_port);
  return listen_on(address, shares)
      .map([&](std::unique_ptr<guarded_server> opened) {
        next_ = std::move(opened);
        next_address_ = address;
      });
}

void moving_server::unbind() {
  if (next_)
    let_go(std::move(next_));
}

void moving_server::move() {
  if (!next_)
    return;
  let_go(std::move(server_));
  use(std::move(next_), next_address_);
}

void moving_server::close() {
  for (const auto& each : former_)
    each->close();
  if (server_)
    server_->close();
}

void moving_server::finish() {
  server_->retire(last_handshake, [this] {
    farewell_.emplace(io_);
    close_when_all_have_gone(std::chrono::steady_clock::now() +
                             longest_farewell);
  });
}

void moving_server::close_when_all_have_gone(
    std::chrono::steady_clock::time_point end) {
  if (guard_->connections.load() == 0 ||
      std::chrono::steady_clock::now() >= end)
    return close();
  farewell_->expires_after(farewell_pause);
  farewell_->async_wait([this, end](boost::system::error_code ended) {
    if (!ended)
      close_when_all_have_gone(end);
  });
}

tl::expected<std::unique_ptr<guarded_server>, std::string>
moving_server::listen_on(const config::listen_address& address,
                         bool shares_port) {
  return guarded_server::open(
      io_, {address, guard_, longest_answer_, shares_port}, handle_);
}

void moving_server::use(std::unique_ptr<guarded_server> server,
                        const config::listen_address& address) {
  server_ = std::move(server);
  address_ = address;
  port_ = server_->port();
}

void moving_server::let_go(std::unique_ptr<guarded_server> server) {
  auto& one = *former_.emplace_back(std::move(server));
  one.retire(longest_handshake, [this, &one] {
    std::erase_if(former_,
                  [&one](const auto& each) { return each.get() == &one; });
  });
}

} // namespace mfo::http
