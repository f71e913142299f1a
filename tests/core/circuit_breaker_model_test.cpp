// The breaker against a model that remembers everything and counts anew each
// time, over long random sequences of calls, results and waits.

#include "core/circuit_breaker.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

namespace mfo::core {

namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using clock = circuit_breaker::clock;
using time_point = clock::time_point;

enum class verdict { success, failure, nothing };

/// Whole milliseconds only, in which windows have whole tenths.
class model {
public:
  model(const config::breaker_settings& settings, milliseconds probe_timeout)
    : settings_(settings), probe_timeout_(probe_timeout) {}

  /// Whether call number `call` may be made, else when to ask again.
  std::optional<milliseconds> refusal(int call, milliseconds now) {
    if (state == breaker_state::open) {
      if (now < open_until_)
        return open_until_ - now;
      change_to(breaker_state::half_open);
    }
    if (state == breaker_state::half_open) {
      if (under_way_.size() == settings_.half_open_probes) {
        const auto oldest = under_way_.begin(); // calls are numbered in order
        if (calls_.at(oldest->first).began + probe_timeout_ > now)
          return std::min<milliseconds>(settings_.open_for, 1s);
        under_way_.erase(oldest);
      }
      under_way_[call] = true;
    }
    calls_[call] = {.began = now, .epoch = epoch};
    return std::nullopt;
  }

  void result(int call, milliseconds now, verdict how, double chance) {
    if (calls_.at(call).epoch != epoch) {
      ++stale;
      return;
    }
    if (state == breaker_state::half_open && under_way_.erase(call) == 0)
      return;
    if (how == verdict::nothing)
      return;
    answers_.push_back({now, how == verdict::success});
    if (state == breaker_state::closed ? closed_is_over(now)
                                       : how == verdict::failure) {
      open_until_ = now + settings_.open_for;
      const auto extra =
          static_cast<double>(settings_.open_for.count()) * 0.2 * chance;
      open_until_ += milliseconds{std::lround(extra)};
      change_to(breaker_state::open);
    } else if (state == breaker_state::half_open &&
               answers_.size() == settings_.success_threshold) {
      change_to(breaker_state::closed);
    }
  }

  breaker_state state = breaker_state::closed;
  int epoch = 0;
  int stale = 0;

private:
  struct made_call {
    milliseconds began;
    int epoch;
  };

  struct answer {
    milliseconds at;
    bool good;
  };

  bool closed_is_over(milliseconds now) const {
    if (answers_.back().good)
      return false;
    const auto row_start =
        std::find_if(answers_.rbegin(), answers_.rend(),
                     [](const answer& each) { return each.good; });
    if (row_start - answers_.rbegin() >=
        static_cast<int>(settings_.consecutive_failures))
      return true;
    const auto tenth = settings_.window.count() / 10;
    double all = 0;
    double bad = 0;
    for (const auto& each : answers_)
      if (each.at.count() / tenth > now.count() / tenth - 10) {
        all += 1;
        bad += each.good ? 0 : 1;
      }
    return all >= settings_.min_calls && bad / all >= settings_.failure_ratio;
  }

  void change_to(breaker_state to) {
    state = to;
    ++epoch;
    answers_.clear();
    under_way_.clear();
  }

