// What commands end with whose standard output takes nothing.

#include "tests/integration/fixture.hpp"

#include <string>
#include <vector>

namespace mfo::integration {
namespace {

using testing::HasSubstr;

constexpr auto letter =
    R"({"event_id":"event-1","type":"a.b","endpoint":"webhook",)"
    R"("server":"default","node":"n","reason":"upstream_failed",)"
    R"("detail":"it answered 500","attempts":1,"last_status":500,)"
    R"("received_at":"2025-11-24T07:53:48.001Z",)"
    R"("dead_at":"2025-11-24T07:55:28.002Z","body":"{\"n\":1}"})"
    "\n";

constexpr auto cases = "config: node.yaml\n"
                       "cases:\n"
                       "  - name: an event\n"
                       "    request: {json: {n: 1}}\n"
                       "    expect: {status: 202}\n";

/// Runs the program by a shell, for the sake of what stands behind `words`.
void expect_ends(const std::string& words, int status, const char* says) {
  child_process command{{"/bin/sh", "-c", std::string{binary} + ' ' + words}};
  EXPECT_EQ(command.wait(), status) << words << '\n' << command.errors();
  EXPECT_THAT(command.errors(), HasSubstr(says)) << words;
}

void expect_lost(const std::string& words) {
  expect_ends(words + " >/dev/full", 69,
              "cannot write to standard output: No space left on device\n");
}

TEST(output, that_cannot_be_written_is_told_by_every_command) {
  support::temporary_folder folder;
  const auto config =
      " -c " + folder.write("node.yaml", "server_url: http://127.0.0.1:1\n"
                                         "webhook_path: /webhook\n"
                                         "webhook_secret: s\n"
                                         "dead_letters: [{name: disk, "
                                         "type: file, path: " +
                                             (folder / "letters") + "}]\n");
  const std::string written = folder.write("cases.yaml", cases);
  folder.write("letters/letters-00000001.jsonl", letter);
  // The reason of a stream's own flush is gone when it is asked for.
  for (const std::string words :
       {"--version", "--help", "check --help", "manual", "completion bash",
        "completion zsh"})
    expect_ends(words + " >/dev/full", 69, "cannot write to standard output");
  expect_lost("doctor --list");
  for (const std::string words :
       {"check", "check --print", "dead-letters list",
        "dead-letters list --json", "dead-letters show event-1",
        "dead-letters show --raw event-1",
        "dead-letters replay --dry-run --yes", "doctor --only config",
        "doctor --only config --json"})
    expect_lost(words + config);
  expect_lost("test " + written);
}

TEST(output, names_the_command_that_could_not_write) {
  expect_ends("doctor --list >/dev/full", 69, "mfo-node doctor: cannot write ");
  expect_ends("--version >/dev/full", 69, "mfo-node: cannot write ");
}

TEST(output, that_nobody_reads_any_more_is_no_failure) {
  support::temporary_folder folder;
  const auto pipe = folder / "pipe";
  for (const std::string words : {"manual", "completion bash", "--version"}) {
    // The reader of the pipe has gone before the program begins.
    child_process command{
        {"/bin/sh", "-c",
         "rm -f " + pipe + " && mkfifo " + pipe + " && exec 3<>" + pipe +
             " 4>" + pipe + " 3<&- && exec " + binary + ' ' + words + " >&4"}};
    EXPECT_EQ(command.wait(), 0) << words;
    EXPECT_EQ(command.errors(), "") << words;
  }
}

class output_about_a_node : public running_node {};

TEST_F(output_about_a_node, that_cannot_be_written_is_told_too) {
  start();
  const auto where = " --admin http://127.0.0.1:" + std::to_string(admin_port);
  for (const std::string words :
       {"health", "status", "status --json", "events", "endpoints", "reload",
        "taskflow runs --json", "taskflow questions"})
    expect_lost(words + where);
}

} // namespace
} // namespace mfo::integration
