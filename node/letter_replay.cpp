#include "node/letter_replay.hpp"

#include "core/printable.hpp"
#include "node/dead_letter_view.hpp"
#include "node/number_option.hpp"
#include "node/taskflow/task_argument.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <thread>

namespace mfo::node {

namespace {

using core::printable;
using namespace std::chrono_literals;

/// From one picture of the bar to the next, at least.
constexpr std::chrono::milliseconds draw_period{100};

volatile std::sig_atomic_t interrupted = 0;

/// While it lives, the first SIGINT or SIGTERM is noted and the second does
/// what it did before.
class interrupt_guard {
public:
  interrupt_guard() {
    interrupted = 0;
    struct sigaction note {};
    note.sa_handler = [](int) {
      interrupted = 1;
    };
    note.sa_flags = static_cast<int>(SA_RESETHAND);
    for (std::size_t i = 0; i < signals.size(); ++i)
      ::sigaction(signals[i], &note, &before_[i]);
  }

  ~interrupt_guard() {
    for (std::size_t i = 0; i < signals.size(); ++i)
      ::sigaction(signals[i], &before_[i], nullptr);
  }

  interrupt_guard(const interrupt_guard&) = delete;
  interrupt_guard& operator=(const interrupt_guard&) = delete;

private:
  static constexpr std::array<int, 2> signals{SIGINT, SIGTERM};
  std::array<struct sigaction, 2> before_{};
};

/// In short pieces, so that Ctrl-C need not wait for a slow rate.
void sleep_until(std::chrono::steady_clock::time_point due) {
  for (auto now = std::chrono::steady_clock::now();
       now < due && interrupted == 0; now = std::chrono::steady_clock::now())
    std::this_thread::sleep_for(
        std::min<std::chrono::steady_clock::duration>(due - now, 50ms));
}

} // namespace

void add_replay_options(CLI::App& command, replay_arguments& given) {
  command
      .add_option("--rate", given.rate,
                  "Letters a second; default: as fast as they are taken")
      ->check(number_within(0.001, 1e6))
      ->type_name("N");
  command.add_flag("--dry-run", given.dry_run,
                   "Only say which letters would be delivered");
  command.add_flag("--yes", given.yes, "Do not ask");
  add_answer_option(command, given.answers);
}

void report_unreadable(const std::string& sink,
                       const dead_letters::walk_report& walk) {
  if (walk.unreadable > 0)
    fmt::print(stderr,
               "mfo-node dead-letters: sink {}: {} entries are no letters and "
               "were passed over, the first: {}\n",
               sink, walk.unreadable, printable(walk.first_unreadable));
}

letter_replay::letter_replay(const replay_arguments& given, std::size_t total,
                             dead_letters::deliver_function deliver,
                             bool draws_bar)
  : given_(given), total_(total), draws_bar_(draws_bar && !given.dry_run) {
  tools_.deliver = std::move(deliver);
  tools_.sleep_until = sleep_until;
  tools_.is_stopped = [] {
    return interrupted != 0;
  };
  tools_.progress = [this](const auto& so_far, const auto& value,
                           const auto& result) {
    show(so_far, value, result);
  };
}

void letter_replay::show(const dead_letters::replay_report& so_far,
                         const dead_letters::letter& value,
                         const dead_letters::done& result) {
  const auto id = printable(value.event_id);
  if (!result) {
    erase_bar();
    fmt::print(stderr, "failed {}: {}\n", id, printable(result.error()));
  } else if (!draws_bar_) {
    // fmt::print would end the replay where the record cannot be written.
    std::fputs(fmt::format("{} {}\n",
                           given_.dry_run ? "would deliver" : "delivered", id)
                   .c_str(),
               stdout);
    // So that the record is whole, wherever it goes and however this ends.
    std::fflush(stdout);
  }
  if (draws_bar_)
    draw(so_far);
}

void letter_replay::draw(const dead_letters::replay_report& so_far) {
  auto sum = all_;
  sum.delivered += so_far.delivered;
  sum.failed += so_far.failed;
  const auto now = clock::now();
  const bool last = sum.delivered + sum.failed >= total_;
  if (has_bar_ && !last && now < drawn_ + draw_period)
    return;
  drawn_ = now;
  has_bar_ = true;
  fmt::print(stderr, "\r{}", progress_bar(sum, total_));
  std::fflush(stderr);
}

void letter_replay::erase_bar() {
  if (has_bar_)
    fmt::print(stderr, "\r{:79}\r", "");
  has_bar_ = false;
}

exit_status letter_replay::run(const std::vector<named_reader>& readers,
                               dead_letters::filter which) {
  const interrupt_guard guard;
  auto status = exit_status::ok;
  letter_budget budget{which};
  for (const auto& each : readers) {
    all_.stopped = all_.stopped || interrupted != 0;
    if (budget.spent() || all_.stopped)
      break;
    which.limit = budget.left();
    const auto result = dead_letters::replay(
        *each.from, {which, given_.rate, given_.dry_run}, tools_);
    erase_bar();
    if (!result) {
      status = exit_status::cannot_start;
      fmt::print(stderr, "mfo-node dead-letters: sink {}: {}\n", each.name,
                 printable(result.error()));
      continue;
    }
    report_unreadable(each.name, result->walk);
    budget.take(result->delivered + result->failed);
    all_.delivered += result->delivered;
    all_.failed += result->failed;
    all_.stopped = all_.stopped || result->stopped;
  }
  const auto result = given_.dry_run
                          ? fmt::format("{} would be delivered", all_.delivered)
                          : summary(all_);
  fmt::print("{}{}\n", result, all_.stopped ? "; stopped before the end" : "");
  if (status == exit_status::ok && (all_.failed > 0 || all_.stopped))
    return exit_status::not_accepted;
  return status;
}

} // namespace mfo::node