  config::breaker_settings settings_;
  milliseconds probe_timeout_;
  std::map<int, made_call> calls_;
  std::vector<answer> answers_; ///< of this state
  std::map<int, bool> under_way_;
  milliseconds open_until_{0};
};

config::breaker_settings random_settings(std::mt19937& random) {
  config::breaker_settings settings;
  settings.consecutive_failures = between(random, 1u, 8u);
  settings.failure_ratio = between(random, 1, 10) / 10.0;
  settings.min_calls = between(random, 1u, 20u);
  settings.window = milliseconds{between(random, 1, 500) * 10};
  // A fifth of a fifth of it is whole milliseconds.
  settings.open_for = milliseconds{between(random, 1, 500) * 25};
  settings.half_open_probes = between(random, 1u, 4u);
  settings.success_threshold = between(random, 1u, 5u);
  return settings;
}

/// A breaker and its model, made to do the same.
class pair_of_breakers {
public:
  explicit pair_of_breakers(unsigned seed)
    : random_(seed), settings_(random_settings(random_)),
      probe_timeout_(between(random_, 1, 3'000)),
      breaker_(settings_, probe_timeout_), model_(settings_, probe_timeout_),
      failure_share_(uniform(random_)) {}

  void step() {
    switch (between(random_, 0, 5)) {
    case 0:
      wait();
      break;
    case 1:
    case 2:
      call();
      break;
    default:
      answer();
    }
    ASSERT_EQ(breaker_.state(), model_.state);
  }

  int stale() const {
    return model_.stale;
  }

  std::set<std::pair<breaker_state, breaker_state>> changes;

private:
  void wait() {
    const milliseconds choices[] = {1ms,
                                    settings_.window / 10,
                                    settings_.window,
                                    probe_timeout_,
                                    settings_.open_for,
                                    settings_.open_for * 6 / 5};
    now_ += choices[between(random_, 0, 5)];
  }

  void call() {
    const auto before = model_.state;
    const auto number = next_call_++;
    const auto expected = model_.refusal(number, now_);
    const auto answer = breaker_.admit(time_point{now_});
    ASSERT_EQ(answer.permit.has_value(), !expected.has_value());
    expect_change(answer.changed, before);
    if (expected) {
      ASSERT_EQ(answer.retry_after, *expected);
    } else {
      tickets_.emplace_back(number, *answer.permit);
    }
  }

  /// Of any call, also one from long ago.
  void answer() {
    if (tickets_.empty())
      return;
    const auto which = between(random_, std::size_t{0}, tickets_.size() - 1);
    const auto [number, ticket] = tickets_[which];
    tickets_.erase(tickets_.begin() + static_cast<std::ptrdiff_t>(which));
    const auto chance = between(random_, 0, 4) / 5.0;
    const auto how = uniform(random_) < 0.1              ? verdict::nothing
                     : uniform(random_) < failure_share_ ? verdict::failure
                                                         : verdict::success;
    const auto before = model_.state;
    model_.result(number, now_, how, chance);
    const time_point now{now_};
    if (how == verdict::nothing)
      breaker_.ignored(ticket);
    else
      expect_change(how == verdict::success
                        ? breaker_.succeeded(now, ticket)
                        : breaker_.failed(now, ticket, chance),
                    before);
  }

  void expect_change(const std::optional<circuit_breaker::change>& told,
                     breaker_state before) {
    ASSERT_EQ(told.has_value(), before != model_.state);
    if (!told)
      return;
    EXPECT_EQ(told->from, before);
    EXPECT_EQ(told->to, model_.state);
    changes.emplace(told->from, told->to);
  }

  std::mt19937 random_;
  config::breaker_settings settings_;
  milliseconds probe_timeout_;
  circuit_breaker breaker_;
  model model_;
  double failure_share_;
  milliseconds now_{1h};
  int next_call_ = 0;
  std::vector<std::pair<int, circuit_breaker::ticket>> tickets_;
};

TEST(circuit_breaker_model, is_what_the_breaker_does) {
  const auto seed = first_seed();
  std::set<std::pair<breaker_state, breaker_state>> changes;
  int stale = 0;
  for (unsigned i = 0; i < 500; ++i) {
    SCOPED_TRACE(seed_trace(seed) + " + " + std::to_string(i));
    pair_of_breakers both{seed + i};
    for (int step = 0; step < 600; ++step) {
      both.step();
      if (testing::Test::HasFatalFailure())
        return;
    }
    changes.merge(both.changes);
    stale += both.stale();
  }
  EXPECT_EQ(changes.size(), 4u) << "every change there is was seen";
  EXPECT_GT(stale, 1'000);
}

} // namespace

} // namespace mfo::core
