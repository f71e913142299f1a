// The calls of runs: how they go out, and who is told what comes back.

#include "actors/flow_calls.hpp"
#include "actors/flow_runner_parts.hpp"
#include "core/envelope.hpp"
#include "core/event_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace mfo::actors {

namespace {

using taskflow::json;

} // namespace

void flow_runner::act(one_run& run, taskflow::run::action action) {
  using kind = taskflow::run::action::kind;
  if (action.what == kind::cancel) {
    if (const auto found = run.calls.find(action.id);
        found != run.calls.end()) {
      host_.cancel(found->second);
      forget(run, action.id);
    }
    return;
  }
  action.deadline = std::min(action.deadline, run.event->deadline);
  const auto number = ++last_number_;
  run.calls.emplace(action.id, number);
  calls_.emplace(number,
                 std::make_unique<one_call>(one_call{.run = run.number,
                                                     .id = action.id,
                                                     .request = action.request,
                                                     .path = action.path}));
  deps_.report->call_began();
  if (is_api_call(action.request))
    call(run, action, number);
  else if (std::holds_alternative<taskflow::event_call>(action.request))
    forward(run, action, number);
  else
    host_.ask(std::move(action.request), action.deadline, run.info, action.path,
              number);
}

void flow_runner::forget(one_run& run, taskflow::call_id id) {
  const auto found = run.calls.find(id);
  calls_.erase(found->second);
  run.calls.erase(found);
  deps_.report->call_ended();
}

void flow_runner::call(one_run& run, taskflow::run::action& action,
                       std::uint64_t number) {
  const auto& name = run.event->endpoint->server;
  const auto server =
      std::ranges::find(deps_.servers, name, &config::server_settings::name);
  auto made = server != deps_.servers.end()
                  ? to_api_call(action.request, *server)
                  : tl::unexpected{taskflow::call_failure{
                        .code = "internal_error",
                        .message = "no such server: " + name,
                        .transient = false}};
  if (!made) {
    forget(run, action.id);
    run.at_once.emplace_back(action.id,
                             tl::unexpected{std::move(made.error())});
    return;
  }
  // The same whenever the same task of the same event asks for the same: a
  // server that knows it again does not do it twice.
  const auto key = core::delivery_uuid(
      run.info.id, fmt::format("{}\n{} {}\n{}", action.path, made->method,
                               made->target, made->body ? *made->body : ""));
  auto request = std::make_shared<const api_request>(
      api_request{.call = *std::move(made),
                  .id = key,
                  .traceparent = deps_.report->place_of(run.info, action.path),
                  .tracestate = run.event->tracestate,
                  .deadline = action.deadline});
  calls_.at(number)->sent = request;
  host_.call(name, std::move(request), action.path, number);
}

void flow_runner::forward(one_run& run, taskflow::run::action& action,
                          std::uint64_t number) {
  auto& what = std::get<taskflow::event_call>(action.request);
  auto event = run.event;
  if (what.payload || !what.type.empty()) {
    const auto text = what.payload ? what.payload->dump() : std::string{};
    event = core::derive(
        *run.event,
        {.payload =
             what.payload ? std::string_view{text} : run.event->payload(),
         .type = what.type.empty() ? run.event->type()
                                   : std::string_view{what.type},
         .source = fmt::format("taskflow/{}/{}", run.info.workflow->name,
                               run.info.flow().id),
         .name = run.info.workflow->name + "\n" + run.info.trigger + "\n" +
                 action.path});
  }
  calls_.at(number)->event = event;
  host_.forward(run.event->endpoint->server, std::move(event), action.path,
                number);
}

void flow_runner::called(std::uint64_t number, const api_result& result) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto& it = *found->second;
  if (!it.second) {
    const auto& run = *runs_.at(it.run);
    const auto server =
        std::ranges::find(deps_.servers, run.event->endpoint->server,
                          &config::server_settings::name);
    if (auto next = next_api_call(it.request, *server, result)) {
      it.second = true;
      auto request = *it.sent;
      request.call = *std::move(next);
      request.id += "-2"; // it is another one
      it.sent = std::make_shared<const api_request>(std::move(request));
      return host_.call(server->name, it.sent, it.path, number);
    }
  }
  give(number, result_of(it.request, result));
}

void flow_runner::forwarded(std::uint64_t number, const core::outcome& result) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto& it = *found->second;
  if (it.run == 0) {
    const auto done = std::move(it.done);
    calls_.erase(found);
    deps_.report->call_ended();
    return done(result);
  }
  if (result.error)
    return give(number, tl::unexpected{failure_of(result)});
  const auto event = it.event;
  if (event != runs_.at(it.run)->event)
    if (const auto passed_on = host_.emit(event); passed_on.error)
      return give(number, tl::unexpected{failure_of(passed_on)});
  give(number, std::make_shared<const json>(json{{"event_id", event->id}}));
}

void flow_runner::answered(std::uint64_t number, taskflow::call_result result) {
  if (calls_.contains(number))
    give(number, std::move(result));
}

/// Tells the run that waits.
void flow_runner::give(std::uint64_t number, taskflow::call_result result) {
  const auto id = calls_.at(number)->id;
  auto& it = *runs_.at(calls_.at(number)->run);
  forget(it, id);
  it.run->finished(id, std::move(result), host_.now());
  proceed(it.number);
}

} // namespace mfo::actors
