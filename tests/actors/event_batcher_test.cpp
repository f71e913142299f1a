#include "actors/event_batcher.hpp"

#include "tests/actors/batched_events.hpp"

#include <gmock/gmock.h>

namespace mfo::actors::tests {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class event_batcher_test : public batched_events, public batch_host {
protected:
  void make(std::unique_ptr<server_call> call) override {
    weights_.push_back(call->weight());
    made_.push_back(std::move(call));
  }

  void due_after(std::chrono::milliseconds delay,
                 std::uint64_t number) override {
    waits_.push_back(delay);
    numbers_.push_back(number);
  }

  event_batcher& batcher() {
    if (!batcher_)
      batcher_ = std::make_unique<event_batcher>(
          std::make_shared<const config::server_settings>(server_), *this);
    return *batcher_;
  }

  std::unique_ptr<event_batcher> batcher_;
  std::vector<std::size_t> weights_; ///< of the calls that were made
  std::vector<std::unique_ptr<server_call>> made_;
  std::vector<std::chrono::milliseconds> waits_;
  std::vector<std::uint64_t> numbers_;
};

TEST_F(event_batcher_test, makes_each_event_a_call_when_it_is_off) {
  server_.batch.max_events = 1;
  batcher().add(make_call());
  batcher().add(make_call());
  EXPECT_THAT(weights_, ElementsAre(1U, 1U));
  EXPECT_EQ(made_[0]->operation(), api::operation::event);
  EXPECT_THAT(waits_, IsEmpty());
}

TEST_F(event_batcher_test, sends_a_batch_as_soon_as_it_is_full) {
  for (int i = 0; i < 7; ++i)
    batcher().add(make_call());
  EXPECT_THAT(weights_, ElementsAre(3U, 3U));
  EXPECT_EQ(made_[0]->operation(), api::operation::event_batch);
}

TEST_F(event_batcher_test, sends_what_there_is_when_the_wait_is_over) {
  server_.batch.max_wait = 7ms;
  batcher().add(make_call());
  batcher().add(make_call());
  EXPECT_THAT(waits_, ElementsAre(7ms));
  EXPECT_THAT(weights_, IsEmpty());
  batcher().due(numbers_[0]);
  EXPECT_THAT(weights_, ElementsAre(2U));
}

TEST_F(event_batcher_test, sends_a_lonely_event_as_itself) {
  batcher().add(make_call());
  batcher().due(numbers_[0]);
  ASSERT_THAT(weights_, ElementsAre(1U));
  EXPECT_EQ(made_[0]->operation(), api::operation::event);
  EXPECT_EQ(made_[0]->id(), ids_[0]);
}

TEST_F(event_batcher_test, lets_no_wait_end_a_later_batch) {
  for (int i = 0; i < 4; ++i)
    batcher().add(make_call());
  batcher().due(numbers_[0]);
  EXPECT_THAT(weights_, ElementsAre(3U));
  batcher().due(numbers_[1]);
  EXPECT_THAT(weights_, ElementsAre(3U, 1U));
}

TEST_F(event_batcher_test, keeps_events_apart_that_wait_differently) {
  batcher().add(make_call());
  endpoint_settings_.ack = config::ack_mode::received;
  batcher().add(make_call());
  endpoint_settings_.lifetime *= 2;
  batcher().add(make_call());
  EXPECT_EQ(numbers_.size(), 3U);
  for (const auto number : numbers_)
    batcher().due(number);
  EXPECT_THAT(weights_, ElementsAre(1U, 1U, 1U));
}

TEST_F(event_batcher_test, makes_no_body_larger_than_it_may_be) {
  auto calls = make_calls(3);
  server_.batch.max_bytes = envelopes_[0].size() + envelopes_[1].size() + 3;
  for (auto& each : calls)
    batcher().add(std::move(each));
  ASSERT_THAT(weights_, ElementsAre(2U));
  EXPECT_EQ(made_[0]->request().body->size(), server_.batch.max_bytes);
}

TEST_F(event_batcher_test, sends_an_event_alone_that_is_too_large) {
  server_.batch.max_bytes = 1'000;
  batcher().add(make_call('"' + std::string(1'000, 'x') + '"'));
  EXPECT_THAT(weights_, ElementsAre(1U));
  EXPECT_THAT(waits_, IsEmpty());
}

TEST_F(event_batcher_test, sends_everything_when_told_to) {
  batcher().add(make_call());
  endpoint_settings_.ack = config::ack_mode::received;
  batcher().add(make_call());
  batcher().flush();
  EXPECT_THAT(weights_, ElementsAre(1U, 1U));
}

TEST_F(event_batcher_test, answers_what_it_holds_when_it_goes) {
  batcher().add(make_call());
  batcher_.reset();
  EXPECT_EQ(outcome(0).error, core::errc::internal_error);
}

} // namespace
} // namespace mfo::actors::tests
