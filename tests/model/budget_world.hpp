#pragma once

#include "core/retry_budget.hpp"
#include "tests/model/digest.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::model {

/// A retry budget, requests that are made for the first time, and retries that
/// want to be paid for. `Budget` is the real one, or one that something is
/// wrong with.
///
/// The oracle is the promise, word by word, and keeps all that has happened: of
/// any time in the past until now, the retries are at most `ratio` of the
/// requests, `min_per_second`, and what could be saved up when it began.
template <class Budget = core::retry_budget>
class budget_world {
public:
  enum class kind : std::uint8_t { request, retry, tenth, second, long_while };

  struct action {
    kind what;
  };

  explicit budget_world(const config::retry_budget_settings& settings)
    : settings_(settings), budget_(settings, now_) {
    spans_.push_back({.left = reserve()});
  }

  [[nodiscard]] std::vector<action> possible() const {
    return {{kind::request},
            {kind::retry},
            {kind::tenth},
            {kind::second},
            {kind::long_while}};
  }

  void apply(const action& what) {
    switch (what.what) {
    case kind::request:
      budget_.on_request(now_);
      requests_.push_back(now_);
      for (auto& each : spans_)
        each.left += settings_.ratio;
      begin_span();
      break;
    case kind::retry:
      retry();
      break;
    default:
      pass(length_of(what.what));
    }
  }

  [[nodiscard]] std::string tell(const action& what) const {
    switch (what.what) {
    case kind::request:
      return "a call is made for the first time";
    case kind::retry:
      return "a call wants to be made again";
    case kind::tenth:
      return "a tenth of a second passes";
    case kind::second:
      return "a second passes";
    case kind::long_while:
      break;
    }
    return "a long while passes";
  }

  /// What of the past a promise is still about, and what the budget pays for.
  [[nodiscard]] std::uint64_t fingerprint() const {
    digest sum;
    sum.add(std::llround(least_left() * 1e6));
    for (const auto& each : requests_)
      sum.add(now_ - each);
    auto asked = budget_;
    const auto wait = asked.time_until_next(now_);
    sum.add(wait ? wait->count() : -1);
    while (asked.try_withdraw(now_))
      sum.add(true);
    return sum.value();
  }

  [[nodiscard]] std::optional<std::string> wrong() const {
    return wrong_;
  }

  /// Who waits for as long as it is told is paid, and who waits for less is
  /// not.
  [[nodiscard]] std::optional<std::string> stuck() const {
    using std::chrono::milliseconds;
    auto asked = budget_;
    const auto wait = asked.time_until_next(now_);
    if (!wait)
      return settings_.min_per_second > 0
                 ? std::optional<std::string>{"only requests can bring another "
                                              "retry, though seconds do"}
                 : std::nullopt;
    if (*wait > milliseconds{1}) {
      auto early = budget_;
      if (early.try_withdraw(now_ + *wait - milliseconds{1}))
        return "a retry is paid for earlier than it was told";
    }
    if (!asked.try_withdraw(now_ + *wait))
      return "a retry is not paid for when it was told";
    return std::nullopt;
  }

private:
  using clock = core::retry_budget::clock;

  /// From some time in the past until now.
  struct span {
    double left; ///< of the retries that there may be in it
  };

  static constexpr double hair = 1e-6; ///< what sums of fractions may lack

  double reserve() const {
    return 10 * settings_.min_per_second;
  }

  /// What may be saved up now.
  double bound() const {
    const auto tenth_of = [](clock::time_point at) {
      return at.time_since_epoch() / std::chrono::milliseconds{100};
    };
    const auto recent = static_cast<double>(std::count_if(
        requests_.begin(), requests_.end(), [&](clock::time_point at) {
          return tenth_of(at) > tenth_of(now_) - 10;
        }));
    return std::max(reserve() + settings_.ratio * recent, 1.0);
  }

  double least_left() const {
    return std::min_element(
               spans_.begin(), spans_.end(),
               [](const span& a, const span& b) { return a.left < b.left; })
        ->left;
  }

  /// One begins with each moment; of those that began already the one with the
  /// least left stands for all.
  void begin_span() {
    spans_ = {{.left = least_left()}, {.left = bound()}};
  }

  void retry() {
    const bool paid = budget_.try_withdraw(now_);
    if (paid && least_left() < 1 - hair)
      complain("a retry is paid for that goes beyond the bound");
    if (!paid && least_left() > 1 + hair)
      complain("a retry is refused that is within the bound");
    for (auto& each : spans_)
      each.left -= paid ? 1 : 0;
    auto asked = budget_;
    int more = 0;
    while (asked.try_withdraw(now_))
      ++more;
    if (more > bound() + hair)
      complain("more is saved up than may be");
    begin_span();
  }

  void pass(std::chrono::milliseconds time) {
    now_ += time;
    for (auto& each : spans_)
      each.left += settings_.min_per_second *
                   std::chrono::duration<double>{time}.count();
    std::erase_if(requests_, [this](clock::time_point at) {
      return now_ - at > std::chrono::seconds{2};
    });
    begin_span();
  }

  static std::chrono::milliseconds length_of(kind what) {
    return what == kind::tenth    ? std::chrono::milliseconds{100}
           : what == kind::second ? std::chrono::milliseconds{1'000}
                                  : std::chrono::milliseconds{100'000};
  }

  void complain(std::string what) {
    if (!wrong_)
      wrong_ = std::move(what);
  }

  config::retry_budget_settings settings_;
  clock::time_point now_{std::chrono::hours{1}};
  Budget budget_;
  std::vector<span> spans_;
  std::vector<clock::time_point> requests_; ///< of the last seconds
  std::optional<std::string> wrong_;
};

} // namespace mfo::model
