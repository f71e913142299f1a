#include "http/admin/streams.hpp"

#include "http/admin.hpp"
#include "tests/devserver/raw_client.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// What one reader has got.
struct reader {
  std::string text;
  std::vector<std::function<void(bool)>> waiting; ///< to be told that it has
  bool ended = false;
};

class fake_output final : public stream_output {
public:
  explicit fake_output(std::shared_ptr<reader> to) : to_(std::move(to)) {}

  void write(std::string text, std::function<void(bool)> sent) override {
    to_->text += text;
    to_->waiting.push_back(std::move(sent));
  }

  void end() override {
    to_->ended = true;
  }

private:
  std::shared_ptr<reader> to_;
};

struct the_streams : testing::Test {
  /// Null: it was refused.
  std::shared_ptr<reader> begin(const std::string& address = "192.0.2.1") {
    auto got = std::make_shared<reader>();
    const auto refused = open.begin(
        address, [&got] { return std::make_unique<fake_output>(got); });
    if (!refused)
      return got;
    EXPECT_EQ(refused->status, 503);
    EXPECT_GT(refused->retry_after, 0s);
    return nullptr;
  }

  static void take_all(const std::shared_ptr<reader>& one, bool well = true) {
    for (const auto& each : std::exchange(one->waiting, {}))
      each(well);
  }

  static std::string read(const std::shared_ptr<reader>& one) {
    take_all(one);
    return std::exchange(one->text, {});
  }

  telemetry::run_entry begin_run(const std::string& id) const {
    return runs->begin({.id = id,
                        .workflow = "w",
                        .taskflow = "main",
                        .trigger = "t",
                        .event_id = id},
                       0ms, {});
  }

  boost::asio::io_context io;
  std::string overview = "{}";
  int cut_off = 0;
  std::shared_ptr<telemetry::event_book> events =
      std::make_shared<telemetry::event_book>();
  std::shared_ptr<telemetry::run_book> runs =
      std::make_shared<telemetry::run_book>();
  streams open{io,
               {.overview = [this] { return overview; },
                .events = events,
                .runs = runs,
                .cut_off =
                    [this] {
                      ++cut_off;
                    }}};
};

TEST_F(the_streams, begin_with_how_the_node_is) {
  EXPECT_EQ(begin()->text, "retry: 2000\n\nevent: overview\ndata: {}\n\n");
}

TEST_F(the_streams, tell_what_is_new_and_nothing_that_was_before) {
  events->refused({.id = "old"});
  const auto before = begin_run("old-run");
  const auto one = begin();
  read(one);
  events->refused({.id = "new"});
  const auto run = begin_run("new-run");
  open.tell();
  const auto said = read(one);
  EXPECT_THAT(said, HasSubstr("event: overview\n"));
  EXPECT_THAT(said, HasSubstr("\"id\":\"new\""));
  EXPECT_THAT(said, HasSubstr("\"id\":\"new-run\""));
  EXPECT_THAT(said, Not(HasSubstr("old")));
  open.tell();
  EXPECT_EQ(read(one), "event: overview\ndata: {}\n\n");
}

TEST_F(the_streams, tell_all_of_them_the_same) {
  const auto one = begin();
  const auto other = begin();
  events->refused({.id = "a"});
  open.tell();
  EXPECT_THAT(one->text, HasSubstr("\"id\":\"a\""));
  EXPECT_EQ(one->text, other->text);
}

TEST_F(the_streams, say_now_and_then_that_they_live) {
  const auto one = begin();
  for (int i = 0; i < 15; ++i)
    open.tell();
  EXPECT_THAT(one->text, HasSubstr("\n: still here\n\n"));
}

TEST_F(the_streams, are_bounded) {
  std::vector<std::shared_ptr<reader>> all;
  for (std::size_t i = 0; i < streams::most; ++i)
    all.push_back(begin("192.0.2." + std::to_string(i)));
  EXPECT_EQ(begin("192.0.2.99"), nullptr);
  take_all(all[0], false); // it is gone
  EXPECT_NE(begin("192.0.2.99"), nullptr);
  EXPECT_EQ(open.size(), streams::most);
}

TEST_F(the_streams, are_bounded_for_each_address) {
  std::vector<std::shared_ptr<reader>> all;
  for (std::size_t i = 0; i < streams::most_of_an_address; ++i)
    all.push_back(begin());
  EXPECT_EQ(begin(), nullptr);
  EXPECT_NE(begin("192.0.2.2"), nullptr);
}

TEST_F(the_streams, leave_a_reader_behind_that_does_not_keep_up) {
  const auto slow = begin();
  const auto quick = begin();
  overview.resize(streams::most_unsent / 4, ' ');
  for (int i = 0; i < 6; ++i) {
    open.tell();
    read(quick);
  }
  EXPECT_TRUE(slow->ended);
  EXPECT_LE(slow->text.size(), streams::most_unsent);
  EXPECT_EQ(cut_off, 1);
  EXPECT_FALSE(quick->ended);
  EXPECT_EQ(open.size(), 1u);
  take_all(slow); // may still be told
}

TEST_F(the_streams, forget_a_reader_that_is_gone) {
  const auto one = begin();
  take_all(one, false);
  open.tell();
  EXPECT_EQ(open.size(), 0u);
  EXPECT_FALSE(one->ended) << "there is nothing to end";
  EXPECT_EQ(cut_off, 0);
}

