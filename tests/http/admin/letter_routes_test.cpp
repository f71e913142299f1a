#include "http/admin/letter_routes.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The paths of a node whose sinks are played.
struct the_letters : testing::Test {
  std::optional<answer> ask(std::string_view method, const std::string& path,
                            std::string_view query = {},
                            std::string_view body = {}) {
    const auto at = find_admin_route(path);
    EXPECT_TRUE(at) << path;
    admin_request request{};
    request.method = method;
    request.path = path;
    request.query = query;
    request.body = body;
    request.content_type = "application/json";
    request.peer = "192.0.2.1";
    return routes->handle(
        request, *at, [this](answer got) { later.push_back(std::move(got)); });
  }

  std::optional<answer> list(std::string_view query = {}) {
    return ask("GET", "/api/v1/dead-letters", query);
  }

  std::optional<answer> replay(std::string_view body) {
    return ask("POST", "/api/v1/dead-letters/replay", {}, body);
  }

  /// What the node comes to.
  void ends(tl::expected<std::string, std::string> how) {
    ASSERT_EQ(waiting.size(), 1u);
    std::exchange(waiting, {}).front()(std::move(how));
    io.restart();
    io.poll();
  }

  letter_control control() {
    return {.list =
                [this](std::size_t limit, auto done) {
                  limits.push_back(limit);
                  waiting.push_back(std::move(done));
                },
            .replay =
                [this](std::vector<std::string> ids, auto done) {
                  wanted = std::move(ids);
                  waiting.push_back(std::move(done));
                }};
  }

  boost::asio::io_context io;
  std::vector<std::size_t> limits;
  std::vector<std::string> wanted;
  std::vector<letter_control::done_function> waiting;
  std::vector<answer> later;
  std::vector<std::string> lines; ///< of the log
  std::shared_ptr<telemetry::log> log = std::make_shared<telemetry::log>(
      config::log_settings{},
      [this](std::string_view line) { lines.emplace_back(line); });
  std::optional<letter_routes> routes{std::in_place, io, control(), log,
                                      letter_routes::patience{1ms, 1h}};
};

TEST_F(the_letters, are_what_the_sinks_have) {
  routes.emplace(io, control(), log, letter_routes::patience{});
  EXPECT_FALSE(list());
  EXPECT_FALSE(list("limit=7"));
  EXPECT_THAT(limits, ElementsAre(100, 7));
  waiting.pop_back();
  ends(R"({"a":1})");
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].status, 200);
  EXPECT_EQ(later[0].body, R"({"a":1})");
}

TEST_F(the_letters, are_listed_by_nothing_else) {
  for (const auto* query : {"limit=0", "limit=x", "limit=10001", "x=1"}) {
    const auto got = list(query);
    ASSERT_TRUE(got) << query;
    EXPECT_EQ(got->status, 400) << query;
  }
  EXPECT_THAT(limits, IsEmpty());
}

TEST_F(the_letters, come_in_time_or_not_at_all) {
  EXPECT_FALSE(list());
  io.run_one(); // the timer
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].status, 504);
  ends("{}");
  EXPECT_EQ(later.size(), 1u) << "once";
}

TEST_F(the_letters, are_not_to_be_had_while_others_read_them) {
  EXPECT_FALSE(replay(R"({"event_ids":["a"]})"));
  ends(tl::unexpected{std::string{"busy"}});
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].status, 503);
  EXPECT_EQ(later[0].retry_after, 1s);
}

TEST_F(the_letters, are_replayed_and_that_is_in_the_log) {
  EXPECT_FALSE(replay(R"({"event_ids":["a","b"]})"));
  EXPECT_THAT(wanted, ElementsAre("a", "b"));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("dead letters replayed by hand"));
  EXPECT_THAT(lines[0], HasSubstr("192.0.2.1"));
  ends("{}");
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].status, 200);
}

TEST_F(the_letters, are_replayed_by_their_ids_alone) {
  json many{{"event_ids", json::array()}};
  for (std::size_t i = 0; i <= letter_routes::most_events; ++i)
    many["event_ids"].push_back("a");
  const json longish{{"event_ids", {std::string(257, 'a')}}};
  for (const auto& body :
       {std::string{}, std::string{"{}"}, std::string{"[]"},
        std::string{R"({"event_ids":[]})"}, std::string{R"({"event_ids":"a"})"},
        std::string{R"({"event_ids":[1]})"},
        std::string{R"({"event_ids":[""]})"},
        std::string{R"({"event_ids":["a"],"x":1})"},
        std::string{R"({"event_ids":["a"],"event_ids":["b"]})"}, many.dump(),
        longish.dump()}) {
    const auto got = replay(body);
    ASSERT_TRUE(got) << body;
    EXPECT_EQ(got->status, 400) << body;
  }
  EXPECT_THAT(waiting, IsEmpty());
}

TEST_F(the_letters, are_for_nobody_when_the_listener_is_gone) {
  EXPECT_FALSE(replay(R"({"event_ids":["a"]})"));
  routes.reset();
  ends("{}");
  EXPECT_THAT(later, IsEmpty());
}

} // namespace

} // namespace mfo::http
