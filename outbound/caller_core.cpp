#include "outbound/caller_core.hpp"

#include "http/beast_client.hpp"
#include "http/beast_tls.hpp"
#include "outbound/call_reply.hpp"
#include "outbound/call_request.hpp"
#include "telemetry/version.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace mfo::outbound {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using taskflow::call_failure;

/// Clients that nobody uses at the moment.
constexpr std::size_t kept_clients = 32;

call_failure final_failure(std::string code, std::string message,
                           bool refused) {
  return {.code = std::move(code),
          .message = std::move(message),
          .refused = refused,
          .transient = false};
}

} // namespace

caller_core::caller_core(asio::io_context& io,
                         const config::http_call_settings& settings,
                         http::trust_store trust, http::name_lookup look_up)
  : io_(io), settings_(settings), rules_(settings),
    look_up_(std::move(look_up)), strand_(asio::make_strand(io)),
    trust_(std::move(trust)),
    shelf_([this](const auto& server) { return make_client(server); },
           kept_clients) {}

call_handle caller_core::send(taskflow::http_request_call call,
                              http_caller::time_point deadline,
                              call_callback done) {
  auto on_cancel = [weak = weak_from_this()](const call_ptr& which) {
    const auto self = weak.lock();
    if (!self)
      return;
    asio::post(self->strand_, [self, which] { self->give_up(which); });
  };
  auto next =
      std::make_shared<pending_call>(std::move(done), std::move(on_cancel));
  next->deadline = std::min(deadline, steady_clock::now() + settings_.timeout);
  auto fault = prepare(*next, std::move(call));
  asio::post(strand_,
             [self = shared_from_this(), next, fault = std::move(fault)] {
               if (fault)
                 next->settle(tl::unexpected(*fault));
               else
                 self->admit(next);
             });
  return call_handle{next};
}

std::optional<call_failure>
caller_core::prepare(pending_call& next,
                     taskflow::http_request_call call) const {
  auto url = parse_call_url(call.url);
  if (!url)
    return final_failure("bad_url", std::move(url.error()), false);
  if (auto why = rules_.why_not(*url))
    return final_failure("not_allowed", *std::move(why), true);
  next.accept = std::move(call.accept_statuses);
  auto request = make_request(std::move(call), url->target);
  if (!request)
    return std::move(request.error());
  next.request = *std::move(request);
  next.url = *std::move(url);
  return std::nullopt;
}

tl::expected<std::shared_ptr<http::client>, std::string>
caller_core::make_client(const http::origin& server) {
  if (server.tls && !trust_) {
    auto made = http::make_trust_store({});
    if (!made)
      return tl::unexpected(std::move(made.error()));
    trust_ = *std::move(made);
  }
  http::client_config config;
  config.server = server;
  config.connect_timeout = settings_.connect_timeout;
  config.max_connections = settings_.max_in_flight;
  config.max_response = settings_.max_response;
  config.trust = trust_;
  config.user_agent = "mfo-node/" + std::string{telemetry::version};
  config.look_up = look_up_;
  // A copy: connections may be there longer than this.
  config.check_addresses = [rules = rules_](const auto& addresses) {
    return rules.why_not(addresses);
  };
  return http::make_beast_client(io_, std::move(config));
}

void caller_core::admit(const call_ptr& next) {
  if (closed_)
    next->fail("closed", "the node stops");
  else if (running_.size() < settings_.max_in_flight)
    start(next);
  else if (waiting_.size() < settings_.max_waiting)
    wait(next);
  else
    next->fail("busy", "too many calls wait already");
}

void caller_core::wait(const call_ptr& next) {
  if (next->is_settled())
    return;
  waiting_.push_back(next);
  next->timer.emplace(io_, next->deadline);
  next->timer->async_wait(asio::bind_executor(
      strand_, [self = shared_from_this(), next](const auto& ec) {
        if (!ec && self->leave_queue(next))
          next->fail("timeout",
                     next->url.shown() + ": other calls took all the time");
      }));
  publish();
}

/// False: it does not wait any more.
bool caller_core::leave_queue(const call_ptr& which) {
  if (std::erase(waiting_, which) == 0)
    return false;
  which->timer.reset();
  publish();
  return true;
}

void caller_core::start(const call_ptr& next) {
  next->timer.reset();
  if (next->is_settled())
    return;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      next->deadline - steady_clock::now());
  if (left.count() <= 0)
    return next->fail("timeout", next->url.shown() + ": no time is left");
  auto client = shelf_.take(next->url.server);
  if (!client)
    return next->settle(
        tl::unexpected(final_failure("tls", client.error(), false)));
  next->client = *std::move(client);
  next->ticket = ++last_ticket_;
  next->request.timeout = left;
  next->request.ticket = next->ticket;
  running_.emplace(next->ticket, next);
  publish();
  next->client->send(
      std::move(next->request),
      [self = shared_from_this(), next](http::client_result result) {
        asio::post(self->strand_,
                   [self, next, result = std::move(result)]() mutable {
                     self->finish(next, std::move(result));
                   });
      });
}

void caller_core::finish(const call_ptr& call, http::client_result result) {
  running_.erase(call->ticket);
  call->client.reset();
  shelf_.give_back(call->url.server);
  while (!waiting_.empty() && running_.size() < settings_.max_in_flight) {
    const auto next = waiting_.front();
    waiting_.pop_front();
    start(next);
  }
  publish();
  if (call->is_settled())
    return;
  const auto host = call->url.shown();
  if (result)
    call->settle(make_result(*std::move(result), call->accept, host));
  else
    call->settle(tl::unexpected(make_failure(result.error(), host)));
}

void caller_core::give_up(const call_ptr& which) {
  if (which->client)
    which->client->cancel(which->ticket);
  else
    leave_queue(which);
}

void caller_core::close() {
  asio::post(strand_, [self = shared_from_this()] { self->shut_down(); });
}

void caller_core::shut_down() {
  closed_ = true;
  shelf_.keep(0);
  for (const auto& next : std::exchange(waiting_, {})) {
    next->timer.reset();
    next->fail("closed", "the node stops");
  }
  const auto running = running_;
  for (const auto& [ticket, call] : running) {
    call->client->cancel(ticket);
    call->fail("closed", "the node stops");
  }
  publish();
}

caller_stats caller_core::stats() const noexcept {
  return {in_flight_count_, waiting_count_, hosts_count_};
}

void caller_core::publish() noexcept {
  in_flight_count_ = running_.size();
  waiting_count_ = waiting_.size();
  hosts_count_ = shelf_.size();
}

} // namespace mfo::outbound
