#include "tests/integration/fixture.hpp"

#include <algorithm>

namespace mfo::integration {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// What a command ended with, and what it said.
struct result {
  std::optional<int> status;
  std::string out;
  std::string err;
};

result run(std::vector<std::string> arguments,
           const child_process::variables& variables = {}) {
  arguments.insert(arguments.begin(), binary);
  child_process command{arguments, variables};
  const auto status = command.wait();
  return {status, command.output(), command.errors()};
}

auto count_lines(const std::string& text) {
  return std::ranges::count(text, '\n');
}

/// Nothing but a line for people: no assertion, no exception's name, no trace.
void expect_one_line(const std::string& text) {
  EXPECT_EQ(count_lines(text), 1) << text;
  EXPECT_THAT(text, StartsWith("mfo-node: "));
  for (const auto* word : {"what()", "terminate", "exception", "#0"})
    EXPECT_THAT(text, Not(HasSubstr(word)));
}

TEST(command_line, tells_its_version) {
  const auto got = run({"--version"});
  EXPECT_EQ(got.status, 0);
  EXPECT_THAT(got.out, testing::MatchesRegex("mfo-node [0-9.]+\n"));
  EXPECT_EQ(got.err, "");
}

TEST(command_line, explains_each_command) {
  EXPECT_THAT(run({"--help"}).out, HasSubstr("dev-server"));
  for (const auto* command : {"run", "check", "dev-server", "sign", "send"}) {
    const auto got = run({command, "--help"});
    EXPECT_EQ(got.status, 0) << command;
    EXPECT_THAT(got.out, HasSubstr("Options:")) << command;
    EXPECT_EQ(got.err, "") << command;
  }
}

TEST(command_line, refuses_what_it_does_not_know_with_64) {
  const std::vector<std::string> wrong[] = {
      {},
      {"walk"},
      {"run"},
      {"run", "--nonsense"},
      {"run", "-c", "x.yaml", "--log-format", "xml"},
      {"check", "--config"},
      {"sign", "--scheme", "rot13"},
  };
  for (const auto& arguments : wrong) {
    const auto got = run(arguments);
    EXPECT_EQ(got.status, 64) << testing::PrintToString(arguments);
    EXPECT_THAT(got.err, Not(IsEmpty()));
    EXPECT_EQ(got.out, "");
  }
}

TEST(command_line, takes_only_numbers_for_seconds_and_rates) {
  const std::vector<std::string> options[] = {
      {"doctor", "--timeout"},
      {"health", "--timeout"},
      {"send", "--rate"},
      {"dead-letters", "replay", "-c", "x.yaml", "--yes", "--rate"},
      {"call", "-c", "x.yaml", "info", "--timeout"},
      {"taskflow", "run", "x.yaml", "--timeout"},
      {"drain", "a1", "--wait", "--timeout"},
  };
  for (auto arguments : options)
    for (const auto* number : {"nan", "-1", "0", "inf", "1e99", "1s", ""}) {
      arguments.emplace_back(number);
      const auto got = run(arguments);
      EXPECT_EQ(got.status, 64) << testing::PrintToString(arguments);
      EXPECT_THAT(got.err, HasSubstr(" is no number from "))
          << testing::PrintToString(arguments);
      arguments.pop_back();
    }
}

TEST(command_line, takes_one_form_of_an_answer_and_one_listener) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"status", "--json", "--format", "text"},
        {"status", "--format", "text", "--json"},
        {"taskflow", "runs", "--json", "--format", "text"}}) {
    const auto got = run(arguments);
    EXPECT_EQ(got.status, 64) << testing::PrintToString(arguments);
    EXPECT_THAT(got.err, HasSubstr("--json excludes --format text"));
  }
  const auto nowhere = run({"status", "--admin", ""});
  EXPECT_EQ(nowhere.status, 64);
  EXPECT_THAT(nowhere.err, HasSubstr("--admin"));
  EXPECT_EQ(run({"status", "--json", "--format", "json", "--admin",
                 "http://127.0.0.1:1"})
                .status,
            1)
      << "they mean the same";
}

TEST(command_line, names_the_command_that_was_meant) {
  const auto got = run({"rnu"});
  EXPECT_EQ(got.status, 64);
  EXPECT_THAT(got.err, StartsWith("mfo-node: no such command: rnu; did you "
                                  "mean run?\n"));
  EXPECT_THAT(run({"nonsense"}).err,
              StartsWith("mfo-node: no such command: nonsense; there are: run, "
                         "check, "));
}

