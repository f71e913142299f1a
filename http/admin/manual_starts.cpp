#include "http/admin/manual_starts.hpp"

#include "http/admin/problem.hpp"
#include "http/admin/run_json.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace mfo::http {

namespace {

int status_of(start_refusal::reason why) {
  switch (why) {
  case start_refusal::reason::unknown:
    return 404;
  case start_refusal::reason::no_trigger:
    return 409;
  case start_refusal::reason::bad_input:
    return 422;
  case start_refusal::reason::full:
    break;
  }
  return 503;
}

answer to_answer(const start_refusal& refusal) {
  auto value = problem(status_of(refusal.why), refusal.detail);
  if (value.status == 503)
    value.retry_after = std::chrono::seconds{1};
  return value;
}

answer running(const std::string& run) {
  auto value = json_answer({{"run", run}, {"state", "running"}}, 202);
  value.fields.emplace_back("Location", "/api/v1/runs/" + run);
  return value;
}

} // namespace

manual_starts::manual_starts(boost::asio::io_context& io, task_control control)
  : io_(io), control_(std::move(control)),
    gate_(std::make_shared<io_gate>(io)) {}

manual_starts::~manual_starts() {
  gate_->close();
}

void manual_starts::start(manual_start what, milliseconds wait,
                          send_function send, note_function note) {
  const auto of = next_++;
  callers_.emplace(
      of, caller{std::move(send), wait, boost::asio::steady_timer{io_}});
  await(of, begin_time);
  // The engine holds nothing of the connection: what it says late, or never,
  // is no harm.
  task_control::ended_function on_end;
  if (wait.count() > 0)
    on_end = [this, of, gate = gate_](run_end end) {
      gate->pass([this, of, end = std::move(end)]() mutable {
        ended(of, std::move(end));
      });
    };
  control_.start(
      std::move(what),
      [this, of, gate = gate_,
       note = std::move(note)](tl::expected<std::string, start_refusal> run) {
        gate->pass([this, of, note, run = std::move(run)]() mutable {
          if (note)
            note(run);
          begun(of, std::move(run));
        });
      },
      std::move(on_end));
}

void manual_starts::begun(number of,
                          tl::expected<std::string, start_refusal> result) {
  const auto at = callers_.find(of);
  if (at == callers_.end())
    return;
  if (!result)
    return finish(of, to_answer(result.error()));
  auto& waiting = at->second;
  waiting.run = *std::move(result);
  if (waiting.end)
    return finish(of, json_answer(to_json(waiting.run, *waiting.end)));
  if (waiting.wait.count() == 0)
    return finish(of, running(waiting.run));
  await(of, waiting.wait);
}

void manual_starts::ended(number of, run_end end) {
  const auto at = callers_.find(of);
  if (at == callers_.end())
    return;
  if (at->second.run.empty())
    at->second.end = std::move(end);
  else
    finish(of, json_answer(to_json(at->second.run, end)));
}

void manual_starts::await(number of, milliseconds time) {
  auto& timer = callers_.at(of).timer;
  timer.expires_after(time);
  timer.async_wait([this, of](const boost::system::error_code& error) {
    if (!error)
      out_of_time(of);
  });
}

void manual_starts::out_of_time(number of) {
  const auto at = callers_.find(of);
  if (at == callers_.end())
    return;
  if (at->second.run.empty())
    finish(of, to_answer({start_refusal::reason::full,
                          "The engine does not say whether it begins."}));
  else
    finish(of, running(at->second.run));
}

void manual_starts::finish(number of, answer with) {
  const auto send = std::move(callers_.at(of).send);
  callers_.erase(of);
  send(std::move(with));
}

} // namespace mfo::http
