#pragma once

#include "core/call_gate.hpp"
#include "tests/model/digest.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::model {

/// Whether calls to one server may begin: a gate with its breaker and its pace,
/// the calls that are under way, and how the server may answer them. `Gate` is
/// the real one, or one that something is wrong with.
template <class Gate = core::call_gate>
class gate_world {
public:
  enum class kind : std::uint8_t {
    ask,
    good,    ///< a call ends
    timeout, ///< likewise
    not_now, ///< likewise: with a Retry-After
    nothing, ///< likewise
    tick,    ///< a second
    wait,    ///< until the gate wants to be asked again
    nobody,  ///< waits
  };

  struct action {
    kind what;
    std::size_t call = 0;
  };

  explicit gate_world(const config::server_settings& settings)
    : settings_(settings), gate_(settings) {}

  /// What a server may ask for.
  static constexpr std::chrono::seconds asked_for{3};

  [[nodiscard]] std::vector<action> possible() const {
    std::vector<action> all{{kind::ask}};
    for (std::size_t i = 0; i < calls_.size(); ++i)
      if (i == 0 || standing_of(calls_[i]) != standing_of(calls_[i - 1]))
        for (const auto how :
             {kind::good, kind::timeout, kind::not_now, kind::nothing})
          all.push_back({how, i});
    all.push_back({kind::tick});
    if (ask_at_ > now_)
      all.push_back({kind::wait});
    if (!nobody_waits_)
      all.push_back({kind::nobody});
    return all;
  }

  void apply(const action& what) {
    switch (what.what) {
    case kind::ask:
      ask();
      break;
    case kind::tick:
      now_ += std::chrono::seconds{1};
      break;
    case kind::wait:
      now_ = ask_at_;
      break;
    case kind::nobody:
      gate_.nobody_waits(now_);
      nobody_waits_ = true;
      break;
    default:
      end(what.call, what.what);
    }
  }

  [[nodiscard]] std::string tell(const action& what) const {
    const auto which = "call " + std::to_string(what.call + 1) + " ";
    switch (what.what) {
    case kind::ask:
      return "a call asks whether it may begin";
    case kind::good:
      return which + "is answered well";
    case kind::timeout:
      return which + "times out";
    case kind::not_now:
      return which + "is answered 503 with Retry-After: 3";
    case kind::nothing:
      return which + "says nothing of the server";
    case kind::wait:
      return "it is as late as the gate has said";
    case kind::nobody:
      return "nobody waits any more";
    case kind::tick:
      break;
    }
    return "a second passes";
  }

  /// What the header has the future depend on, and what the gate says to the
  /// next calls, as far as these go well: the pace has a longer memory than one
  /// would like to write down here.
  [[nodiscard]] std::uint64_t fingerprint() const {
    digest sum;
    sum.add(gate_.circuit()).add(proven_).add(nobody_waits_);
    sum.add(held_until_ > now_ ? held_until_ - now_ : now_ - now_);
    sum.add(ask_at_ > now_ ? ask_at_ - now_ : now_ - now_);
    for (const auto& each : calls_)
      sum.add(now_ - each.began).add(changes_ - each.changes);
    auto later = *this;
    for (int i = 0; i < 4; ++i) {
      const auto answer = later.ask();
      sum.add(answer.what).add(answer.probe);
      if (answer.what == verdict::begin)
        later.end(later.calls_.size() - 1, kind::good);
      else if (answer.what != verdict::full)
        sum.add(std::exchange(later.now_, answer.when) - answer.when);
    }
    return sum.value();
  }

  [[nodiscard]] std::optional<std::string> wrong() const {
    return wrong_;
  }

  /// The server is well from now on: what is under way is answered, or times
  /// out, and then a backlog goes through, within the time that was asked for
  /// or that the circuit is open, and at the slowest pace there is.
  [[nodiscard]] std::optional<std::string> stuck() const {
    for (const auto how : {kind::good, kind::timeout, kind::nothing}) {
      auto later = *this;
      if (how != kind::good)
        later.now_ += settings_.request_timeout;
      while (!later.calls_.empty())
        later.end(0, how);
      if (auto why = later.play_out())
        return why;
    }
    return std::nullopt;
  }

private:
  using clock = core::call_gate::clock;
  using verdict = core::call_gate::verdict;

