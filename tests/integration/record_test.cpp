// What `mfo-node record` makes of requests to the real program, and what
// `mfo-node test` makes of that.

#include "tests/integration/taskflow_fixture.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace mfo::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr auto allowed = "recording: {enabled: true}\n";

class recorded_requests : public a_node_with_workflows {
protected:
  using words = std::vector<std::string>;

  /// Begins to record into `file`.
  void record(const std::string& endpoint, words more) {
    words all{binary,
              "record",
              endpoint,
              "--config",
              folder / "node.yaml",
              "--admin",
              "http://127.0.0.1:" + std::to_string(admin_port),
              "-o",
              file};
    all.insert(all.end(), more.begin(), more.end());
    command.emplace(all, variables);
  }

  void await_recording() {
    ASSERT_TRUE(node->wait_for_line("recording of requests begins"))
        << command->errors();
  }

  void expect_recorded() {
    EXPECT_EQ(command->wait(), 0) << command->errors();
  }

  /// Runs the cases that were written; what is not as they expect is a failure.
  void expect_all_pass(const std::string& sum) {
    child_process test{{binary, "test", file}, variables};
    EXPECT_EQ(test.wait(), 0) << test.output() << test.errors() << written();
    EXPECT_THAT(test.output(), HasSubstr(sum));
  }

  std::string written() const {
    std::ifstream in{file};
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

  const child_process::variables variables{
      {"WEBHOOK_SECRET", std::string{secret}}};
  std::string file = folder / "webhook.cases.yaml";
  std::optional<child_process> command;
};

TEST_F(recorded_requests, become_cases_that_pass) {
  start(allowed);
  record("webhook", {"--count", "3"});
  await_recording();
  post(R"({"order":1017,"items":[{"n":1},{"n":2.5}]})", {{"X-Kind", "order"}});
  post("no json");
  post(R"({"text":"x"})");
  expect_recorded();
  EXPECT_THAT(command->errors(), HasSubstr("3 cases"));
  EXPECT_THAT(written(),
              AllOf(HasSubstr("order: 1017"), HasSubstr("X-Kind: order"),
                    HasSubstr("malformed_json")));
  expect_all_pass("3 passed, 0 failed");
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(file).permissions() &
                (perms::group_all | perms::others_all),
            perms::none)
      << "others read it";
}

TEST_F(recorded_requests, have_no_secrets) {
  start("recording: {enabled: true, redact: [customer, /note/text]}\n");
  record("webhook", {"--count", "2"});
  await_recording();
  const field_list secrets{{"Authorization", "Bearer marker-1"},
                           {"X-Api-Key", "marker-2"},
                           {"Cookie", "session=marker-3"}};
  post(R"({"user":{"password":"marker-4","e":"joe@marker-5.test"},)"
       R"("access_token":"marker-6","customer":"marker-7",)"
       R"("note":{"text":"marker-8"},"kept":"as it is"})",
       secrets);
  const std::string form = "token=marker-9&kept=1";
  auto fields = signed_fields(form);
  fields[0].second = "application/x-www-form-urlencoded";
  EXPECT_EQ(devserver::ask(port, "POST", "/webhook?api_key=marker-10&kept=1",
                           form, fields)
                .status,
            202);
  expect_recorded();
  EXPECT_THAT(written(), AllOf(Not(HasSubstr("marker")), HasSubstr("as it is"),
                               HasSubstr("person@example.com"),
                               HasSubstr("api_key=redacted&kept=1"),
                               HasSubstr("token=redacted&kept=1")));
  EXPECT_THAT(written(),
              Not(HasSubstr(support::hex_hmac_sha256(secret, form))));
  expect_all_pass("2 passed, 0 failed");
}

TEST_F(recorded_requests, are_genuine_unless_all_are_wanted) {
  start(allowed);
  record("webhook", {});
  await_recording();
  const auto forge = [&] {
    return devserver::ask(port, "POST", "/webhook", "{}",
                          signed_fields("{}", "another secret"))
        .status;
  };
  EXPECT_EQ(forge(), 401);
  post("{}");
  expect_recorded();
  EXPECT_THAT(command->errors(), HasSubstr("left out: 1 (not genuine"));
  expect_all_pass("1 passed, 0 failed");
  record("webhook", {"--force", "--all", "--count", "3"});
  ASSERT_TRUE(node->wait_for_line("\"all\":\"true\"")) << command->errors();
  EXPECT_EQ(forge(), 401);
  EXPECT_EQ(devserver::ask(port, "PUT", "/webhook", "{}").status, 405);
  EXPECT_EQ(devserver::ask(port, "POST", "/webhook", "x",
                           {{"Content-Type", "text/plain"}})
                .status,
            415);
  expect_recorded();
  EXPECT_THAT(written(), HasSubstr("sign: wrong"));
  expect_all_pass("3 passed, 0 failed");
}

