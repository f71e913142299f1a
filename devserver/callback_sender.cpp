#include "devserver/callback_sender.hpp"

#include "devserver/loopback.hpp"
#include "http/beast_client.hpp"
#include "http/origin.hpp"
#include "signatures/signer.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace mfo::devserver {

namespace {

namespace asio = boost::asio;
using client_ptr = std::shared_ptr<http::client>;

constexpr std::size_t max_in_flight = 16;
constexpr std::size_t max_origins = 64; ///< beyond, one's connection closes
constexpr std::chrono::milliseconds patience{5'000};

/// Nothing: they are not signed.
std::optional<config::signature_settings>
signature_with(const std::optional<std::string>& secret) {
  if (!secret)
    return std::nullopt;
  config::signature_settings settings;
  settings.secrets.emplace_back(*secret);
  return settings;
}

struct callback {
  std::string url;
  std::string body;
};

} // namespace

class callback_sender::impl {
public:
  impl(const std::optional<std::string>& secret, bool remote, std::size_t most)
    : signature_(signature_with(secret)), allow_remote_(remote),
      max_waiting_(most) {}

  tl::expected<void, std::string> check(std::string_view url) const {
    const auto parts = http::parse_url(url);
    if (!parts)
      return tl::unexpected(parts.error());
    if (!allow_remote_ && !is_loopback_host(parts->server.host))
      return tl::unexpected<std::string>(
          "it leads to another machine, which the dev-server does not call "
          "(--allow-remote insists)");
    return {};
  }

  void post(callback one) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(one));
    if (waiting_.size() > max_waiting_) {
      waiting_.pop_front();
      ++counts_.dropped;
    }
    if (!io_)
      start();
    asio::post(*io_, [this] { send_more(); });
  }

  counts count() const {
    const std::lock_guard lock(mutex_);
    auto now = counts_;
    now.waiting = waiting_.size() + in_flight_;
    return now;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      counts_.dropped += waiting_.size();
      waiting_.clear();
    }
    if (!io_)
      return;
    // Closes the connections: what is being sent is answered, as failed, and
    // the thread runs out of work.
    asio::post(*io_, [this] { clients_.clear(); });
    work_.reset();
    thread_.join();
    io_.reset();
  }

private:
  void start() {
    io_ = std::make_unique<asio::io_context>(1);
    work_.emplace(io_->get_executor());
    thread_ = std::thread([this] { io_->run(); });
  }

  /// On the thread.
  void send_more() {
    while (auto next = take())
      send(*std::move(next));
  }

  std::optional<callback> take() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty() || in_flight_ == max_in_flight)
      return std::nullopt;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    ++in_flight_;
    return next;
  }

  void send(callback one) {
    const auto to = http::parse_url(one.url);
    const auto client = to ? client_for(to->server) : nullptr;
    if (!client)
      return finish(false);
    http::client_request request;
    request.target = to->target;
    request.headers = {{"Content-Type", "application/json"}};
    if (signature_)
      for (auto& field : signatures::sign(*signature_, {.body = one.body}))
        request.headers.add(field.first, field.second);
    request.body = std::make_shared<const std::string>(std::move(one.body));
    request.timeout = patience;
    client->send(std::move(request), [this](const http::client_result& result) {
      finish(result && result->status >= 200 && result->status < 300);
      send_more();
    });
  }

  void finish(bool sent) {
    const std::lock_guard lock(mutex_);
    --in_flight_;
    ++(sent ? counts_.sent : counts_.failed);
  }

  client_ptr client_for(const http::origin& server) {
    auto url = server.url();
    if (const auto known = clients_.find(url); known != clients_.end())
      return known->second;
    if (clients_.size() == max_origins)
      clients_.erase(clients_.begin());
    http::client_config config;
    config.server = server;
    config.max_connections = 1; // which keeps the order
    config.max_waiting = max_in_flight;
    config.user_agent = "mfo-dev-server";
    auto made = http::make_beast_client(*io_, std::move(config));
    return made ? clients_.emplace(std::move(url), *made).first->second
                : nullptr;
  }

  const std::optional<config::signature_settings> signature_;
  const bool allow_remote_;
  const std::size_t max_waiting_;

  mutable std::mutex mutex_;
  std::deque<callback> waiting_; ///< guarded by mutex_
  std::size_t in_flight_ = 0;    ///< guarded by mutex_
  counts counts_;                ///< guarded by mutex_

  std::unique_ptr<asio::io_context> io_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>>
      work_;
  std::map<std::string, client_ptr> clients_; ///< the thread's
  std::thread thread_;
};

callback_sender::callback_sender(const std::optional<std::string>& secret,
                                 bool allow_remote, std::size_t max_waiting)
  : impl_(std::make_unique<impl>(secret, allow_remote, max_waiting)) {}

// NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
callback_sender::~callback_sender() {
  stop();
}

tl::expected<void, std::string>
callback_sender::check(std::string_view url) const {
  return impl_->check(url);
}

void callback_sender::post(std::string url, std::string body) {
  impl_->post({std::move(url), std::move(body)});
}

callback_sender::counts callback_sender::count() const {
  return impl_->count();
}

void callback_sender::stop() {
  impl_->stop();
}

} // namespace mfo::devserver