TEST(command_line, names_what_it_does_not_know_in_any_place) {
  EXPECT_THAT(run({"--nonsense"}).err,
              StartsWith("mfo-node: not expected: --nonsense\n"));
  EXPECT_THAT(run({"check", "node.yaml"}).err,
              StartsWith("mfo-node: not expected: node.yaml\n"));
  EXPECT_THAT(run({"dead-letters", "lst"}).err,
              StartsWith("mfo-node: no such command: lst; did you mean "
                         "list?\n"));
  EXPECT_THAT(run({"call", "--config", "c", "memory", "nonsense"}).err,
              StartsWith("mfo-node: no such command: nonsense; there are: get, "
                         "set, delete, list\n"));
}

TEST(command_line, takes_the_options_of_a_call_behind_its_words_too) {
  support::temporary_folder folder;
  const auto path = folder.write("node.yaml", "server_url: http://127.0.0.1:1\n"
                                              "webhook_path: /webhook\n"
                                              "webhook_secret: s\n");
  const auto got =
      run({"call", "memory", "get", "k", "--config", path, "--timeout", "0.2"});
  EXPECT_EQ(got.status, 1) << got.err;
  EXPECT_THAT(got.err, HasSubstr("127.0.0.1:1"));
}

/// `check` and `run` read a configuration alike.
class configuration : public testing::TestWithParam<std::string> {
protected:
  result run_with(const std::string& text) {
    path = folder.write("node.yaml", text);
    return run({GetParam(), "--config", path},
               {{"WEBHOOK_SECRET", "marker-of-the-secret"}});
  }

  support::temporary_folder folder;
  std::string path;
};

TEST_P(configuration, has_all_its_errors_told_at_once_with_their_places) {
  const auto got = run_with("server_ur: http://127.0.0.1:1\n"
                            "webhook_path: /webhook\n"
                            "webhook_secret: ${WEBHOOK_SECRET}\n"
                            "listen: nowhere\n"
                            "limits:\n"
                            "  max_in_flight: many\n"
                            "  max_body: 1TiB\n"
                            "workers: ${UNSET_VARIABLE_OF_THE_TEST}\n");
  EXPECT_EQ(got.status, 78);
  for (const auto* place :
       {":1:1: server_ur:", ":4:9: listen:", ":6:18: limits.max_in_flight:",
        ":7:13: limits.max_body:", ":8:10: workers:"})
    EXPECT_THAT(got.err, HasSubstr(path + place));
  EXPECT_THAT(got.err, HasSubstr("server_url")) << "missing, and the nearest";
  EXPECT_EQ(got.out, "");
}

TEST_P(configuration,
       has_what_is_wrong_with_a_json_schema_told_with_its_place) {
  const auto got = run_with("server_url: http://127.0.0.1:1\n"
                            "endpoints:\n"
                            "  - id: e\n"
                            "    path: /e\n"
                            "    signature: {secret: s}\n"
                            "    expected_payload_schema:\n"
                            "      properties:\n"
                            "        a: {type: strin}\n"
                            "        b: {$ref: 'https://example.com/b'}\n");
  EXPECT_EQ(got.status, 78);
  EXPECT_THAT(got.err, HasSubstr(path + ":8:13: endpoints[0].expected_payload_"
                                        "schema: at /properties/a/type: is no "
                                        "schema of draft 7"));
  EXPECT_EQ(got.out, "");
}

TEST_P(configuration, keeps_its_secrets_whatever_is_wrong) {
  const auto got = run_with("server_url: http://127.0.0.1:1\n"
                            "webhook_path: no-slash\n"
                            "webhook_secret: {a: marker-of-the-secret}\n"
                            "server_token: [\"${WEBHOOK_SECRET}\"]\n"
                            "webhook_secrets: ${WEBHOOK_SECRET}\n");
  EXPECT_EQ(got.status, 78);
  EXPECT_THAT(got.err, HasSubstr("webhook_path"));
  EXPECT_THAT(got.err + got.out, Not(HasSubstr("marker")));
}

TEST_P(configuration, that_is_no_yaml_has_a_place) {
  const auto got = run_with("server_url: [unclosed\n");
  EXPECT_EQ(got.status, 78);
  EXPECT_THAT(got.err, StartsWith(path + ":"));
}

TEST_P(configuration, that_is_not_there_is_named) {
  const auto missing = folder / "missing.yaml";
  const auto got = run({GetParam(), "--config", missing});
  EXPECT_EQ(got.status, 66);
  EXPECT_THAT(got.err, StartsWith(missing + ": "));
  EXPECT_EQ(count_lines(got.err), 1);
}

TEST_P(configuration, that_is_a_folder_is_named) {
  const auto got = run({GetParam(), "--config", folder / "."});
  EXPECT_EQ(got.status, 66);
  EXPECT_EQ(count_lines(got.err), 1);
}

