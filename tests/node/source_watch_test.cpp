#include "node/source_watch.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace mfo::node {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// An endpoint of a node, looked at once a second.
class a_watched_source : public testing::Test {
protected:
  a_watched_source() {
    endpoint.id = "orders";
  }

  void look() {
    now += 1s;
    watch.look({endpoint}, now);
  }

  void send(int events) {
    for (int i = 0; i < events; ++i) {
      book->open(1).delivered();
      look();
    }
  }

  void be_silent(std::chrono::seconds length) {
    for (auto end = now + length; now < end;)
      look();
  }

  http::source state() const {
    const auto all = watch.sources();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? http::source{} : all.front();
  }

  config::endpoint_settings endpoint;
  std::vector<std::string> lines;
  std::shared_ptr<telemetry::ledger> book = telemetry::ledger::make({"orders"});
  source_watch::clock::time_point now{1h};
  source_watch watch{
      book, std::make_shared<telemetry::log>(
                config::log_settings{},
                [this](std::string_view line) { lines.emplace_back(line); })};
};

TEST_F(a_watched_source, is_told_of_when_it_goes_silent_and_when_it_is_back) {
  send(30);
  be_silent(60s);
  EXPECT_THAT(lines, IsEmpty());
  EXPECT_FALSE(state().silent);
  be_silent(2s);
  EXPECT_TRUE(state().silent);
  EXPECT_EQ(state().patience, 1min);
  be_silent(60s);
  EXPECT_THAT(lines, ElementsAre(AllOf(HasSubstr("\"source silent\""),
                                       HasSubstr("\"orders\""),
                                       HasSubstr("\"longer_than\":\"1m\""))));
  send(1);
  EXPECT_FALSE(state().silent);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[1], HasSubstr("source heard again"));
}

TEST_F(a_watched_source, is_not_kept_awake_by_strangers) {
  send(30);
  for (int i = 0; i < 62; ++i) {
    book->open(1).refused(core::errc::bad_signature);
    look();
  }
  EXPECT_TRUE(state().silent);
}

TEST_F(a_watched_source, is_heard_though_its_events_are_refused_by_the_server) {
  send(30);
  for (int i = 0; i < 62; ++i) {
    book->open(1).refused(core::errc::upstream_failed);
    look();
  }
  EXPECT_FALSE(state().silent);
}

TEST_F(a_watched_source, has_the_patience_that_its_endpoint_says) {
  endpoint.silent_after = 5s;
  be_silent(6s);
  EXPECT_FALSE(state().silent) << "it is watched from the first look on";
  be_silent(1s);
  EXPECT_TRUE(state().silent) << "nothing has come yet at all";
  EXPECT_THAT(lines, ElementsAre(HasSubstr("\"for\":\"ever\"")));
}

TEST_F(a_watched_source, may_be_silent_for_ever_where_its_endpoint_says_so) {
  endpoint.silent_after = config::never_silent;
  send(30);
  be_silent(600s);
  EXPECT_FALSE(state().silent);
  EXPECT_THAT(lines, IsEmpty());
}

TEST_F(a_watched_source, is_forgotten_with_its_endpoint) {
  send(1);
  watch.look({}, now + 1s);
  EXPECT_THAT(watch.sources(), IsEmpty());
}

} // namespace

} // namespace mfo::node
