#include "node/testing/other_side.hpp"

#include "casebook/compare.hpp"
#include "core/text.hpp"
#include "devserver/api.hpp"
#include "http/origin.hpp"
#include "outbound/call_reply.hpp"
#include "outbound/call_request.hpp"
#include "outbound/call_url.hpp"
#include "outbound/reach_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

namespace mfo::node {

namespace {

using casebook::seen_call;
using casebook::stub;
using std::chrono::milliseconds;

/// Of what a server records of itself; nobody asks for it.
constexpr std::size_t records = 16;
constexpr std::size_t record_bytes = 1024 * 1024;
/// Of what waits to go to subscribers: nothing does.
constexpr std::size_t callbacks_waiting = 1;

http::client_result failed(http::client_errc code, bool sent) {
  return tl::unexpected{http::client_error{
      .code = code, .detail = "the case says so", .sent = sent}};
}

/// Whether a failure of this kind comes after the request.
bool is_after_sending(http::client_errc code) noexcept {
  return code == http::client_errc::timeout ||
         code == http::client_errc::reply_broken ||
         code == http::client_errc::reply_too_large;
}

std::string_view path_of(std::string_view target) noexcept {
  return target.substr(0, target.find('?'));
}

/// What the dev-server is, without its sockets.
class stand_in {
public:
  explicit stand_in(devserver::replies replies)
    : options_(options_with(std::move(replies))) {}

  http::client_response answer(const seen_call& call,
                               const std::string& target) {
    devserver::request request{
        .method = call.method, .target = target, .headers = {}, .body = {}};
    for (const auto& [name, value] : call.headers)
      request.headers.add(core::lower_case(name), value);
    request.body = call.body;
    auto reply = api_.answer(request, 0);
    http::client_response made{
        .status = reply.status, .headers = {}, .body = std::move(reply.body)};
    for (const auto& [name, value] : reply.headers)
      made.headers.add(name, value);
    made.headers.add("Content-Type", reply.content_type);
    if (reply.pieces)
      for (auto piece = reply.pieces(); !piece.empty(); piece = reply.pieces())
        made.body += piece;
    return made;
  }

private:
  /// Its tokens are good by the machine's time, which a node holds them to.
  static devserver::options options_with(devserver::replies replies) {
    devserver::options made;
    made.canned = std::move(replies);
    return made;
  }

  devserver::options options_;
  devserver::event_log recorded_{records, record_bytes};
  devserver::event_log rejected_{records, record_bytes};
  devserver::callback_sender callbacks_{std::nullopt, false, callbacks_waiting};
  devserver::api api_{options_, recorded_, rejected_, callbacks_};
};

class other_side_impl final
  : public other_side,
    public std::enable_shared_from_this<other_side_impl> {
public:
  other_side_impl(std::shared_ptr<test_time> time, std::vector<stub> stubs,
                  devserver::replies replies)
    : time_(std::move(time)), stubs_(std::move(stubs)),
      server_(std::move(replies)) {}

  client_factory clients() override;
  std::shared_ptr<outbound::http_caller>
  caller(const config::http_call_settings& settings) override;

  std::vector<seen_call> take_calls() override {
    const std::lock_guard lock{mutex_};
    return std::exchange(calls_, {});
  }

  /// `target`: to the stand-in server; nothing: it is none of its own. `done`
  /// is called within this where nothing takes any time.
  void answer(seen_call call, std::optional<std::string> target,
              milliseconds timeout, const http::client_callback& done) {
    auto [result, delay] = find_answer(std::move(call), target, timeout);
    if (delay == milliseconds{0})
      return done(std::move(result));
    time_->after(delay, [done, late = std::move(result)] { done(late); });
  }

  [[nodiscard]] const std::shared_ptr<test_time>& time() const noexcept {
    return time_;
  }

private:
  using timed_result = std::pair<http::client_result, milliseconds>;

  timed_result find_answer(seen_call call,
                           const std::optional<std::string>& target,
                           milliseconds timeout) {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find_if(stubs_, [&](const stub& each) {
      return each.times != 0U && casebook::fits(each, call);
    });
    timed_result result{failed(http::client_errc::connect_failed, false),
                        milliseconds{0}};
    if (found != stubs_.end()) {
      if (found->times)
        --*found->times;
      result = what_it_says(*found, timeout);
    } else if (target) {
      result.first = server_.answer(call, *target);
    } else {
      result.first.error().detail = "the case has no stub for it";
    }
    if (call.operation != "login")
      calls_.push_back(std::move(call));
    return result;
  }

  static timed_result what_it_says(const stub& what, milliseconds timeout) {
    using http::client_errc;
    if (what.failure == client_errc::timeout || what.delay >= timeout)
      return {failed(client_errc::timeout, true), timeout};
    if (what.failure)
      return {failed(*what.failure, is_after_sending(*what.failure)),
              what.delay};
    return {http::client_response{.status = what.status,
                                  .headers = what.headers,
                                  .body = what.body},
            what.delay};
  }

  std::shared_ptr<test_time> time_;
  std::mutex mutex_; ///< guards the rest
  std::vector<stub> stubs_;
  stand_in server_;
  std::vector<seen_call> calls_;
};

/// One server's.
class stub_client final : public http::client {
public:
  stub_client(std::shared_ptr<other_side_impl> side,
              config::server_settings server)
    : side_(std::move(side)), server_(std::move(server)) {}