  struct call {
    core::circuit_breaker::ticket ticket;
    clock::time_point began;
    unsigned changes; ///< of the circuit, before it
  };

  static std::pair<clock::time_point, unsigned> standing_of(const call& one) {
    return {one.began, one.changes};
  }

  bool since_hold(const call& one) const {
    return one.began >= held_until_;
  }

  core::call_gate::answer ask() {
    const bool one_is_out =
        std::any_of(calls_.begin(), calls_.end(),
                    [this](const call& one) { return since_hold(one); });
    const auto answer = gate_.ask(now_);
    changes_ += answer.changed ? 1 : 0;
    nobody_waits_ = false;
    switch (answer.what) {
    case verdict::begin:
      if (calls_.size() >= settings_.max_in_flight)
        complain("more calls are in flight than may be");
      if (now_ < held_until_)
        complain("a call begins in the time that the server asked for");
      if (!proven_ && one_is_out)
        complain("a second call begins before the first since the server "
                 "asked for time has been answered");
      if (gate_.circuit() == core::breaker_state::open)
        complain("a call begins while the circuit is open");
      if (!answer.probe &&
          (!proven_ || gate_.circuit() == core::breaker_state::half_open))
        complain("a call is to find out how the server is, and is not told");
      calls_.push_back({answer.ticket, now_, changes_});
      break;
    case verdict::full:
      if (calls_.empty())
        complain("nothing is in flight, and nothing may begin");
      break;
    case verdict::refuse:
      if (gate_.circuit() == core::breaker_state::closed)
        complain("a call is refused while the circuit is closed");
      [[fallthrough]];
    case verdict::later:
      if (answer.when <= now_)
        complain("a call has to wait, and may ask again at once");
      ask_at_ = answer.when;
    }
    if (gate_.in_flight() != calls_.size())
      complain("the gate counts other calls in flight than there are");
    return answer;
  }

  void end(std::size_t which, kind how) {
    const auto one = calls_[which];
    calls_.erase(calls_.begin() + static_cast<std::ptrdiff_t>(which));
    const auto result = how == kind::good      ? core::call_result::succeeded
                        : how == kind::nothing ? core::call_result::ignored
                                               : core::call_result::overloaded;
    if (how == kind::good && since_hold(one))
      proven_ = true;
    const auto asked =
        how == kind::not_now ? asked_for : std::chrono::seconds{0};
    if (how == kind::not_now) {
      held_until_ = std::max(held_until_, now_ + asked_for);
      proven_ = false;
    }
    if (gate_.ended(now_, one.ticket, one.began, result, asked, 0))
      ++changes_;
    if (gate_.in_flight() != calls_.size())
      complain("the gate counts other calls in flight than there are");
  }

  std::optional<std::string> play_out() {
    constexpr int backlog = 10;
    const auto by = now_ + asked_for + settings_.breaker.open_for +
                    std::chrono::seconds{1}; // ten at ten a second
    for (int done = 0; done < backlog && !wrong_;) {
      const auto answer = ask();
      if (answer.what == verdict::begin) {
        end(calls_.size() - 1, kind::good);
        ++done;
      } else if (answer.what == verdict::full || answer.when > by) {
        complain("the backlog does not go through, though all is well again");
      } else {
        now_ = answer.when;
      }
    }
    if (gate_.circuit() != core::breaker_state::closed)
      complain("the circuit is not closed, though all has gone well");
    return wrong_;
  }

  void complain(std::string what) {
    if (!wrong_)
      wrong_ = std::move(what);
  }

  config::server_settings settings_;
  Gate gate_;
  clock::time_point now_{std::chrono::hours{1}};
  std::vector<call> calls_;
  clock::time_point held_until_ = clock::time_point::min();
  clock::time_point ask_at_{};
  bool proven_ = true; ///< since the server has asked for time
  bool nobody_waits_ = true;
  unsigned changes_ = 0;
  std::optional<std::string> wrong_;
};

} // namespace mfo::model
