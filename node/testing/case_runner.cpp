#include "node/testing/case_runner.hpp"

#include "node/node.hpp"
#include "node/taskflow/terminal_people.hpp"
#include "node/testing/case_sender.hpp"
#include "node/testing/case_settings.hpp"
#include "node/testing/other_side.hpp"
#include "node/testing/test_time.hpp"

#include "casebook/compare.hpp"
#include "telemetry/metric_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <memory>
#include <mutex>
#include <utility>

namespace mfo::node {

namespace {

using casebook::seen;
using casebook::step;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Keeps what it is given; the event has ended then.
class letter_drawer final : public http::dead_letter_office {
public:
  void take(http::undelivered what) noexcept override {
    const auto reason = *what.why.error;
    {
      const std::lock_guard lock{mutex_};
      letters_.push_back({.endpoint = what.event->endpoint->id,
                          .server = what.event->endpoint->server,
                          .type = std::string{what.event->type()},
                          .reason = std::string{core::describe(reason).slug},
                          .body = what.event->envelope});
    }
    what.room = {};
    what.account.dead_lettered(reason);
    if (what.settled)
      what.settled();
    if (what.secured)
      what.secured();
  }

  std::vector<casebook::seen_letter> take_all() {
    const std::lock_guard lock{mutex_};
    return std::exchange(letters_, {});
  }

private:
  std::mutex mutex_;
  std::vector<casebook::seen_letter> letters_;
};

class run_keeper final : public actors::flow_observer {
public:
  void began(const actors::run_info&) override {}
  void moment(const actors::run_info&, const taskflow::task_moment&) override {}

  void ended(const actors::run_info& run, const taskflow::run& how,
             steady_clock::duration) override {
    const std::lock_guard lock{mutex_};
    runs_.push_back({.workflow = run.workflow->name,
                     .taskflow = run.flow().id,
                     .outcome = std::string{to_string(how.outcome())},
                     .error = how.error() ? how.error()->code : "",
                     .result = how.result() ? *how.result() : nullptr});
  }

  std::vector<casebook::seen_run> take_all() {
    const std::lock_guard lock{mutex_};
    return std::exchange(runs_, {});
  }

private:
  std::mutex mutex_;
  std::vector<casebook::seen_run> runs_;
};

class line_keeper {
public:
  void add(std::string_view line) {
    const std::lock_guard lock{mutex_};
    lines_.emplace_back(line);
  }

  std::vector<std::string> take_all() {
    const std::lock_guard lock{mutex_};
    return std::exchange(lines_, {});
  }

private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

using reason_counts = std::map<std::string, std::uint64_t>;

reason_counts reasons_in(const telemetry::ledger& events) {
  reason_counts all;
  for (const auto& family : events.Collect()) {
    if (family.name != telemetry::events_refused.name &&
        family.name != telemetry::events_dead_lettered.name)
      continue;
    for (const auto& each : family.metric)
      for (const auto& label : each.label)
        if (label.name == "reason")
          all[label.value] += static_cast<std::uint64_t>(each.counter.value);
  }
  return all;
}

/// A node, and all that it is in.
class bench {
public:
  bench(const configuration& what, const std::string& file,
        const casebook::test_case& of)
    : settings_(what.settings), file_(file), time_(test_time::make(of.now)),
      side_(other_side::make(time_, of.stubs, of.replies)) {
    believe_addresses(settings_, of);
    start(what.workflows, of.answers);
  }

  bench(const bench&) = delete;
  bench& operator=(const bench&) = delete;

  ~bench() {
    time_->pass_while({});
  }

  /// Nothing: it runs.
  [[nodiscard]] const std::string& failure() const noexcept {
    return failure_;
  }

  seen carry_out(const step& what) {
    if (what.after > milliseconds{0})
      time_->pass(what.after);
    const auto before = events().snapshot();
    const auto reasons = reasons_in(events());
    seen got;
    time_->hold();
    if (!what.tick.empty())
      got.trouble = fire(what.tick);
    else if (!what.start.empty())
      got.trouble = begin_by_hand(what);
    else
      got.trouble = send(what, got);
    time_->release();
    if (got.trouble.empty())
      got.trouble = await_rest();
    const auto after = events().snapshot();
    got.received = after.received - before.received;
    got.delivered = after.delivered - before.delivered;
    got.refused = after.refused - before.refused;
    got.dead_lettered = after.dead_lettered - before.dead_lettered;
    for (const auto& [reason, times] : reasons_in(events())) {
      const auto had = reasons.find(reason);
      if (const auto more = times - (had == reasons.end() ? 0 : had->second))
        got.reasons[reason] = more;
    }
    got.calls = side_->take_calls();
    got.runs = runs_->take_all();
    got.letters = letters_->take_all();
    return got;
  }

  /// Ends the node.
  std::vector<std::string> take_log() {
    time_->pass_while({});
    node_.reset();
    return lines_->take_all();
  }

private:
  [[nodiscard]] const telemetry::ledger& events() const {
    return *node_->metrics().events();
  }

