// What a reload reads: files that are not what they were.

#include "tests/integration/reload_fixture.hpp"

#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <string>

namespace mfo::integration {

namespace {

using testing::HasSubstr;

namespace fs = std::filesystem;

/// A reload that finds other kinds of files than the start did.
class a_reload_of_files : public a_reload {
protected:
  a_reload_of_files() {
    expected_error = "configuration not reloaded";
  }

  void make_fifo(const std::string& name) const {
    ASSERT_EQ(::mkfifo((folder / name).c_str(), 0600), 0);
  }

  /// The one problem that a reload ends with.
  std::string problem() {
    const auto report = reload(422);
    EXPECT_EQ(report["problems"].size(), 1u) << report;
    return report["problems"][0];
  }
};

TEST_F(a_reload_of_files, does_not_wait_for_a_configuration_that_is_a_fifo) {
  start_with(endpoint());
  fs::rename(folder / "node.yaml", folder / "good.yaml");
  make_fifo("node.yaml");
  EXPECT_EQ(problem(), folder / "node.yaml" +
                           ": is not a regular file; a configuration from a "
                           "pipe cannot be read again");
  fs::rename(folder / "good.yaml", folder / "node.yaml");
  reload(200);
}

TEST_F(a_reload_of_files, sees_by_itself_that_it_must_not_wait) {
  start_with(endpoint(), {"--watch"});
  fs::rename(folder / "node.yaml", folder / "good.yaml");
  make_fifo("node.yaml");
  EXPECT_TRUE(node->wait_for_line("is not a regular file"));
  fs::rename(folder / "good.yaml", folder / "node.yaml");
  EXPECT_TRUE(node->wait_for_line("configuration reloaded"));
}

TEST_F(a_reload_of_files, does_not_wait_for_a_workflow_that_is_a_fifo) {
  folder.write("wf.yaml",
               "workflow_name: w\n"
               "triggers: [{id: t, type: manual, target_taskflow: f}]\n"
               "taskflows: [{taskflow_id: f, tasks: [{id: s, type: set, "
               "config: {value: 1}}]}]\n");
  start_with("workflows: [wf.yaml]\n" + endpoint());
  fs::remove(folder / "wf.yaml");
  make_fifo("wf.yaml");
  EXPECT_EQ(problem(),
            folder / "wf.yaml" + ": cannot be read: is not a regular file");
}

TEST_F(a_reload_of_files, tells_of_every_certificate_and_key_that_is_missing) {
  start_with(endpoint());
  const auto report = reload_with(
      endpoint() + "tls: {certificate: no.pem, key: no.key}\n", 422);
  ASSERT_EQ(report["problems"].size(), 2u) << report;
  for (const auto* file : {"certificate", "key"})
    EXPECT_THAT(report["problems"].dump(),
                HasSubstr(fmt::format("tls: cannot use the {} file", file)));
  EXPECT_THAT(report["problems"].dump(), HasSubstr("node.yaml:8:6: tls: "));
}

TEST_F(a_reload_of_files, says_that_a_configuration_came_from_a_pipe) {
  node = std::make_unique<child_process>(
      std::vector<std::string>{"/bin/bash", "-c",
                               R"(exec "$0" run --config <(cat "$1"))", binary,
                               configure(endpoint())},
      child_process::variables{{"WEBHOOK_SECRET", std::string{secret}}});
  ASSERT_TRUE(node->wait_for_line("node ready")) << node->errors();
  node->signal(SIGHUP);
  EXPECT_TRUE(
      node->wait_for_line("a configuration from a pipe cannot be read again"));
}

} // namespace

} // namespace mfo::integration
