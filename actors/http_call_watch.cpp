#include "actors/http_call_watch.hpp"

#include "outbound/call_url.hpp"

#include <utility>

namespace mfo::actors {

namespace {

using std::chrono::steady_clock;

constexpr std::string_view good = "ok";
constexpr std::string_view unwanted = "cancelled";

/// What was never sent, for what it was.
bool kept_from_being_made(std::string_view code) {
  return code == "not_allowed" || code == "bad_url" || code == "bad_request";
}

} // namespace

/// One call; its end is its answer, or that nobody holds it any more.
class http_call_watch::watched {
public:
  watched(std::shared_ptr<http_call_watch> by, subject what)
    : by_(std::move(by)), what_(std::move(what)) {}

  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;

  // NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
  ~watched() {
    if (!ended_)
      by_->ended(what_, nullptr, unwanted, steady_clock::now() - began_);
  }

  void end(const taskflow::call_result& result) {
    ended_ = true;
    const auto* failure = result ? nullptr : &result.error();
    by_->ended(what_, failure, result ? good : result.error().code,
               steady_clock::now() - began_);
  }

private:
  std::shared_ptr<http_call_watch> by_;
  subject what_;
  steady_clock::time_point began_ = steady_clock::now();
  bool ended_ = false;
};

http_call_watch::http_call_watch(telemetry::observer observer,
                                 unsigned refusal_lines)
  : observer_(std::move(observer)),
    lines_(refusal_lines, std::chrono::seconds{1}) {}

http_call_watch::answer_callback
http_call_watch::watch(const taskflow::http_request_call& call,
                       const run_info& run, const std::string& path,
                       answer_callback answer) {
  subject what{.run = run.id,
               .workflow = run.workflow->name,
               .taskflow = run.flow().id,
               .task = path,
               .method = call.method,
               .host = {}};
  if (observer_.log->enabled(config::log_level::debug))
    if (const auto url = outbound::parse_call_url(call.url))
      what.host = url->shown();
  auto one = std::make_shared<watched>(shared_from_this(), std::move(what));
  return [one = std::move(one),
          answer = std::move(answer)](taskflow::call_result result) {
    one->end(result);
    answer(std::move(result));
  };
}

void http_call_watch::ended(const subject& of,
                            const taskflow::call_failure* failure,
                            std::string_view result,
                            steady_clock::duration took) {
  observer_.metrics->http_calls().ended(result, took);
  if (failure != nullptr && kept_from_being_made(failure->code))
    return refused(of, *failure);
  if (!observer_.log->enabled(config::log_level::debug))
    return;
  observer_.log->debug(
      "http_call ended",
      {{"run", of.run},
       {"task", of.task},
       {"method", of.method},
       {"host", of.host},
       {"result", result},
       {"detail", failure != nullptr ? std::string_view{failure->message} : ""},
       {"took_ms", std::chrono::duration<double, std::milli>{took}.count()}});
}

void http_call_watch::refused(const subject& of,
                              const taskflow::call_failure& why) {
  const std::lock_guard lock{mutex_};
  if (!lines_.take(steady_clock::now())) {
    ++left_out_;
    return;
  }
  observer_.log->warn("http_call refused",
                      {{"run", of.run},
                       {"workflow", of.workflow},
                       {"taskflow", of.taskflow},
                       {"task", of.task},
                       {"method", of.method},
                       {"reason", why.code},
                       {"detail", why.message},
                       {"left_out", std::exchange(left_out_, 0)}});
}

} // namespace mfo::actors
