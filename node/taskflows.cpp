#include "node/taskflows.hpp"

#include "actors/flow_outside.hpp"
#include "actors/flow_records.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <utility>

namespace mfo::node {

namespace {

std::shared_ptr<actors::event_source>
make_source(const config::settings& settings,
            const std::vector<taskflow::workflow_ptr>& workflows,
            actors::event_source::deps deps) {
  deps.endpoints = settings.endpoints;
  deps.workflows = workflows;
  deps.max_payload = settings.limits.max_body;
  deps.max_hops = settings.taskflows.max_depth;
  return std::make_shared<actors::event_source>(std::move(deps));
}

std::array<std::uint8_t, 16> unguessable() {
  std::array<std::uint8_t, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error{"no random bytes are to be had"};
  return bytes;
}

} // namespace

tl::expected<std::unique_ptr<taskflows>, std::string>
taskflows::open(boost::asio::io_context& io, deps given) {
  auto calls = http_calls::open(given.settings.http_call);
  if (!calls)
    return tl::unexpected{std::move(calls.error())};
  return std::unique_ptr<taskflows>{
      new taskflows{io, std::move(given), *std::move(calls)}};
}

taskflows::taskflows(boost::asio::io_context& io, deps given,
                     std::unique_ptr<http_calls> calls)
  : workflows_(std::move(given.workflows)),
    desk_(std::make_shared<core::question_desk>(unguessable)),
    book_(std::make_shared<telemetry::run_book>(telemetry::run_book::bounds{
        .keep_runs = given.settings.taskflows.keep_runs})),
    report_(std::make_shared<actors::flow_report>(workflows_, given.observer)),
    source_(make_source(given.settings, workflows_, std::move(given.source))),
    clock_(io, actors::triggers_of(workflows_), source_, given.observer.log,
           std::move(given.claim_tick)),
    calls_(std::move(calls)) {
  const auto records = std::make_shared<actors::flow_records>(book_);
  control_ = std::make_shared<run_control>(
      run_control::parts{.workflows = workflows_,
                         .source = source_,
                         .records = records,
                         .cancel = std::move(given.cancel)});
  auto runner = std::make_shared<actors::task_runner_deps>();
  runner->flows = {.settings = given.settings.taskflows,
                   .servers = given.settings.servers,
                   .report = report_,
                   .observers = {records}};
  runner->others = actors::make_outside(calls_->caller(), desk_, given.observer,
                                        given.settings.log.refusals_per_second);
  runner->emit = [to = source_](const core::event_ptr& event) {
    return to->pass_on(*event);
  };
  runner->uniform = [random =
                         std::mt19937_64{std::random_device{}()}]() mutable {
    return std::uniform_real_distribution<double>{}(random);
  };
  runner->log = given.observer.log;
  runner_ = std::move(runner);
}

void taskflows::begin() {
  clock_.begin();
}

void taskflows::cancel() {
  clock_.cancel();
}

http::task_control taskflows::control() const {
  if (workflows_.empty())
    return {};
  return {.runs = book_,
          .questions = desk_,
          .start =
              [to = control_](const http::manual_start& what,
                              http::task_control::begun_function begun,
                              http::task_control::ended_function ended) {
                to->start(what, std::move(begun), std::move(ended));
              },
          .cancel =
              [to = control_](const std::string& run) {
                to->cancel(run);
              }};
}

} // namespace mfo::node
