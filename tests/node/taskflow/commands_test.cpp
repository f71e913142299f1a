// `mfo-node taskflow` against a real admin listener, with an engine that does
// what the test says.

#include "node/taskflow/command_taskflow.hpp"

#include "http/admin.hpp"
#include "tests/support/http_certificates.hpp"
#include "tests/support/temporary_folder.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

namespace {

using namespace std::chrono_literals;
using http::manual_start;
using http::task_control;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

struct taskflow_command : testing::Test {
  taskflow_command() {
    open();
  }

  ~taskflow_command() override {
    ::unsetenv("MFO_ADMIN_TOKEN");
  }

  void open(const config::admin_settings& access = {}) {
    door.reset();
    std::shared_ptr<http::listener_tls> tls;
    const telemetry::observer observer{
        std::make_shared<telemetry::metrics>(std::vector<std::string>{},
                                             telemetry::upstream_names{}),
        std::make_shared<telemetry::log>(config::log_settings{},
                                         [](std::string_view) {})};
    if (access.tls.enabled())
      tls = *http::listener_tls::open(access.tls, "admin", observer);
    auto opened = http::admin::open(
        {"127.0.0.1", 0},
        {.state = std::make_shared<http::node_state>(),
         .observer = observer,
         .node_name = "node-1",
         .access = access,
         .tls = tls,
         .checks = [] { return std::vector<http::health_check>{}; },
         .tasks = {
             .runs = book,
             .questions = desk,
             .start =
                 [this](manual_start what, task_control::begun_function begun,
                        task_control::ended_function ended) {
                   engine(std::move(what), std::move(begun), std::move(ended));
                 },
             .cancel =
                 [this](const std::string& run) {
                   cancelled.push_back(run);
                 }}});
    ASSERT_TRUE(opened) << opened.error();
    door = std::move(*opened);
    scheme = access.tls.enabled() ? "https" : "http";
  }

  std::string url() const {
    return scheme + "://127.0.0.1:" + std::to_string(door->port());
  }

  /// The exit status; what is printed is in `out` and `err`.
  exit_status run(const std::string& arguments, bool where = true) {
    CLI::App app;
    command_action chosen;
    add_taskflow_command(app, chosen);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    app.parse("taskflow " + arguments + (where ? " --admin " + url() : ""));
    const auto status = chosen();
    std::fflush(stdout);
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return status;
  }