  void start(const std::vector<taskflow::workflow_ptr>& workflows,
             const std::map<std::string, std::string>& answers) {
    surroundings in;
    in.make = side_->clients();
    in.now = [time = time_] {
      return time->now();
    };
    in.prepare_actors = [time = time_](caf::actor_system_config& config) {
      time->prepare(config);
    };
    in.admitted = [time = time_] {
      time->release();
    };
    in.write_log = [lines = lines_](std::string_view line) {
      lines->add(line);
    };
    in.dead_letters = letters_;
    in.caller = side_->caller(settings_.http_call);
    in.between = [answers](std::shared_ptr<actors::outside> others) {
      return std::make_shared<terminal_people>(std::move(others), answers,
                                               without_answer::ask);
    };
    in.observers = {runs_};
    in.runs_for_long = false;
    auto started = node::start({settings_, workflows}, {.in = in});
    if (!started) {
      failure_ = std::move(started.error());
      return;
    }
    node_ = *std::move(started);
    time_->pass_while([metrics = &node_->metrics()] {
      return metrics->events()->snapshot().in_flight > 0;
    });
  }

  std::string send(const step& what, seen& got) {
    auto request =
        make_case_request(what, settings_, file_, time_->now().unix_time);
    if (!request)
      return request.error();
    auto answer = send_to_node(node_->port(), *std::move(request));
    if (!answer)
      return fmt::format("the node did not answer: {}: {}",
                         make_error_code(answer.error().code).message(),
                         answer.error().detail);
    got.status = answer->status;
    got.headers = std::move(answer->headers);
    got.body = std::move(answer->body);
    return {};
  }

  std::string fire(const std::string& trigger) {
    if (std::ranges::find(settings_.endpoints, trigger,
                          &config::endpoint_settings::id) ==
        settings_.endpoints.end())
      return fmt::format("{} has no trigger {}", file_, trigger);
    const auto before = events().snapshot().received;
    node_->fire(trigger, time_->now().unix_time);
    if (events().snapshot().received == before)
      return fmt::format("{} is no schedule", trigger);
    return {};
  }

  std::string begin_by_hand(const step& what) {
    const auto slash = what.start.find('/');
    const auto control = node_->tasks();
    if (!control.start || slash == std::string::npos)
      return fmt::format("{} has no taskflow {}", file_, what.start);
    // It may outlive this: the run may begin late, or never.
    const auto begun = std::make_shared<std::promise<std::string>>();
    control.start(
        {.workflow = what.start.substr(0, slash),
         .taskflow = what.start.substr(slash + 1),
         .trigger = {},
         .input = what.input ? what.input->dump() : ""},
        [begun](const tl::expected<std::string, http::start_refusal>& result) {
          begun->set_value(result ? "" : result.error().detail);
        },
        {});
    auto said = begun->get_future();
    if (said.wait_for(longest_rest) != std::future_status::ready)
      return "it did not begin";
    return said.get();
  }

  std::string await_rest() {
    switch (time_->wait_for_rest(longest_rest)) {
    case test_time::rest::nobody_waits:
      break;
    case test_time::rest::stuck:
      return "an event has come to no end: it waits for something that never "
             "comes, such as an answer to a question";
    case test_time::rest::late:
      return "an event has come to no end within a minute";
    }
    return {};
  }

  config::settings settings_;
  std::string file_;
  std::string failure_;
  std::shared_ptr<test_time> time_;
  std::shared_ptr<other_side> side_;
  std::shared_ptr<letter_drawer> letters_ = std::make_shared<letter_drawer>();
  std::shared_ptr<run_keeper> runs_ = std::make_shared<run_keeper>();
  std::shared_ptr<line_keeper> lines_ = std::make_shared<line_keeper>();
  std::unique_ptr<node> node_;
};

} // namespace

case_runner::case_runner(configuration what, std::string file, bool logs)
  : what_(std::move(what)), file_(std::move(file)) {
  what_.settings = settings_for_tests(std::move(what_.settings), logs);
}

case_run case_runner::run(const casebook::test_case& what,
                          const std::string& book) const {
  const auto began = steady_clock::now();
  case_run run{.result = {.file = book,
                          .line = what.where.line,
                          .name = what.name,
                          .planned = what.steps.size()},
               .log = {}};
  bench node{what_, file_, what};
  if (!node.failure().empty()) {
    run.result.steps.push_back({.trouble = node.failure()});
  } else {
    for (const auto& each : what.steps) {
      auto got = node.carry_out(each);
      run.result.steps.push_back(
          {.mismatches = got.trouble.empty()
                             ? casebook::compare(each.expect, got)
                             : std::vector<casebook::mismatch>{},
           .trouble = got.trouble});
      if (!got.trouble.empty())
        break;
    }
    run.log = node.take_log();
  }
  run.result.took = steady_clock::now() - began;
  return run;
}

} // namespace mfo::node
