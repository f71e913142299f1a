#include "node/letter_clerk.hpp"

#include "dead_letters/factory.hpp"
#include "tests/dead_letters/letters.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mfo::node {

namespace {

using dead_letters::is_done;
using dead_letters::letter;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using result = tl::expected<std::string, std::string>;

/// Letters in a folder, and a server that takes them or not.
class the_clerk : public testing::Test {
protected:
  the_clerk() {
    config::dead_letter_sink_settings disk;
    disk.name = "disk";
    disk.path = folder / "letters";
    settings.sinks.push_back(disk);
  }

  void put(std::size_t letters) {
    auto sink = dead_letters::make_sink(settings.sinks[0]);
    ASSERT_TRUE(sink) << sink.error();
    ASSERT_TRUE(
        is_done((*sink)->write(dead_letters::sample_letters(0, letters))));
  }

  letter_clerk::delivery connect() {
    return {[this](const letter& value) -> dead_letters::done {
              delivered.push_back(value.event_id);
              if (value.event_id == slow)
                wait_until_abandoned();
              if (value.event_id == refused)
                return tl::unexpected{std::string{"it answered 400"}};
              return {};
            },
            [this] {
              const std::lock_guard lock{mutex};
              abandoned = true;
              changed.notify_all();
            }};
  }

  void wait_until_abandoned() {
    std::unique_lock lock{mutex};
    begun = true;
    changed.notify_all();
    changed.wait(lock, [this] { return abandoned; });
  }

  void wait_until_begun() {
    std::unique_lock lock{mutex};
    changed.wait(lock, [this] { return begun; });
  }

  /// What is called back.
  template <class Begin>
  std::future<result> ask(Begin begin) {
    auto promise = std::make_shared<std::promise<result>>();
    auto answer = promise->get_future();
    begin([promise](result got) { promise->set_value(std::move(got)); });
    return answer;
  }

  json list(std::size_t limit) {
    const auto got =
        ask([&](auto done) { clerk.list(limit, std::move(done)); }).get();
    EXPECT_TRUE(got) << got.error();
    return got ? json::parse(*got) : json{};
  }

  json replay(std::vector<std::string> ids) {
    const auto got = ask([&](auto done) {
                       clerk.replay(std::move(ids), std::move(done));
                     }).get();
    EXPECT_TRUE(got) << got.error();
    return got ? json::parse(*got) : json{};
  }

  support::temporary_folder folder;
  config::dead_letter_settings settings;
  std::vector<std::string> delivered;
  std::string refused;
  std::string slow;
  std::mutex mutex;
  std::condition_variable changed;
  bool begun = false;
  bool abandoned = false;
  letter_clerk clerk{
      {.look = [this] { return letter_clerk::box{.settings = settings}; },
       .connect =
           [this] {
             return connect();
           }}};
};

TEST_F(the_clerk, finds_nothing_where_nothing_is) {
  EXPECT_EQ(list(10), json::parse(R"({
    "sinks": [{"name": "disk", "type": "file", "up": true, "readable": true}],
    "dead_letters": [], "more": false})"));
}

TEST_F(the_clerk, lists_the_oldest_letters_and_says_whether_there_are_more) {
  put(3);
  const auto shown = list(2);
  ASSERT_EQ(shown["dead_letters"].size(), 2u);
  EXPECT_TRUE(shown["more"]);
  EXPECT_EQ(shown["dead_letters"][0], json::parse(R"({
    "sink": "disk", "event_id": "0", "endpoint": "orders", "server": "default",
    "type": "email.received", "reason": "upstream_failed",
    "detail": "the server answered 500", "attempts": 8, "last_status": 500,
    "dead_at": "2025-11-24T07:55:28.002Z", "size": 32})"));
  EXPECT_FALSE(list(3)["more"]);
}

TEST_F(the_clerk, says_which_sink_it_cannot_read) {
  settings.sinks[0].type = config::dead_letter_sink::http;
  settings.sinks[0].url = config::secret{"http://127.0.0.1:1/"};
  settings.sinks.push_back(settings.sinks[0]);
  settings.sinks[1].name = "store";
  settings.sinks[1].type = config::dead_letter_sink::redis;
  settings.sinks[1].url = config::secret{"redis://127.0.0.1:1"};
  const auto sinks = list(10)["sinks"];
  EXPECT_FALSE(sinks[0]["readable"]);
  EXPECT_FALSE(sinks[0].contains("error"));
  EXPECT_TRUE(sinks[1]["readable"]);
  EXPECT_FALSE(sinks[1]["error"].get<std::string>().empty());
}

TEST_F(the_clerk, delivers_the_letters_of_the_events_that_are_wanted) {
  put(3);
  const auto said = replay({"0", "2"});
  EXPECT_EQ(said, json::parse(R"({"replayed": ["0", "2"], "failed": []})"));
  EXPECT_THAT(delivered, ElementsAre("0", "2"));
  EXPECT_EQ(list(10)["dead_letters"].size(), 1u) << "they are gone";
}

TEST_F(the_clerk, tells_why_a_letter_is_not_delivered) {
  put(2);
  refused = "1";
  const auto said = replay({"1", "0", "nobody"});
  EXPECT_EQ(said["replayed"], json({"0"}));
  EXPECT_EQ(said["failed"][0],
            json({{"event_id", "1"}, {"detail", "it answered 400"}}));
  EXPECT_THAT(said["failed"][1]["detail"], "there is no letter of this event");
  EXPECT_EQ(list(10)["dead_letters"].size(), 1u) << "it stays";
}

TEST_F(the_clerk, tells_of_a_sink_that_cannot_be_read_for_a_replay) {
  settings.sinks[0].type = config::dead_letter_sink::redis;
  settings.sinks[0].url = config::secret{"redis://127.0.0.1:1"};
  const auto said = replay({"1"});
  EXPECT_THAT(said["failed"][0]["detail"].get<std::string>(),
              HasSubstr("sink disk: "));
}

TEST_F(the_clerk, does_one_thing_at_a_time) {
  put(1);
  slow = "0";
  auto first = ask([&](auto done) { clerk.replay({"0"}, std::move(done)); });
  wait_until_begun();
  const auto second =
      ask([&](auto done) { clerk.list(1, std::move(done)); }).get();
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("already"));
  clerk.stop();
  EXPECT_TRUE(first.get()) << "it was abandoned";
}

TEST_F(the_clerk, takes_nothing_once_it_stops) {
  clerk.stop();
  const auto got =
      ask([&](auto done) { clerk.list(1, std::move(done)); }).get();
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error(), HasSubstr("stops"));
}

TEST_F(the_clerk, delivers_no_more_when_the_time_is_over) {
  put(2);
  letter_clerk hasty{
      {.look = [this] { return letter_clerk::box{.settings = settings}; },
       .connect = [this] { return connect(); },
       .replay_time = std::chrono::milliseconds{0}}};
  const auto got =
      ask([&](auto done) { hasty.replay({"0"}, std::move(done)); }).get();
  ASSERT_TRUE(got);
  EXPECT_THAT(json::parse(*got)["failed"][0]["detail"],
              "the time was over before its turn");
  EXPECT_THAT(delivered, IsEmpty());
}

} // namespace

} // namespace mfo::node