  void send(http::client_request request, http::client_callback done) override {
    seen_call call{.server = server_.name,
                   .operation = {},
                   .method = request.method,
                   .target = request.target,
                   .headers = std::move(request.headers),
                   .body = request.body ? *request.body : std::string{}};
    call.operation = casebook::operation_of(server_.paths, call.method,
                                            path_of(call.target), call.body);
    auto target = request.target;
    if (call.operation == "login" || is_login(call)) {
      call.operation = "login";
      const bool is_oauth = call.body.find("grant_type=") != std::string::npos;
      target = is_oauth ? "/oauth/token" : "/api/login";
    }
    side_->answer(std::move(call), std::move(target), request.timeout,
                  [done = std::move(done),
                   on_data = request.on_data](http::client_result result) {
                    if (result && on_data && result->status / 100 == 2)
                      on_data(std::exchange(result->body, {}));
                    done(std::move(result));
                  });
  }

  void close() override {}

private:
  /// OAuth's has a path of its own.
  [[nodiscard]] bool is_login(const seen_call& call) const {
    return call.operation.empty() && call.method == "POST" &&
           call.headers.first("Idempotency-Key").empty();
  }

  std::shared_ptr<other_side_impl> side_;
  config::server_settings server_;
};

class stub_caller final : public outbound::http_caller {
public:
  stub_caller(std::shared_ptr<other_side_impl> side,
              const config::http_call_settings& settings)
    : side_(std::move(side)), rules_(settings), timeout_(settings.timeout) {}

  outbound::call_handle send(taskflow::http_request_call call,
                             time_point deadline,
                             outbound::call_callback done) override {
    const auto left = std::chrono::duration_cast<milliseconds>(
        deadline - side_->time()->now().steady);
    const auto timeout =
        std::clamp(left, milliseconds{1}, milliseconds{timeout_});
    auto which = std::make_shared<pending>();
    // Never within this.
    side_->time()->after(milliseconds{0}, [side = side_, rules = &rules_, which,
                                           call = std::move(call), timeout,
                                           done = std::move(done)]() mutable {
      begin(*side, *rules, std::move(call), timeout,
            [which, done = std::move(done)](taskflow::call_result result) {
              if (!which->cancelled)
                done(std::move(result));
            });
    });
    return outbound::call_handle{which};
  }

  void close() override {}

  outbound::caller_stats stats() const noexcept override {
    return {};
  }

private:
  struct pending final : outbound::call_handle::call {
    void cancel() override {
      cancelled = true;
    }
    std::atomic<bool> cancelled = false;
  };

  static taskflow::call_result
  final_failure(std::string code, std::string message, bool refused) {
    return tl::unexpected{taskflow::call_failure{.code = std::move(code),
                                                 .message = std::move(message),
                                                 .refused = refused,
                                                 .transient = false}};
  }

  /// As outbound/caller_core.cpp has it.
  static void begin(other_side_impl& side, const outbound::reach_rules& rules,
                    taskflow::http_request_call call, milliseconds timeout,
                    outbound::call_callback done) {
    auto url = outbound::parse_call_url(call.url);
    if (!url)
      return done(final_failure("bad_url", std::move(url.error()), false));
    if (auto why = rules.why_not(*url))
      return done(final_failure("not_allowed", *std::move(why), true));
    const auto accept = std::move(call.accept_statuses);
    auto request = outbound::make_request(std::move(call), url->target);
    if (!request)
      return done(tl::unexpected{std::move(request.error())});
    seen_call seen{.server = {},
                   .operation = {},
                   .method = request->method,
                   .target = fmt::format("{}://{}{}",
                                         url->server.tls ? "https" : "http",
                                         url->shown(), url->target),
                   .headers = std::move(request->headers),
                   .body = request->body ? *request->body : std::string{}};
    side.answer(
        std::move(seen), own_target(*url), timeout,
        [accept, host = url->shown(),
         done = std::move(done)](http::client_result result) {
          if (result)
            done(outbound::make_result(*std::move(result), accept, host));
          else
            done(tl::unexpected{outbound::make_failure(result.error(), host)});
        });
  }

  /// On this machine there is nothing but the stand-in server.
  static std::optional<std::string> own_target(const outbound::call_url& url) {
    const bool is_here =
        url.server.host == "localhost" ||
        (url.address && url.address->to_string().starts_with("127."));
    return is_here ? std::optional{url.target} : std::nullopt;
  }

  std::shared_ptr<other_side_impl> side_;
  outbound::reach_rules rules_;
  milliseconds timeout_;
};

client_factory other_side_impl::clients() {
  return [me = shared_from_this()](boost::asio::io_context&,
                                   const config::server_settings& server,
                                   const std::string&)
             -> tl::expected<std::shared_ptr<http::client>, std::string> {
    return std::make_shared<stub_client>(me, server);
  };
}

std::shared_ptr<outbound::http_caller>
other_side_impl::caller(const config::http_call_settings& settings) {
  return std::make_shared<stub_caller>(shared_from_this(), settings);
}

} // namespace

std::shared_ptr<other_side> other_side::make(std::shared_ptr<test_time> time,
                                             std::vector<stub> stubs,
                                             devserver::replies replies) {
  return std::make_shared<other_side_impl>(std::move(time), std::move(stubs),
                                           std::move(replies));
}

} // namespace mfo::node
