#include "actors/flow_outside.hpp"

#include "actors/http_call_watch.hpp"

#include <chrono>
#include <utility>
#include <variant>

namespace mfo::actors {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

class both final : public outside {
public:
  both(std::shared_ptr<outbound::http_caller> caller,
       std::shared_ptr<core::question_desk> desk,
       const telemetry::observer& observer, unsigned refusal_lines)
    : caller_(std::move(caller)), desk_(std::move(desk)),
      watch_(std::make_shared<http_call_watch>(observer, refusal_lines)) {}

  cancellation ask(taskflow::call_request request,
                   steady_clock::time_point deadline, const run_info& run,
                   const std::string& path, answer_callback answer) override {
    if (auto* http = std::get_if<taskflow::http_request_call>(&request)) {
      auto watched = watch_->watch(*http, run, path, std::move(answer));
      return call(std::move(*http), deadline, std::move(watched));
    }
    return ask_person(std::get<taskflow::question_call>(std::move(request)),
                      deadline, run, path, answer);
  }

private:
  cancellation call(taskflow::http_request_call request,
                    steady_clock::time_point deadline, answer_callback answer) {
    return [handle = caller_->send(std::move(request), deadline,
                                   std::move(answer))]() mutable {
      handle.cancel();
    };
  }

  cancellation ask_person(taskflow::question_call asked,
                          steady_clock::time_point deadline,
                          const run_info& run, const std::string& path,
                          const answer_callback& answer) {
    const auto now =
        duration_cast<milliseconds>(system_clock::now().time_since_epoch());
    core::question what{.run = run.id,
                        .workflow = run.workflow->name,
                        .taskflow = run.flow().id,
                        .task = path,
                        .text = std::move(asked.question),
                        .choices = std::move(asked.choices),
                        .asked_unix = now};
    if (deadline != steady_clock::time_point::max())
      what.until_unix =
          now + duration_cast<milliseconds>(deadline - steady_clock::now());
    const auto id = desk_->ask(std::move(what), [answer](std::string text) {
      answer(std::make_shared<const taskflow::json>(std::move(text)));
    });
    if (!id) {
      answer(tl::unexpected{taskflow::call_failure{
          .code = std::string{core::to_string(id.error())},
          .message = "the question was not asked"}});
      return [] {
      };
    }
    return [desk = desk_, id = *id] {
      desk->withdraw(id);
    };
  }

  std::shared_ptr<outbound::http_caller> caller_;
  std::shared_ptr<core::question_desk> desk_;
  std::shared_ptr<http_call_watch> watch_;
};

} // namespace

std::shared_ptr<outside>
make_outside(std::shared_ptr<outbound::http_caller> caller,
             std::shared_ptr<core::question_desk> desk,
             const telemetry::observer& observer, unsigned refusal_lines) {
  return std::make_shared<both>(std::move(caller), std::move(desk), observer,
                                refusal_lines);
}

} // namespace mfo::actors
