#pragma once

#include "core/circuit_breaker.hpp"
#include "tests/model/digest.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::model {

struct breaker_plan {
  config::breaker_settings settings; ///< what the breaker is held to
  unsigned probe_timeout = 3;        ///< in seconds, as all that follows
  std::size_t calls = 3;             ///< under way at most
  /// What was answered in the window matters: then the world has no end.
  bool by_ratio = false;
};

/// A breaker, calls that are under way, and a clock that goes by seconds. It is
/// held to what its header says. `Breaker` is the real one, or one that
/// something is wrong with.
template <class Breaker = core::circuit_breaker>
class breaker_world {
public:
  enum class kind : std::uint8_t { ask, good, bad, bad_later, nothing, tick };

  struct action {
    kind what;
    std::size_t call = 0;
  };

  explicit breaker_world(const breaker_plan& plan)
    : plan_(plan),
      breaker_(plan.settings, std::chrono::seconds{plan.probe_timeout}) {}

  [[nodiscard]] std::vector<action> possible() const {
    std::vector<action> all;
    if (calls_.size() < plan_.calls)
      all.push_back({kind::ask});
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const auto same = [&](const call& one) {
        return standing_of(one) == standing_of(calls_[i]);
      };
      const auto end = calls_.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::any_of(calls_.begin(), end, same))
        continue;
      for (const auto how :
           {kind::good, kind::bad, kind::bad_later, kind::nothing})
        all.push_back({how, i});
    }
    all.push_back({kind::tick});
    return all;
  }

  void apply(const action& what) {
    if (what.what == kind::ask)
      ask();
    else if (what.what == kind::tick)
      pass_a_second();
    else
      answer(what.call, what.what);
  }

  [[nodiscard]] std::string tell(const action& what) const {
    const auto number = std::to_string(what.call + 1);
    switch (what.what) {
    case kind::ask:
      return "a call asks whether it may begin";
    case kind::good:
      return "call " + number + " of those under way is answered well";
    case kind::bad:
      return "call " + number + " of those under way fails";
    case kind::bad_later:
      return "call " + number +
             " of those under way fails, and chance has a "
             "circuit that opens stay open for longest";
    case kind::nothing:
      return "call " + number + " of those under way says nothing";
    case kind::tick:
      break;
    }
    return "a second passes";
  }

  /// All that the header has the future depend on, and what the breaker itself
  /// shows when it is asked on.
  [[nodiscard]] std::uint64_t fingerprint() const {
    digest sum;
    sum.add(breaker_.state()).add(open_left_).add(in_row_).add(successes_);
    std::vector<int> standings;
    for (const auto& each : calls_)
      standings.push_back(standing_of(each));
    std::sort(standings.begin(), standings.end());
    for (const auto each : standings)
      sum.add(each);
    sum.add(standings.size());
    for (const auto& each : places_)
      sum.add(each.left);
    if (plan_.by_ratio)
      for (const auto& [all, bad] : answered_)
        sum.add(all).add(bad);
    auto asked = breaker_;
    for (int i = 0; i < 3; ++i) {
      const auto answer = asked.admit(now_);
      sum.add(answer.permit.has_value()).add(answer.retry_after);
      if (answer.permit)
        sum.add(asked.failed(now_, *answer.permit, 0).has_value());
    }
    return sum.value();
  }

  [[nodiscard]] std::optional<std::string> wrong() const {
    return wrong_;
  }

  /// The server is well from now on, whether or not what is under way is ever
  /// answered: the circuit closes by the time that a jitter, and probes that
  /// are lost, can take.
  [[nodiscard]] std::optional<std::string> stuck() const {
    for (const bool answered : {false, true}) {
      auto later = *this;
      while (answered && !later.calls_.empty())
        later.answer(0, kind::good);
      if (auto why = later.play_out())
        return why;
    }
    return std::nullopt;
  }

