#include "node/taskflow/dry_run.hpp"

#include "node/server_link.hpp"

#include "actors/flow_host.hpp"
#include "actors/flow_report.hpp"
#include "actors/flow_runner.hpp"
#include "core/printable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <deque>
#include <memory>
#include <optional>
#include <regex>
#include <utility>
#include <variant>
#include <vector>

namespace mfo::node {

namespace {

using taskflow::json;

/// "each[3]/file" as "each/file".
std::string without_numbers(const std::string& path) {
  static const std::regex number{R"(\[[0-9]+\])"};
  return std::regex_replace(path, number, "");
}

/// A host whose time passes as fast as it can.
class dry_host final : public actors::flow_host {
public:
  explicit dry_host(const dry_run::options& how) : how_(how) {}

  steady_time now() override {
    return now_;
  }
  double uniform() override {
    return 0.5;
  }

  void call(const std::string& server, actors::api_request_ptr request,
            const std::string& path, std::uint64_t number) override {
    const auto& call = request->call;
    show(path, fmt::format("{} {} of server {}{}", call.method, call.target,
                           server, call.body ? "  " + *call.body : ""));
    answer(path, number);
  }

  void forward(const std::string& server, core::event_ptr event,
               const std::string& path, std::uint64_t number) override {
    show(path, fmt::format("event {} to server {}  {}", event->type(), server,
                           event->payload()));
    answers_.push_back(
        {number, std::make_shared<const json>(json{{"event_id", event->id}})});
  }

  void ask(taskflow::call_request request, steady_time, const actors::run_info&,
           const std::string& path, std::uint64_t number) override {
    if (const auto* http = std::get_if<taskflow::http_request_call>(&request))
      show(path, fmt::format("{} {}{}", http->method, http->url,
                             http->body.empty() ? "" : "  " + http->body));
    else
      show_question(path, std::get<taskflow::question_call>(request));
    answer(path, number);
  }

  void cancel(std::uint64_t number) override {
    std::erase_if(answers_,
                  [number](const auto& each) { return each.number == number; });
  }

  core::outcome emit(core::event_ptr) override {
    return {};
  }

  void wake_at(steady_time when) override {
    wakes_ = when;
  }

  /// Whether there was anything to do.
  bool step(actors::flow_runner& runner) {
    if (!answers_.empty()) {
      auto next = std::move(answers_.front());
      answers_.pop_front();
      runner.answered(next.number, std::move(next.result));
      return true;
    }
    if (!wakes_)
      return false;
    now_ = std::max(now_, *std::exchange(wakes_, std::nullopt));
    runner.wake();
    return true;
  }

private:
  struct pending {
    std::uint64_t number;
    taskflow::call_result result;
  };

  void show(const std::string& path, const std::string& what) const {
    how_.show(core::printable(fmt::format("{}  {}", path, what)));
  }

  void show_question(const std::string& path,
                     const taskflow::question_call& question) const {
    show(path,
         fmt::format(
             "asks: {}{}", question.question,
             question.choices.empty()
                 ? ""
                 : fmt::format("  ({})", fmt::join(question.choices, " / "))));
  }

  void answer(const std::string& path, std::uint64_t number) {
    auto found = how_.results.find(path);
    if (found == how_.results.end())
      found = how_.results.find(without_numbers(path));
    answers_.push_back(
        {number, std::make_shared<const json>(
                     found != how_.results.end() ? found->second : json{})});
  }

  const dry_run::options& how_;
  steady_time now_ = std::chrono::steady_clock::now();
  std::optional<steady_time> wakes_;
  std::deque<pending> answers_;
};

/// A workflow whose secrets may be shown, as there are none.
taskflow::workflow_ptr without_secrets(taskflow::workflow of) {
  for (auto& each : of.secrets)
    each.value = config::secret{"***"};
  return std::make_shared<const taskflow::workflow>(std::move(of));
}

telemetry::observer silent(const config::settings& settings) {
  return {std::make_shared<telemetry::metrics>(
              std::vector<std::string>{}, upstream_names(settings.servers)),
          std::make_shared<telemetry::log>(
              config::log_settings{.level = config::log_level::off},
              [](std::string_view) {})};
}

} // namespace

dry_run::dry_run(options how) : how_(std::move(how)) {}

actors::flow_result dry_run::run(actors::flow_request what) {
  what.workflow = without_secrets(*what.workflow);
  dry_host host{how_};
  actors::flow_runner runner{
      {.settings = how_.settings.taskflows,
       .servers = how_.settings.servers,
       .report = std::make_shared<actors::flow_report>(
           std::vector{what.workflow}, silent(how_.settings))},
      host};
  std::optional<actors::flow_result> result;
  runner.run(std::move(what),
             [&result](actors::flow_result how) { result = std::move(how); });
  while (!result && host.step(runner)) {
  }
  return result.value_or(actors::flow_result{});
}

} // namespace mfo::node
