#include "node/handing_office.hpp"

#include "telemetry/ledger.hpp"
#include "tests/cluster/messages/events.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

class office_behind final : public http::dead_letter_office {
public:
  void take(http::undelivered what) noexcept override {
    what.account.dead_lettered(*what.why.error);
    ids.push_back(what.event->id);
  }

  std::vector<std::string> ids;
};

class a_handing_office : public testing::Test {
protected:
  http::undelivered undelivered(core::errc why) {
    return {.event = event,
            .why = core::refused(why),
            .room = {},
            .account = book->open(1)};
  }

  void ask_peers() {
    office.begin(
        [this](const core::event_ptr& one) { asked.push_back(one->id); });
  }

  core::event_ptr event =
      cluster::test::sample_event(std::chrono::steady_clock::now());
  std::shared_ptr<telemetry::ledger> book = telemetry::ledger::make({"orders"});
  std::shared_ptr<office_behind> behind = std::make_shared<office_behind>();
  handing_office office{
      behind, std::make_shared<telemetry::log>(config::log_settings{},
                                               [](std::string_view) {})};
  std::vector<std::string> asked;
};

TEST_F(a_handing_office, has_peers_take_what_the_node_leaves_undone) {
  ask_peers();
  office.take(undelivered(core::errc::draining));
  EXPECT_EQ(asked, std::vector{event->id});
  EXPECT_EQ(book->snapshot().in_flight, 1u) << "until a peer has it";
  office.answered(event->id, true);
  EXPECT_EQ(book->snapshot().handed_over, 1u);
  EXPECT_EQ(book->snapshot().in_flight, 0u);
  EXPECT_TRUE(behind->ids.empty());
}

TEST_F(a_handing_office, says_that_a_peer_has_it) {
  ask_peers();
  auto what = undelivered(core::errc::draining);
  int said = 0;
  what.secured = [&] {
    ++said;
  };
  office.take(std::move(what));
  EXPECT_EQ(said, 0);
  office.answered(event->id, true);
  EXPECT_EQ(said, 1);
}

TEST_F(a_handing_office, makes_a_dead_letter_of_what_no_peer_takes) {
  ask_peers();
  office.take(undelivered(core::errc::draining));
  office.answered(event->id, false);
  EXPECT_EQ(behind->ids, std::vector{event->id});
  EXPECT_EQ(book->snapshot().dead_lettered, 1u);
}

TEST_F(a_handing_office, does_not_ask_for_what_cannot_be_delivered_at_all) {
  ask_peers();
  office.take(undelivered(core::errc::upstream_rejected));
  EXPECT_TRUE(asked.empty());
  EXPECT_EQ(behind->ids, std::vector{event->id});
}

TEST_F(a_handing_office, asks_nobody_before_it_is_told_whom) {
  office.take(undelivered(core::errc::draining));
  EXPECT_EQ(behind->ids, std::vector{event->id});
}

TEST_F(a_handing_office, does_not_keep_what_nobody_will_answer_for) {
  ask_peers();
  office.take(undelivered(core::errc::draining));
  office.stop();
  EXPECT_EQ(behind->ids, std::vector{event->id});
  office.answered(event->id, true);
  EXPECT_EQ(book->snapshot().handed_over, 0u) << "too late";
  office.take(undelivered(core::errc::draining));
  EXPECT_EQ(behind->ids.size(), 2u);
}

} // namespace
} // namespace mfo::node