TEST_F(recorded_requests, may_be_repetitions_or_be_refused_by_the_server) {
  start_with("endpoints:\n"
             "  - id: webhook\n"
             "    path: /webhook\n"
             "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
             "    delivery_id_header: X-Delivery\n" +
             std::string{allowed});
  record("webhook", {"--count", "3"});
  await_recording();
  post("{}", {{"X-Delivery", "d-1"}});
  post("{}", {{"X-Delivery", "d-1"}});
  set_faults(R"({"statuses":[400]})");
  post("{}", {{"X-Delivery", "d-2"}});
  expect_recorded();
  EXPECT_THAT(written(), AllOf(HasSubstr("reason: duplicate"),
                               HasSubstr("reason: upstream_rejected")));
  expect_all_pass("3 passed, 0 failed");
}

TEST_F(recorded_requests, may_become_dead_letters) {
  start_with("endpoints:\n"
             "  - id: webhook\n"
             "    path: /webhook\n"
             "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
             "    ack: received\n"
             "dead_letters: [{name: disk, type: file, path: letters}]\n" +
             std::string{allowed});
  record("webhook", {});
  await_recording();
  set_faults(R"({"statuses":[400]})");
  EXPECT_EQ(post("{}").status, 202);
  expect_recorded();
  EXPECT_THAT(written(), HasSubstr("outcome: dead_lettered"));
  expect_all_pass("1 passed, 0 failed");
}

TEST_F(recorded_requests, may_be_those_of_a_trigger) {
  run(webhook, R"(
    - {id: try_it, type: mfo_api_tool_execute, config: {tool_id: no_such_tool}}
)",
      allowed);
  record("w/hook", {});
  await_recording();
  post("{}");
  expect_recorded();
  EXPECT_THAT(written(), HasSubstr("reason: taskflow_failed"));
  expect_all_pass("1 passed, 0 failed");
}

TEST_F(recorded_requests, are_bounded) {
  start("recording: {enabled: true, max_requests: 2, max_bytes: 1KiB}\n");
  record("webhook", {"--count", "3"});
  EXPECT_EQ(command->wait(), 1);
  EXPECT_THAT(command->errors(), HasSubstr("1 to 2"));
  record("webhook", {"--count", "2"});
  await_recording();
  post('"' + std::string(2'000, 'x') + '"');
  post("{}");
  post(R"({"a":1})");
  expect_recorded();
  EXPECT_THAT(command->errors(), HasSubstr("left out: 1 (beyond"));
  EXPECT_LT(written().size(), 2'000u);
}

TEST_F(recorded_requests, are_given_when_the_time_is_over) {
  start(allowed);
  record("webhook", {"--for", "1s", "--count", "5"});
  EXPECT_EQ(command->wait(), 1);
  EXPECT_THAT(command->errors(), HasSubstr("no request"));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(recorded_requests, end_with_who_waits_for_them) {
  start(allowed);
  record("webhook", {"--for", "10m"});
  await_recording();
  command->signal(SIGKILL);
  EXPECT_TRUE(node->wait_for_line("recording of requests ended"));
}

TEST_F(recorded_requests, are_not_begun_where_they_cannot_be_written) {
  start(allowed);
  file = folder / "no_such_folder/cases.yaml";
  record("webhook", {});
  EXPECT_EQ(command->wait(), 69);
  EXPECT_THAT(command->errors(), AllOf(HasSubstr("there is no folder"),
                                       Not(HasSubstr("recording"))));
  file = folder / ".";
  record("webhook", {"--force"});
  EXPECT_EQ(command->wait(), 69);
  EXPECT_THAT(command->errors(), HasSubstr("is a folder"));
}

TEST_F(recorded_requests, are_given_when_recording_is_forbidden_meanwhile) {
  start(allowed);
  record("webhook", {"--count", "5"});
  await_recording();
  post("{}");
  configure("webhook_path: /webhook\nwebhook_secret: ${WEBHOOK_SECRET}\n");
  EXPECT_EQ(ask_admin("POST", "/api/v1/reload").status, 200);
  expect_recorded();
  EXPECT_THAT(written(), HasSubstr("status: 202"));
  EXPECT_EQ(
      ask_admin("POST", "/api/v1/endpoints/webhook/recording", "{}").status,
      403);
}

TEST_F(recorded_requests, are_given_when_the_node_stops) {
  start(allowed);
  record("webhook", {"--count", "5"});
  await_recording();
  EXPECT_EQ(post("{}").status, 202);
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0);
  expect_recorded();
  EXPECT_THAT(written(), HasSubstr("status: 202"));
}

TEST_F(recorded_requests, are_none_where_the_configuration_allows_none) {
  start();
  record("webhook", {});
  EXPECT_EQ(command->wait(), 1);
  EXPECT_THAT(command->errors(), HasSubstr("Set recording.enabled to true"));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(recorded_requests, overwrite_no_file) {
  start(allowed);
  file = folder.write("mine.yaml", "mine");
  record("webhook", {});
  EXPECT_EQ(command->wait(), 69);
  EXPECT_THAT(command->errors(), HasSubstr("--force"));
  EXPECT_EQ(written(), "mine");
}

TEST_F(recorded_requests, are_warned_of_at_the_start) {
  start(allowed);
  EXPECT_TRUE(node->wait_for_line("requests may be recorded"));
}

} // namespace
} // namespace mfo::integration
