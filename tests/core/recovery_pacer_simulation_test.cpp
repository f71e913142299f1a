// Outages in simulated time: what piled up goes out beside the live traffic,
// and the server never sees much more than it is used to.

#include "core/recovery_pacer.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace mfo::core {

namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using clock = recovery_pacer::clock;
using seconds_d = std::chrono::duration<double>;

constexpr auto healthy_time = 20s;
constexpr auto outage_time = 30s;
constexpr auto longest_recovery = 200s;

class outage_simulation {
public:
  outage_simulation(double rate, unsigned seed) : rate_(rate), random_(seed) {}

  void run() {
    be_healthy();
    fail();
    recover();
  }

  std::vector<clock::time_point> starts; ///< since the server is back
  clock::duration recovery{0};
  recovery_pacer pacer;

private:
  /// Evenly, each up to 0.3 of the distance early or late.
  clock::time_point next_arrival() const {
    return next_arrival_;
  }

  void arrive() {
    ++arrived_;
    const auto at =
        (static_cast<double>(arrived_) + 0.6 * (uniform(random_) - 0.5)) /
        rate_;
    next_arrival_ =
        begin_ + std::chrono::duration_cast<clock::duration>(seconds_d{at});
  }

  void be_healthy() {
    arrive();
    for (; next_arrival() < begin_ + healthy_time; arrive()) {
      pacer.on_start(next_arrival());
      pacer.on_success(next_arrival());
    }
  }

  /// The outage is noticed late; what is tried meanwhile comes in a storm of
  /// retries, or not at all because the calls hang.
  void fail() {
    now_ = begin_ + healthy_time;
    const auto noticed =
        now_ + std::chrono::milliseconds{between(random_, 0, 10'000)};
    const auto retries = between(random_, 0, 3);
    for (; next_arrival() < noticed; arrive()) {
      ++backlog_;
      for (int i = 0; i < retries; ++i)
        pacer.on_start(next_arrival());
    }
    pacer.outage_began(noticed);
    now_ = begin_ + healthy_time + outage_time;
    take_arrivals();
    pacer.recovery_began(now_);
  }

  void take_arrivals() {
    for (; next_arrival() <= now_; arrive())
      ++backlog_;
  }

  /// Live traffic queues behind the backlog; the timers are up to 3 ms late.
  void recover() {
    const auto back_at = now_;
    while (backlog_ > 0 && now_ < back_at + longest_recovery) {
      now_ = std::max(now_, pacer.next_start(now_)) +
             std::chrono::microseconds{between(random_, 0, 3'000)};
      take_arrivals();
      for (; backlog_ > 0 && pacer.next_start(now_) <= now_; --backlog_)
        start();
    }
    recovery = now_ - back_at;
    pacer.recovered(now_);
    const auto end = now_ + 5s;
    for (; next_arrival() < end; arrive()) {
      now_ = next_arrival();
      start();
    }
  }

  void start() {
    pacer.on_start(now_);
    starts.push_back(now_);
  }

  double rate_;
  std::mt19937 random_;
  clock::time_point begin_{1h};
  clock::time_point now_;
  clock::time_point next_arrival_;
  std::uint64_t arrived_ = 0;
  std::uint64_t backlog_ = 0;
};

/// The most starts in any stretch of time of this length.
double most_within(const std::vector<clock::time_point>& starts,
                   clock::duration length) {
  std::size_t most = 0;
  std::size_t first = 0;
  for (std::size_t last = 0; last < starts.size(); ++last) {
    while (starts[last] - starts[first] >= length)
      ++first;
    most = std::max(most, last - first + 1);
  }
  return static_cast<double>(most);
}

TEST(after_an_outage, the_server_sees_at_most_half_more_than_usual) {
  const auto seed = first_seed();
  for (unsigned i = 0; i < 12; ++i) {
    std::mt19937 random{seed + i};
    const auto rate = 20 * std::pow(250, uniform(random)); // to 5000/s
    SCOPED_TRACE(seed_trace(seed) + " + " + std::to_string(i) + ": " +
                 std::to_string(rate) + "/s");
    outage_simulation outage{rate, seed + i};
    outage.run();
    EXPECT_NEAR(outage.pacer.steady_rate().value() / rate, 1, 0.02);
    // One more, because a stretch may begin and end with a call.
    EXPECT_LE(most_within(outage.starts, 1s), 1.5 * rate + 1);
    EXPECT_LE(most_within(outage.starts, 250ms), 1.5 * rate * 0.25 + 1);
    EXPECT_LE(most_within(outage.starts, 100ms), 1.4 * rate * 0.1 + 2);
    // A quarter of the rate drains what 30 s brought in 120 s.
    EXPECT_GT(outage.recovery, 100s);
    EXPECT_LT(outage.recovery, 140s);
  }
}

} // namespace

} // namespace mfo::core
