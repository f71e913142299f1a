#include "http/admin/recording_routes.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// What one caller has got.
struct recipient {
  std::string text;
  bool ended = false;
};

/// Whether callers are there is as the test has it.
class recipient_output final : public stream_output {
public:
  recipient_output(std::shared_ptr<recipient> to, const bool& there)
    : to_(std::move(to)), there_(there) {}

  void write(std::string text, std::function<void(bool)> sent) override {
    to_->text += text;
    sent(there_);
  }

  void end() override {
    to_->ended = true;
  }

private:
  std::shared_ptr<recipient> to_;
  const bool& there_;
};

/// The path of a node in which requests come as the test has it.
class the_path_of_recordings : public testing::Test {
protected:
  the_path_of_recordings() {
    settings.enabled = true;
    settings.max_requests = 3;
  }

  /// What is answered at once.
  std::optional<answer> ask(std::string_view body = "{}",
                            const std::string& endpoint = "orders") {
    admin_request request{};
    request.method = "POST";
    request.body = body;
    request.content_type = content_type;
    request.peer = "192.0.2.1";
    return routes->handle(request, endpoint, [this] {
      callers.push_back(std::make_shared<recipient>());
      return std::make_unique<recipient_output>(callers.back(), there);
    });
  }

  int status(std::string_view body, const std::string& endpoint = "orders") {
    const auto got = ask(body, endpoint);
    return got ? got->status : 0;
  }

  /// A request comes, and is delivered.
  void come(std::string body) {
    recorded_request request;
    request.endpoint = orders;
    request.method = "POST";
    request.path = "/orders";
    request.body = std::move(body);
    if (const auto slip = tape->open(std::move(request))) {
      slip->answered(202);
      core::event event;
      event.endpoint = orders;
      slip->ended(event, {}, false);
    }
  }

  /// All that can be done without waiting.
  void work() {
    io.restart();
    io.poll();
  }

  [[nodiscard]] std::ptrdiff_t answered() const {
    return std::ranges::count_if(callers,
                                 [](const auto& each) { return each->ended; });
  }

  json only_answer() {
    EXPECT_EQ(answered(), 1);
    if (answered() != 1)
      return {};
    return json::parse(callers[0]->text);
  }

  std::shared_ptr<const config::endpoint_settings> orders = [] {
    config::endpoint_settings made;
    made.id = "orders";
    return std::make_shared<const config::endpoint_settings>(made);
  }();
  boost::asio::io_context io;
  std::string content_type = "application/json";
  config::recording_settings settings;
  std::vector<std::string> lines;
  bool there = true;
  std::vector<std::shared_ptr<recipient>> callers;
  std::shared_ptr<recorder> tape = std::make_shared<recorder>();
  std::optional<recording_routes> routes{
      std::in_place, io,
      recording_control{.by = tape,
                        .settings = [this] { return settings; },
                        .knows =
                            [](const std::string& id) {
                              return id == "orders";
                            }},
      std::make_shared<telemetry::log>(
          config::log_settings{},
          [this](std::string_view line) { lines.emplace_back(line); })};
};

TEST_F(the_path_of_recordings, is_closed_unless_the_configuration_opens_it) {
  settings = {};
  const auto got = ask();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 403);
  EXPECT_THAT(got->body, HasSubstr("recording.enabled"));
  EXPECT_FALSE(tape->is_on());
  EXPECT_THAT(lines, IsEmpty());
}

TEST_F(the_path_of_recordings, answers_when_there_are_as_many_as_are_wanted) {
  EXPECT_FALSE(ask(R"({"count": 2})"));
  come(R"({"a":1})");
  work();
  EXPECT_EQ(answered(), 0);
  come(R"({"password":"marker"})");
  work();
  const auto got = only_answer();
  ASSERT_EQ(got["requests"].size(), 2u);
  EXPECT_EQ(got["requests"][0]["body"], R"({"a":1})");
  EXPECT_EQ(got["requests"][1]["body"], R"({"password":"redacted"})");
  EXPECT_EQ(got["requests"][1]["outcome"], "delivered");
  EXPECT_EQ(got["not_genuine"], 0);
  EXPECT_FALSE(tape->is_on());
}