INSTANTIATE_TEST_SUITE_P(command, configuration,
                         testing::Values("check", "run"),
                         [](const auto& name) { return name.param; });

constexpr auto good = "server_url: http://127.0.0.1:1\n"
                      "webhook_path: /webhook\n"
                      "webhook_secret: marker-of-the-secret\n"
                      "server_token: marker-of-the-token\n";

TEST(command_line, starts_no_node_whose_dead_letters_have_no_place) {
  support::temporary_folder folder;
  const auto path =
      folder.write("node.yaml", std::string{good} +
                                    "listen: 127.0.0.1:0\n"
                                    "admin_listen: 127.0.0.1:0\n"
                                    "dead_letters: [{name: disk, type: file, "
                                    "path: /dev/null/letters}]\n");
  const auto got = run({"run", "--config", path});
  EXPECT_EQ(got.status, 69);
  EXPECT_THAT(got.err, HasSubstr("dead-letter sink disk: /dev/null"));
  EXPECT_EQ(count_lines(got.err), 1);
}

TEST(check, says_that_a_file_is_good) {
  support::temporary_folder folder;
  const auto path = folder.write("node.yaml", good);
  const auto got = run({"check", "--config", path});
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.out, path + ": good\n");
  EXPECT_EQ(got.err, "");
}

TEST(check, prints_the_settings_in_force_without_secrets) {
  support::temporary_folder folder;
  const auto got =
      run({"check", "--print", "-c", folder.write("node.yaml", good)});
  EXPECT_EQ(got.status, 0);
  EXPECT_THAT(got.out, HasSubstr("max_in_flight: 1024"));
  EXPECT_THAT(got.out, HasSubstr("***"));
  EXPECT_THAT(got.out, Not(HasSubstr("marker")));
}

TEST(check, likes_the_examples) {
  for (const auto* name : {"quickstart", "github", "full"}) {
    const auto got =
        run({"check", "-c",
             std::string{MFO_SOURCE_DIR "/config/examples/"} + name + ".yaml"},
            {{"WEBHOOK_SECRET", "a"},
             {"GITHUB_WEBHOOK_SECRET", "b"},
             {"BILLING_SECRET", "c"},
             {"BILLING_SECRET_OLD", "d"},
             {"TWILIO_AUTH_TOKEN", "t"},
             {"ADMIN_TOKEN", "h"},
             {"MFO_TOKEN", "e"},
             {"CLIENT_SECRET", "f"},
             {"COLLECTOR_KEY", "k"},
             {"CALLBACK_SECRET", "g"}});
    EXPECT_EQ(got.status, 0) << got.err;
  }
}

/// A node that cannot start says why in one line.
class failing_start : public testing::Test {
protected:
  result run_with(const std::string& more) {
    std::string text{good};
    if (more.find("admin_listen") == more.npos)
      text += "admin_listen: 127.0.0.1:0\n";
    if (more.find("\nlisten") == more.npos)
      text += "listen: 127.0.0.1:0\n";
    return run({"run", "--config", folder.write("node.yaml", text + more)});
  }

  support::temporary_folder folder;
};

TEST_F(failing_start, names_the_port_in_use) {
  devserver::server other;
  ASSERT_TRUE(other.start());
  const auto address = "127.0.0.1:" + std::to_string(other.port());
  for (const auto* key : {"\nlisten: ", "\nadmin_listen: "}) {
    const auto got = run_with(key + address + "\n");
    EXPECT_EQ(got.status, 69) << key;
    expect_one_line(got.err);
    EXPECT_THAT(got.err, HasSubstr(address));
    EXPECT_THAT(got.err, HasSubstr(std::string{key + 1} + "cannot listen on"));
  }
}

TEST_F(failing_start, names_an_address_that_is_not_here) {
  const auto got = run_with("\nlisten: 192.0.2.1:0\n");
  EXPECT_EQ(got.status, 69);
  expect_one_line(got.err);
  EXPECT_THAT(got.err, HasSubstr("192.0.2.1"));
}

TEST_F(failing_start, names_the_certificates_that_are_none) {
  const auto path = folder.write("bad.pem", "no certificate\n");
  const auto config = folder.write(
      "tls.yaml", "listen: 127.0.0.1:0\nadmin_listen: 127.0.0.1:0\n"
                  "webhook_path: /webhook\nwebhook_secret: s\n"
                  "servers: {default: {url: https://127.0.0.1:1, tls: "
                  "{ca_file: " +
                      path + "}}}\n");
  const auto got = run({"run", "--config", config});
  EXPECT_THAT(got.status, testing::AnyOf(69, 78));
  EXPECT_EQ(count_lines(got.err), 1) << got.err;
  EXPECT_THAT(got.err, HasSubstr(path));
}

} // namespace
} // namespace mfo::integration
