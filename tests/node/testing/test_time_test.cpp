#include "node/testing/test_time.hpp"

#include <caf/all.hpp>
#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace mfo::node {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::ElementsAre;

constexpr milliseconds patience = 30s;

struct a_test_time : testing::Test {
  a_test_time() {
    time->prepare(config);
    system = std::make_unique<caf::actor_system>(config);
  }

  ~a_test_time() override {
    for (const auto& each : waiters)
      caf::anon_send_exit(each, caf::exit_reason::kill);
    waiters.clear();
  }

  /// An actor that sends itself each number when its time has come.
  void wait_for(std::vector<milliseconds> delays) {
    left += delays.size();
    waiters.push_back(system->spawn(
        [this, delays](caf::event_based_actor* self) -> caf::behavior {
          for (const auto each : delays)
            self->delayed_send(self, each,
                               static_cast<std::int64_t>(each.count()));
          return {[this](std::int64_t number) {
            const std::lock_guard lock{mutex};
            came.push_back(number);
            passed.push_back(elapsed());
            --left;
          }};
        }));
  }

  [[nodiscard]] milliseconds elapsed() const {
    return time->now().unix_time - milliseconds{1s};
  }

  std::shared_ptr<test_time> time = test_time::make(1s);
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
  std::vector<caf::actor> waiters;
  std::atomic<std::size_t> left = 0;
  std::mutex mutex;
  std::vector<std::int64_t> came;
  std::vector<milliseconds> passed;
};

TEST_F(a_test_time, stands_still_while_nobody_waits) {
  wait_for({1h});
  EXPECT_EQ(time->wait_for_rest(patience), test_time::rest::nobody_waits);
  EXPECT_EQ(elapsed(), 0s);
  EXPECT_EQ(left, 1U);
}

TEST_F(a_test_time, jumps_from_timer_to_timer_while_somebody_waits) {
  time->pass_while([this] { return left > 0; });
  wait_for({24h, 1s, 1h});
  EXPECT_EQ(time->wait_for_rest(patience), test_time::rest::nobody_waits);
  EXPECT_THAT(came, ElementsAre(1'000, 3'600'000, 86'400'000));
  EXPECT_THAT(passed, ElementsAre(1s, 1h, 24h));
}

TEST_F(a_test_time, stands_still_while_it_is_held) {
  time->pass_while([this] { return left > 0; });
  time->hold();
  wait_for({1h});
  EXPECT_EQ(time->wait_for_rest(patience), test_time::rest::stuck);
  EXPECT_EQ(elapsed(), 0s);
  time->release();
  EXPECT_EQ(time->wait_for_rest(patience), test_time::rest::nobody_waits);
  EXPECT_EQ(elapsed(), 1h);
}

TEST_F(a_test_time, says_when_somebody_waits_for_what_never_comes) {
  time->pass_while([] { return true; });
  EXPECT_EQ(time->wait_for_rest(patience), test_time::rest::stuck);
}

TEST_F(a_test_time, passes_when_it_is_told_to) {
  wait_for({1h});
  EXPECT_EQ(time->wait_for_rest(patience), test_time::rest::nobody_waits);
  time->pass(2h);
  EXPECT_EQ(time->wait_for_rest(patience), test_time::rest::nobody_waits);
  EXPECT_EQ(elapsed(), 2h);
  EXPECT_EQ(left, 0U);
}

TEST_F(a_test_time, calls_others_in_the_order_of_their_times) {
  std::vector<int> order;
  std::atomic<int> calls = 3;
  const auto call = [&](int number) {
    return [&, number] {
      order.push_back(number);
      --calls;
    };
  };
  time->after(2s, call(2));
  time->after(0s, call(0));
  time->after(1s, call(1));
  time->pass_while([&] { return calls > 0; });
  EXPECT_EQ(time->wait_for_rest(patience), test_time::rest::nobody_waits);
  EXPECT_THAT(order, ElementsAre(0, 1, 2));
}

} // namespace

} // namespace mfo::node
