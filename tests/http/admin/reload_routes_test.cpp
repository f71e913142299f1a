#include "http/admin/reload_routes.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using nlohmann::json;
using testing::ElementsAre;

/// The paths of a node whose reloads are played.
class the_path_of_reload : public testing::Test {
protected:
  /// What is answered at once.
  std::optional<answer> ask(std::string_view method) {
    admin_request request{};
    request.method = method;
    request.path = "/api/v1/reload";
    request.peer = "192.0.2.1";
    return routes.handle(
        request, [this](answer got) { later.push_back(std::move(got)); });
  }

  /// What the node has come to.
  void ends(const reload_report& how) {
    ASSERT_EQ(waiting.size(), 1u);
    std::exchange(waiting, {}).front()(how);
    io.restart();
    io.run();
  }

  boost::asio::io_context io;
  std::vector<std::string> reasons;
  std::vector<std::function<void(const reload_report&)>> waiting;
  reload_report last{.reason = "start",
                     .at = std::chrono::milliseconds{1'500},
                     .generation = 1};
  std::vector<answer> later;
  reload_routes routes{io,
                       {.ask =
                            [this](std::string reason, auto done) {
                              reasons.push_back(std::move(reason));
                              waiting.push_back(std::move(done));
                            },
                        .last =
                            [this] {
                              return last;
                            }}};
};

TEST_F(the_path_of_reload, tells_what_came_of_the_last_one) {
  const auto got = ask("GET");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(json::parse(got->body), json::parse(R"({
    "in_force": true, "generation": 1, "reason": "start",
    "at": "1970-01-01T00:00:01.500Z", "changed": [], "problems": []})"));
}

TEST_F(the_path_of_reload, asks_for_one_and_answers_when_it_has_ended) {
  EXPECT_FALSE(ask("POST"));
  EXPECT_THAT(reasons, ElementsAre("asked for by 192.0.2.1"));
  EXPECT_TRUE(later.empty());
  ends({.generation = 2, .changed = {"limits.max_body"}});
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].status, 200);
  EXPECT_EQ(json::parse(later[0].body)["changed"],
            json::array({"limits.max_body"}));
}

TEST_F(the_path_of_reload, answers_422_with_all_that_is_wrong) {
  ask("POST");
  ends({.generation = 1, .problems = {"a.yaml:1:1: one", "a.yaml:2:1: two"}});
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].status, 422);
  const auto body = json::parse(later[0].body);
  EXPECT_EQ(body["problems"].size(), 2u);
  EXPECT_EQ(body["generation"], 1);
}

TEST_F(the_path_of_reload, answers_503_when_the_node_stops) {
  ask("POST");
  ends({.stopping = true});
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].status, 503);
  EXPECT_EQ(later[0].retry_after, std::chrono::seconds{1});
}

TEST_F(the_path_of_reload, has_no_other_methods) {
  const auto got = ask("DELETE");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 405);
}

TEST_F(the_path_of_reload, answers_nobody_when_it_is_gone) {
  std::optional<reload_routes> own{
      std::in_place, io,
      reload_control{
          .ask = [this](std::string, auto done) { waiting.push_back(done); },
          .last =
              [this] {
                return last;
              }}};
  admin_request request{};
  request.method = "POST";
  EXPECT_FALSE(own->handle(
      request, [this](answer got) { later.push_back(std::move(got)); }));
  own.reset();
  ends({});
  EXPECT_TRUE(later.empty());
}

} // namespace

} // namespace mfo::http