TEST_F(the_streams, end_together) {
  const auto one = begin();
  const auto other = begin();
  open.end_all();
  EXPECT_TRUE(one->ended);
  EXPECT_TRUE(other->ended);
  EXPECT_EQ(open.size(), 0u);
  EXPECT_NE(begin(), nullptr) << "and can begin anew";
}

TEST_F(the_streams, cost_nothing_without_readers) {
  io.run(); // ends at once: nothing is waited for
  const auto one = begin();
  take_all(one, false);
  io.restart();
  io.run(); // ends when the timer finds nobody
  EXPECT_EQ(open.size(), 0u);
}

// --- over the wire -----------------------------------------------------------

struct an_admin_with_streams : testing::Test {
  an_admin_with_streams() {
    auto opened = admin::open(
        {"127.0.0.1", 0},
        {.state = std::make_shared<node_state>(),
         .observer = observer,
         .node_name = "node-1",
         .checks = [] { return std::vector<health_check>{}; },
         .events = {.book = observer.events,
                    .endpoints =
                        [] {
                          return std::string{"{}"};
                        }},
         .view = {.history = std::make_shared<telemetry::history>(
                      std::chrono::steady_clock::now()),
                  .overview = [] { return std::string{R"({"node":"n"})"}; },
                  .config = [] { return std::string{"{}"}; },
                  .taskflows =
                      [] {
                        return std::string{"{}"};
                      }}});
    if (opened)
      door = std::move(*opened);
    else
      ADD_FAILURE() << opened.error();
  }

  static void ask(devserver::raw_client& client, std::string_view more = {}) {
    client.write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n" +
                 std::string{more} + "\r\n");
  }

  /// What comes until this is among it.
  static std::string read_until(devserver::raw_client& client,
                                const std::string& wanted) {
    std::string text;
    EXPECT_TRUE(support::wait_until([&] {
      text += client.read_all(50);
      return text.find(wanted) != text.npos;
    })) << wanted
        << " is not in " << text;
    return text;
  }

  telemetry::observer observer{
      std::make_shared<telemetry::metrics>(std::vector<std::string>{},
                                           telemetry::upstream_names{}),
      std::make_shared<telemetry::log>(
          config::log_settings{.level = config::log_level::off}),
      std::make_shared<telemetry::refusal_lines>(10),
      std::make_shared<telemetry::event_book>()};
  std::unique_ptr<admin> door;
};

TEST_F(an_admin_with_streams, sends_one_bit_by_bit) {
  devserver::raw_client client{door->port()};
  ask(client);
  const auto head = read_until(client, "data: {\"node\":\"n\"}");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
  EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(head, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  observer.events->refused({.id = "event-1"});
  read_until(client, "event-1");
  EXPECT_FALSE(client.closed());
}

TEST_F(an_admin_with_streams, answers_others_meanwhile) {
  devserver::raw_client client{door->port()};
  ask(client);
  read_until(client, "overview");
  EXPECT_EQ(devserver::ask(door->port(), "GET", "/health/live").status, 200);
}

TEST_F(an_admin_with_streams, ends_them_when_it_ends) {
  devserver::raw_client client{door->port()};
  ask(client);
  read_until(client, "overview");
  door.reset();
  EXPECT_THAT(client.read_all(), testing::EndsWith("0\r\n\r\n"));
  EXPECT_TRUE(client.closed());
  EXPECT_FALSE(client.reset());
}

TEST_F(an_admin_with_streams, ends_them_when_others_may_have_them) {
  devserver::raw_client client{door->port()};
  ask(client);
  read_until(client, "overview");
  config::admin_settings access;
  access.tokens = {config::secret{"a-token-that-is-long-enough"}};
  door->adopt({"127.0.0.1", 0}, access, nullptr);
  EXPECT_THAT(client.read_all(), testing::EndsWith("0\r\n\r\n"));
  EXPECT_TRUE(client.closed());
  devserver::raw_client again{door->port()};
  ask(again);
  EXPECT_EQ(again.read().status, 401);
}

TEST_F(an_admin_with_streams, forgets_those_whose_readers_are_gone) {
  for (std::size_t i = 0; i < streams::most_of_an_address; ++i) {
    devserver::raw_client client{door->port()};
    ask(client);
    read_until(client, "overview");
  }
  EXPECT_TRUE(support::wait_until([&] {
    devserver::raw_client client{door->port()};
    ask(client);
    return client.read_all(50).starts_with("HTTP/1.1 200 ");
  }));
}

TEST_F(an_admin_with_streams, refuses_one_too_many_and_what_is_no_good) {
  std::vector<std::unique_ptr<devserver::raw_client>> all;
  for (std::size_t i = 0; i < streams::most_of_an_address; ++i) {
    all.push_back(std::make_unique<devserver::raw_client>(door->port()));
    ask(*all.back());
    read_until(*all.back(), "overview");
  }
  const devserver::field_list here{{"Host", "localhost"}};
  const auto get = [&](std::string_view method, std::string_view target) {
    return devserver::ask(door->port(), method, target, "", here);
  };
  const auto refused = get("GET", "/api/v1/stream");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("content-type"), "application/problem+json");
  EXPECT_EQ(get("GET", "/api/v1/stream?x=1").status, 400);
  EXPECT_EQ(get("HEAD", "/api/v1/stream").status, 405);
  EXPECT_EQ(get("POST", "/api/v1/stream").status, 405);
}

} // namespace

} // namespace mfo::http