TEST_F(the_path_of_recordings, answers_with_what_there_is_when_time_is_over) {
  EXPECT_FALSE(ask(R"({"count": 3, "seconds": 1})"));
  come("{}");
  io.run(); // to the end of the timer
  EXPECT_EQ(only_answer()["requests"].size(), 1u);
}

TEST_F(the_path_of_recordings, says_in_the_log_who_records) {
  EXPECT_FALSE(ask(R"({"all": true})"));
  come("{}");
  work();
  EXPECT_THAT(
      lines,
      ElementsAre(AllOf(HasSubstr("recording of requests begins"),
                        HasSubstr("orders"), HasSubstr("192.0.2.1")),
                  AllOf(HasSubstr("recording of requests ended"),
                        HasSubstr("\"requests\":1"), HasSubstr("192.0.2.1"))));
}

TEST_F(the_path_of_recordings, refuses_what_it_does_not_know) {
  for (const auto* body :
       {" ", "[]", "1", "{", R"({"count": 0})", R"({"count": 4})",
        R"({"count": 1.5})", R"({"count": -1})", R"({"count": "1"})",
        R"({"seconds": 0})", R"({"seconds": 601})", R"({"all": 1})",
        R"({"cuont": 1})", R"({"count": 1, "count": 2})"})
    EXPECT_EQ(status(body), 400) << body;
  EXPECT_EQ(status("{}", "other"), 404);
  EXPECT_EQ(status(std::string(5000, ' ')), 413);
  content_type = "text/plain";
  EXPECT_EQ(status("{}"), 415);
  EXPECT_FALSE(tape->is_on());
}

TEST_F(the_path_of_recordings, needs_no_body) {
  content_type = "";
  EXPECT_FALSE(ask(""));
  EXPECT_TRUE(tape->is_on());
  come("{}");
  work();
  EXPECT_EQ(answered(), 1);
}

TEST_F(the_path_of_recordings, serves_a_few_at_a_time) {
  for (std::size_t i = 0; i < recorder::most; ++i)
    EXPECT_FALSE(ask());
  const auto got = ask();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 503);
  EXPECT_EQ(got->retry_after.count(), 1);
  come("{}");
  work();
  EXPECT_EQ(answered(), static_cast<std::ptrdiff_t>(recorder::most));
}

TEST_F(the_path_of_recordings, leaves_out_what_was_named_at_the_beginning) {
  settings.redact = {"customer"};
  EXPECT_FALSE(ask());
  settings = {};
  come(R"({"customer":"marker"})");
  work();
  EXPECT_EQ(only_answer()["requests"][0]["body"], R"({"customer":"redacted"})");
}

TEST_F(the_path_of_recordings, begins_its_answer_at_once) {
  EXPECT_FALSE(ask());
  ASSERT_EQ(callers.size(), 1u);
  EXPECT_EQ(callers[0]->text, "\n") << "JSON may have it before it";
}

TEST_F(the_path_of_recordings, records_nothing_for_who_has_gone) {
  EXPECT_FALSE(ask(R"({"count": 2, "seconds": 600})"));
  come("{}");
  there = false;
  io.run(); // to the next look at the caller
  EXPECT_FALSE(tape->is_on());
  EXPECT_EQ(answered(), 0);
  EXPECT_EQ(callers[0]->text, "\n\n") << "nothing of what was recorded";
  there = true;
  for (std::size_t i = 0; i < recorder::most; ++i)
    EXPECT_FALSE(ask()) << "others have its place";
}

TEST_F(the_path_of_recordings, is_not_begun_for_who_has_gone_at_once) {
  there = false;
  EXPECT_FALSE(ask());
  EXPECT_FALSE(tape->is_on());
}

TEST_F(the_path_of_recordings, harms_nobody_when_the_listener_is_gone) {
  EXPECT_FALSE(ask());
  routes.reset();
  EXPECT_FALSE(tape->is_on()) << "nobody waits for it any more";
  come("{}");
  work();
  EXPECT_EQ(answered(), 0);
}

} // namespace

} // namespace mfo::http
