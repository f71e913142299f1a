#include "node/command_send.hpp"

#include "devserver/server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace mfo::node {
namespace {

using testing::HasSubstr;

/// Runs `mfo-node send` in this process, against a stand-in server.
class send_command : public testing::Test {
protected:
  void SetUp() override {
    ::setenv("WEBHOOK_SECRET", "Jefe", 1);
    const auto started = server.start();
    ASSERT_TRUE(started) << started.error();
  }

  void TearDown() override {
    ::unsetenv("WEBHOOK_SECRET");
  }

  /// The exit status; what is printed is in `out`.
  exit_status run(const std::string& arguments) {
    CLI::App app;
    command_action chosen;
    add_send_command(app, chosen);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    app.parse("send " + arguments);
    const auto status = chosen();
    std::fflush(stdout);
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return status;
  }

  std::string events_url() const {
    return "--url " + server.url() + "/api/events";
  }

  devserver::server server;
  std::string out;
  std::string err;
};

TEST_F(send_command, posts_a_signed_event_and_shows_the_answer) {
  EXPECT_EQ(run(events_url() + R"( -d '{"id":"1"}')"), exit_status::ok);
  EXPECT_THAT(out, HasSubstr("HTTP 202\n{\"id\":\"1\""));
  ASSERT_EQ(server.count(), 1u);
  const auto event = server.events().front();
  EXPECT_EQ(event->body, R"({"id":"1"})");
  EXPECT_EQ(event->headers.find("x-signature").size(), 64u);
  EXPECT_EQ(event->headers.find("content-type"), "application/json");
}

TEST_F(send_command, keeps_the_query_of_the_url) {
  EXPECT_EQ(run("--url " + server.url() + "/api/events?x=1 -d 1"),
            exit_status::ok);
}

TEST_F(send_command, fails_where_the_answer_is_no_2xx) {
  ASSERT_TRUE(server.set_faults(R"({"statuses":[503]})"));
  EXPECT_EQ(run(events_url() + " -d 1"), exit_status::not_accepted);
  EXPECT_THAT(out, HasSubstr("HTTP 503"));
}

TEST_F(send_command, fails_where_nobody_answers) {
  const auto url = events_url();
  server.stop();
  EXPECT_EQ(run(url + " -d 1"), exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("refused"));
}

TEST_F(send_command, sends_as_often_as_asked_and_counts_the_answers) {
  ASSERT_TRUE(server.set_faults(R"({"statuses":[503,503,503]})"));
  EXPECT_EQ(run(events_url() + " -d 1 --count 50 --concurrency 4"),
            exit_status::not_accepted);
  EXPECT_EQ(server.count(), 47u);
  EXPECT_THAT(out, HasSubstr("47  202"));
  EXPECT_THAT(out, HasSubstr("3  503"));
}

TEST_F(send_command, keeps_to_a_rate) {
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(run(events_url() + " -d 1 --count 11 --rate 100"), exit_status::ok);
  EXPECT_GE(std::chrono::steady_clock::now() - begun,
            std::chrono::milliseconds(100));
  EXPECT_EQ(server.count(), 11u);
}

TEST_F(send_command, asks_for_a_url) {
  EXPECT_EQ(run("-d 1"), exit_status::usage);
  EXPECT_EQ(run("--url nonsense -d 1"), exit_status::usage);
}

TEST_F(send_command, names_a_file_of_tls_that_it_cannot_read) {
  EXPECT_EQ(run("--url https://127.0.0.1:1 -d 1 --ca /nowhere/ca.pem"),
            exit_status::no_input);
  EXPECT_THAT(err, HasSubstr("/nowhere/ca.pem"));
}

TEST_F(send_command, asks_for_a_url_where_the_configuration_has_no_port) {
  const support::temporary_folder folder;
  const auto config =
      folder.write("node.yaml", "server_url: http://127.0.0.1:1\n"
                                "webhook_path: /api/events\n"
                                "webhook_secret: Jefe\n"
                                "listen: 127.0.0.1:0\n");
  EXPECT_EQ(run("-d 1 -c " + config), exit_status::usage);
  EXPECT_THAT(err, HasSubstr("`listen` leaves the port open: --url is needed"));
  EXPECT_EQ(run(events_url() + " -d 1 -c " + config), exit_status::ok) << err;
}

} // namespace
} // namespace mfo::node