  telemetry::run_entry begin(std::string id) {
    return book->begin({std::move(id), "intake", "main", "gh", "event-1"},
                       1'000ms, at);
  }

  const std::chrono::steady_clock::time_point at{1h};
  std::vector<std::string> cancelled; ///< read after the answer alone
  std::function<void(manual_start, task_control::begun_function,
                     task_control::ended_function)>
      engine;
  std::shared_ptr<telemetry::run_book> book =
      std::make_shared<telemetry::run_book>();
  std::shared_ptr<core::question_desk> desk =
      std::make_shared<core::question_desk>([last = std::uint8_t{0}]() mutable {
        return std::array<std::uint8_t, 16>{++last};
      });
  support::temporary_folder files;
  std::unique_ptr<http::admin> door;
  std::string scheme;
  std::string out;
  std::string err;
};

TEST_F(taskflow_command, lists_runs) {
  EXPECT_EQ(run("runs"), exit_status::ok);
  EXPECT_EQ(out, "no runs\n");
  const auto entry = begin("run-1");
  begin("run-2").ended("Failed", std::nullopt, at + 2s);
  EXPECT_EQ(run("runs"), exit_status::ok);
  EXPECT_THAT(out, StartsWith("ID     STARTED"));
  EXPECT_LT(out.find("\nrun-2 "), out.find("\nrun-1 ")) << "newest first";
}

TEST_F(taskflow_command, lists_the_runs_that_are_asked_for) {
  const auto entry = begin("run-1");
  begin("run-2").ended("Failed", std::nullopt, at + 2s);
  const auto ids = [&](const std::string& filter) {
    EXPECT_EQ(run("runs --format json " + filter), exit_status::ok) << err;
    std::vector<std::string> all;
    const auto reply = json::parse(out);
    for (const auto& each : reply["runs"])
      all.push_back(each["id"]);
    return all;
  };
  EXPECT_THAT(ids(""), ElementsAre("run-2", "run-1"));
  EXPECT_THAT(ids("--state running"), ElementsAre("run-1"));
  EXPECT_THAT(ids("--outcome failed"), ElementsAre("run-2"));
  EXPECT_THAT(ids("--limit 1"), ElementsAre("run-2"));
  EXPECT_THAT(ids("--taskflow 'a&b c'"), testing::IsEmpty());
}

TEST_F(taskflow_command, shows_a_run) {
  const auto entry = begin("run-1");
  EXPECT_EQ(run("runs run-1"), exit_status::ok);
  EXPECT_THAT(out, HasSubstr("taskflow  intake/main\n"));
  EXPECT_EQ(run("runs run-1 --format json"), exit_status::ok);
  EXPECT_EQ(json::parse(out)["id"], "run-1");
  EXPECT_EQ(run("runs ../runs"), exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("There is no such run."));
}

TEST_F(taskflow_command, cancels_a_run) {
  const auto entry = begin("run-1");
  EXPECT_EQ(run("cancel run-1"), exit_status::ok);
  EXPECT_EQ(out, "run-1 is being cancelled\n");
  EXPECT_THAT(cancelled, ElementsAre("run-1"));
  EXPECT_EQ(run("cancel run-2"), exit_status::not_accepted);
  EXPECT_THAT(err,
              HasSubstr("mfo-node taskflow cancel: the node answered 404"));
}

TEST_F(taskflow_command, starts_a_run) {
  manual_start asked;
  engine = [&](manual_start what, const auto& begun, const auto&) {
    asked = std::move(what);
    begun("run-1");
  };
  EXPECT_EQ(run(R"(start intake main --trigger hand --input '{"n": 1}')"),
            exit_status::ok);
  EXPECT_EQ(out, "run-1\n");
  EXPECT_EQ(asked.workflow, "intake");
  EXPECT_EQ(asked.taskflow, "main");
  EXPECT_EQ(asked.trigger, "hand");
  EXPECT_EQ(asked.input, R"({"n":1})");
}

TEST_F(taskflow_command, reads_the_input_of_a_run_from_a_file) {
  manual_start asked;
  engine = [&](manual_start what, const auto& begun, const auto&) {
    asked = std::move(what);
    begun("run-1");
  };
  const auto file = files.write("input.json", "[1, 2]");
  EXPECT_EQ(run("start intake main --input @" + file), exit_status::ok);
  EXPECT_EQ(asked.input, "[1,2]");
  EXPECT_EQ(run("start intake main --input @" + file + ".gone"),
            exit_status::no_input);
  EXPECT_EQ(run("start intake main --input {"), exit_status::usage);
}

TEST_F(taskflow_command, waits_for_the_result_of_a_run) {
  engine = [&](const manual_start&, const auto& begun, const auto& ended) {
    begun("run-1");
    ended({"Succeeded", R"("a text")"});
  };
  EXPECT_EQ(run("start intake main --wait"), exit_status::ok);
  EXPECT_EQ(out, "a text\n");
  EXPECT_EQ(run("start intake main --wait --format json"), exit_status::ok);
  EXPECT_EQ(json::parse(out)["outcome"], "Succeeded");
}

TEST_F(taskflow_command, fails_where_the_run_does) {
  engine = [&](const manual_start&, const auto& begun, const auto& ended) {
    begun("run-1");
    ended(
        {"Failed", "", telemetry::run_problem{"raised", "no stock", "check"}});
  };
  EXPECT_EQ(run("start intake main --wait"), exit_status::not_accepted);
  EXPECT_EQ(out, "");
  EXPECT_THAT(err, HasSubstr("run-1: Failed raised in check: no stock"));
}

TEST_F(taskflow_command, says_that_a_run_goes_on_after_the_wait) {
  engine = [&](const manual_start&, const auto& begun, const auto&) {
    begun("run-1");
  };
  EXPECT_EQ(run("start intake main --wait --wait-time 1"),
            exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("run-1 is still under way"));
}

TEST_F(taskflow_command, says_why_a_run_does_not_begin) {
  engine = [&](const manual_start&, const auto& begun, const auto&) {
    begun(tl::unexpected{http::start_refusal{
        http::start_refusal::reason::no_trigger, "No manual trigger."}});
  };
  EXPECT_EQ(run("start intake main"), exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("409: No manual trigger."));
}

TEST_F(taskflow_command, lists_and_answers_questions) {
  std::string got;
  const auto id = desk->ask({.workflow = "intake",
                             .taskflow = "main",
                             .task = "confirm",
                             .text = "Sure?",
                             .choices = {"yes", "no"}},
                            [&](std::string text) { got = std::move(text); });
  EXPECT_EQ(run("questions"), exit_status::ok);
  EXPECT_THAT(out, HasSubstr(*id + "  intake/main  confirm"));
  EXPECT_EQ(run("answer " + *id + " maybe"), exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("none of the choices. There are: yes, no."));
  EXPECT_EQ(run("answer " + *id + " yes"), exit_status::ok);
  EXPECT_EQ(out, "answered\n");
  EXPECT_EQ(got, "yes");
  EXPECT_EQ(run("answer " + *id + " yes"), exit_status::not_accepted);
  EXPECT_EQ(run("questions"), exit_status::ok);
  EXPECT_EQ(out, "no questions\n");
}

TEST_F(taskflow_command, takes_the_token_from_a_variable_or_a_file) {
  config::admin_settings access;
  access.tokens = {config::secret{"0123456789abcdef"}};
  open(access);
  EXPECT_EQ(run("runs"), exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("the node answered 401"));
  ::setenv("MFO_ADMIN_TOKEN", "0123456789abcdef", 1);
  EXPECT_EQ(run("runs"), exit_status::ok);
  ::setenv("MFO_ADMIN_TOKEN", "another", 1);
  EXPECT_EQ(run("runs"), exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("does not accept the token of MFO_ADMIN_TOKEN"));
  const auto file = files.write("token", "0123456789abcdef\n");
  EXPECT_EQ(run("runs --token-file " + file), exit_status::ok);
  EXPECT_EQ(run("runs --token-file " + file + ".gone"), exit_status::no_input);
}

TEST_F(taskflow_command, does_not_ask_without_the_token_that_was_named) {
  const auto empty = files.write("token", "\n");
  EXPECT_EQ(run("runs --token-file " + empty), exit_status::usage);
  EXPECT_THAT(err, HasSubstr("no token: " + empty + " is empty"));
  EXPECT_EQ(run("runs --token-env UNSET_OF_THE_TEST"), exit_status::usage);
  EXPECT_THAT(err, HasSubstr("no token: UNSET_OF_THE_TEST is not set"));
  EXPECT_THROW(run("runs --token-env UNSET_OF_THE_TEST --token-file " + empty),
               CLI::ExcludesError);
  testing::internal::GetCapturedStdout();
  testing::internal::GetCapturedStderr();
}

TEST_F(taskflow_command, finds_the_listener_and_its_token_in_a_configuration) {
  config::admin_settings access;
  access.tokens = {config::secret{"0123456789abcdef"}};
  open(access);
  const auto file = files.write(
      "node.yaml", "admin_listen: 127.0.0.1:" + std::to_string(door->port()) +
                       "\nadmin: {token: 0123456789abcdef}\n"
                       "server_url: http://127.0.0.1:1\n"
                       "webhook_path: /a\n"
                       "webhook_secret: 0123456789abcdef\n");
  EXPECT_EQ(run("runs --config " + file, false), exit_status::ok) << err;
  EXPECT_EQ(run("runs --config " + file + ".gone", false),
            exit_status::no_input);
}

TEST_F(taskflow_command, speaks_tls) {
  const test::authority ours;
  const auto own = ours.issue({{"IP:127.0.0.1"}});
  config::admin_settings access;
  access.tls.certificate = files.write("admin.pem", own.certificate);
  access.tls.key = files.write("admin.key", own.key);
  open(access);
  EXPECT_EQ(run("runs"), exit_status::not_accepted) << "nobody vouches for it";
  EXPECT_EQ(run("runs --ca " + files / "gone.pem"), exit_status::no_input);
  EXPECT_EQ(run("runs --ca " + files.write("ca.pem", ours.certificate())),
            exit_status::ok)
      << err;
}

TEST_F(taskflow_command, says_that_nobody_answers) {
  const auto gone = url();
  door.reset();
  EXPECT_EQ(run("runs --admin " + gone, false), exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("refused"));
  EXPECT_EQ(run("runs --admin nonsense", false), exit_status::usage);
}

} // namespace

} // namespace mfo::node