private:
  struct call {
    core::circuit_breaker::ticket ticket;
    int period; ///< changes of state before it
    int number; ///< of the call
  };

  /// A probe, until it is answered or another has its place.
  struct place {
    int number;
    unsigned left; ///< until it is lost
  };

  using state = core::breaker_state;

  static constexpr int counts_no_more = -1;

  /// -1: its answer means nothing; 0: it counts; else the probe's place.
  int standing_of(const call& one) const {
    if (one.period != period_)
      return counts_no_more;
    if (breaker_.state() != state::half_open)
      return 0;
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (places_[i].number == one.number)
        return static_cast<int>(i) + 1;
    return counts_no_more;
  }

  bool ask() {
    const auto before = breaker_.state();
    const auto answer = breaker_.admit(now_);
    if (!answer.permit) {
      refused(before, answer.retry_after);
      return false;
    }
    if (before == state::open) {
      if (open_left_ > 0)
        complain("a call goes through while the circuit is open");
      changed();
    }
    if (breaker_.state() == state::half_open)
      place_taken();
    calls_.push_back({*answer.permit, period_, number_});
    return true;
  }

  void refused(state before, core::circuit_breaker::clock::duration wait) {
    if (before == state::closed)
      complain("a closed circuit refuses a call");
    if (before == state::open && wait != std::chrono::seconds{open_left_})
      complain("the time that the circuit is open yet is told wrong");
    if (before == state::half_open && under_way() < probes())
      complain("a probe is refused, and there is a place for it");
    if (wait <= wait.zero())
      complain("a call is refused that may ask again at once");
  }

  void place_taken() {
    if (under_way() >= probes())
      complain("more probes are under way than may be");
    if (places_.size() >= probes())
      places_.erase(places_.begin()); // it is lost
    places_.push_back({++number_, plan_.probe_timeout});
  }

  void answer(std::size_t which, kind how) {
    const auto one = calls_[which];
    calls_.erase(calls_.begin() + static_cast<std::ptrdiff_t>(which));
    const auto standing = standing_of(one);
    const auto before = breaker_.state();
    const auto due =
        standing == counts_no_more ? before : due_after(standing, how);
    std::optional<core::circuit_breaker::change> told;
    if (how == kind::nothing)
      breaker_.ignored(one.ticket);
    else if (how == kind::good)
      told = breaker_.succeeded(now_, one.ticket);
    else
      told =
          breaker_.failed(now_, one.ticket, how == kind::bad ? 0 : almost_one);
    if (breaker_.state() != due)
      complain("the circuit is " + word(breaker_.state()) + ", and was to be " +
               word(due));
    if (told.has_value() != (breaker_.state() != before))
      complain("a change is not told, or none is told");
    if (breaker_.state() != before)
      changed();
  }

  /// By the header, after an answer that counts.
  state due_after(int standing, kind how) {
    const auto before = breaker_.state();
    if (before == state::half_open)
      places_.erase(places_.begin() + standing - 1);
    if (how == kind::nothing)
      return before;
    if (how == kind::good) {
      in_row_ = 0;
      ++answered_[0].first;
      return before == state::half_open &&
                     ++successes_ >= plan_.settings.success_threshold
                 ? state::closed
                 : before;
    }
    if (before == state::half_open)
      return state::open;
    ++in_row_;
    ++answered_[0].first;
    ++answered_[0].second;
    return too_many_failures() ? state::open : before;
  }

  bool too_many_failures() const {
    double all = 0;
    double bad = 0;
    for (const auto& [of, failed] : answered_) {
      all += of;
      bad += failed;
    }
    return in_row_ >= plan_.settings.consecutive_failures ||
           (all >= plan_.settings.min_calls &&
            bad / all >= plan_.settings.failure_ratio);
  }

  void changed() {
    ++period_;
    in_row_ = 0;
    successes_ = 0;
    answered_ = {};
    places_.clear();
    open_left_ = 0;
    if (breaker_.state() != state::open)
      return;
    const auto left = breaker_.open_for(now_);
    const std::chrono::nanoseconds least = plan_.settings.open_for;
    if (left < least || left > least * 6 / 5)
      complain("the circuit is open for longer, or shorter, than it may be");
    open_left_ = std::chrono::duration_cast<std::chrono::seconds>(left).count();
  }

  void pass_a_second() {
    now_ += std::chrono::seconds{1};
    open_left_ = std::max<std::int64_t>(open_left_ - 1, 0);
    for (auto& each : places_)
      each.left -= each.left > 0 ? 1 : 0;
    std::rotate(answered_.begin(), answered_.end() - 1, answered_.end());
    answered_[0] = {};
  }

  std::optional<std::string> play_out() {
    const auto within =
        plan_.settings.open_for.count() / 1'000 * 6 / 5 + plan_.probe_timeout;
    for (std::int64_t passed = 0; passed <= within && !wrong_;) {
      if (!ask()) {
        pass_a_second();
        ++passed;
        continue;
      }
      answer(calls_.size() - 1, kind::good);
      if (breaker_.state() == state::closed)
        return wrong_;
    }
    if (wrong_)
      return wrong_;
    return "the circuit is not closed " + std::to_string(within) +
           " s after the server is well again";
  }

  unsigned probes() const {
    return plan_.settings.half_open_probes;
  }

  std::size_t under_way() const {
    return static_cast<std::size_t>(
        std::count_if(places_.begin(), places_.end(),
                      [](const place& each) { return each.left > 0; }));
  }

  static std::string word(state which) {
    return std::string{core::to_string(which)};
  }

  void complain(std::string what) {
    if (!wrong_)
      wrong_ = std::move(what);
  }

  static constexpr double almost_one = 0.999'999'999'999'999'9;

  breaker_plan plan_;
  Breaker breaker_;
  core::circuit_breaker::clock::time_point now_{std::chrono::hours{1}};
  std::vector<call> calls_;
  int number_ = 0;
  int period_ = 0;
  std::int64_t open_left_ = 0;
  unsigned in_row_ = 0;
  unsigned successes_ = 0;
  std::vector<place> places_; ///< the oldest first
  /// All and bad, in this second and the nine before: a window of ten seconds.
  std::array<std::pair<unsigned, unsigned>, 10> answered_{};
  std::optional<std::string> wrong_;
};

} // namespace mfo::model
