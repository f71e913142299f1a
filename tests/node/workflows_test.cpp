#include "node/workflows.hpp"

#include "node/command.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::node {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

namespace fs = std::filesystem;

std::optional<std::string> variables(std::string_view) {
  return "s3cret";
}

/// With a webhook at this path, and a schedule.
std::string workflow(const std::string& name, const std::string& path,
                     const std::string& of_hook = {},
                     const std::string& of_flow = {}) {
  return "workflow_name: " + name +
         "\n"
         "global_configs: {secrets: {s: {env: S}}}\n"
         "triggers:\n"
         "  - {id: hook, type: webhook, target_taskflow: main, config: "
         "{http_path: " +
         path + ", secret_ref: s, signature: {scheme: hmac}" + of_hook +
         "}}\n"
         "  - {id: tick, type: schedule, target_taskflow: main, config: "
         "{cron_expression: '@daily'}}\n"
         "taskflows:\n"
         "  - {taskflow_id: main" +
         of_flow + ", tasks: [{id: s, type: set, config: {value: 1}}]}\n";
}

class workflows_test : public testing::Test {
protected:
  workflows_test() {
    config::server_settings server;
    server.name = "default";
    settings_.servers = {server};
    settings_.taskflows.server = "default";
  }

  /// Adds those of these files; the problems, a line each.
  std::string add(const std::vector<std::string>& texts) {
    std::vector<std::string> files;
    for (const auto& each : texts)
      files.push_back(
          folder_.write(std::to_string(files.size()) + ".yaml", each));
    auto read = read_workflows(files, variables);
    if (!read)
      return config::to_string(read.error());
    return config::to_string(add_trigger_endpoints(settings_, *read));
  }

  support::temporary_folder folder_;
  config::settings settings_;
};

TEST_F(workflows_test, are_the_files_and_folders_that_are_named) {
  const auto alone = folder_.write("alone.txt", "");
  folder_.write("some/b.yaml", "");
  folder_.write("some/a.yml", "");
  folder_.write("some/notes.md", "");
  const auto files = find_workflow_files({alone, folder_ / "some"});
  EXPECT_THAT(files.problems, IsEmpty());
  EXPECT_THAT(files.good, ElementsAre(alone, folder_ / "some/a.yml",
                                      folder_ / "some/b.yaml"));
}

TEST_F(workflows_test, are_missed_in_a_folder_without_any) {
  folder_.write("some/notes.md", "");
  const auto files = find_workflow_files({folder_ / "some"});
  EXPECT_THAT(config::to_string(files.problems),
              HasSubstr("some: holds no *.yaml or *.yml"));
}

TEST_F(workflows_test, of_a_folder_are_missed_where_a_name_is_of_no_file) {
  folder_.write("some/a.yaml", "");
  folder_.write("some/b.yaml/c.yaml", "");
  fs::create_symlink("nowhere", folder_ / "some/d.yml");
  ASSERT_EQ(::mkfifo((folder_ / "some/e.yaml").c_str(), 0600), 0);
  const auto files = find_workflow_files({folder_ / "some"});
  EXPECT_THAT(files.good, ElementsAre(folder_ / "some/a.yaml"));
  EXPECT_EQ(config::to_string(files.problems),
            folder_ / "some/b.yaml" + ": Is a directory\n" +
                folder_ / "some/d.yml" + ": No such file or directory\n" +
                folder_ / "some/e.yaml" + ": is not a regular file\n");
}

/// As Kubernetes mounts a ConfigMap.
TEST_F(workflows_test, of_a_folder_may_be_links_to_another) {
  folder_.write("some/..2026_01_02/a.yaml", "");
  fs::create_directory_symlink("..2026_01_02", folder_ / "some/..data");
  fs::create_symlink("..data/a.yaml", folder_ / "some/a.yaml");
  const auto files = find_workflow_files({folder_ / "some"});
  EXPECT_THAT(files.problems, IsEmpty());
  EXPECT_THAT(files.good, ElementsAre(folder_ / "some/a.yaml"));
}

TEST_F(workflows_test, are_not_what_an_editor_marks_them_with) {
  folder_.write("some/a.yaml", "");
  fs::create_symlink("somebody@somewhere.1", folder_ / "some/.#a.yaml");
  const auto files = find_workflow_files({folder_ / "some"});
  EXPECT_THAT(files.problems, IsEmpty());
  EXPECT_THAT(files.good, ElementsAre(folder_ / "some/a.yaml"));
}

TEST_F(workflows_test, are_told_with_all_that_is_wrong_at_once) {
  folder_.write("empty/notes.md", "");
  folder_.write("some/bad.yaml", "workflow_name: w\n");
  const auto config =
      folder_.write("node.yaml", "server_url: http://127.0.0.1:1\n"
                                 "webhook_path: /hook\nwebhook_secret: s\n"
                                 "workflows: [none, none.yaml, empty, some]\n");
  const auto loaded = load_configuration(config, variables);
  ASSERT_FALSE(loaded);
  for (const auto* problem :
       {"empty: holds no", "none: cannot be read: No such file",
        "none.yaml: cannot be read: No such file", "some/bad.yaml:"})
    EXPECT_THAT(loaded.error().reason, HasSubstr(folder_ / problem));
}

TEST_F(workflows_test, give_each_trigger_an_endpoint) {
  EXPECT_EQ(add({workflow("w", "/hook")}), "");
  ASSERT_THAT(settings_.endpoints, SizeIs(2));
  const auto& [hook, tick] =
      std::pair{settings_.endpoints[0], settings_.endpoints[1]};
  EXPECT_EQ(hook.id, "w/hook");
  EXPECT_EQ(hook.path, "/hook");
  EXPECT_EQ(hook.server, "default");
  EXPECT_EQ(hook.lifetime, hook.timeout);
  EXPECT_EQ(tick.id, "w/tick");
  EXPECT_EQ(tick.path, "");
  EXPECT_EQ(tick.lifetime, settings_.taskflows.timeout);
}

TEST_F(workflows_test, give_a_run_the_time_that_its_taskflow_has) {
  config::dead_letter_sink_settings sink;
  settings_.dead_letters.sinks = {sink};
  EXPECT_EQ(add({workflow("w", "/hook", ", ack: received",
                          ", config: {timeout: 2h}")}),
            "");
  EXPECT_EQ(settings_.endpoints[0].lifetime, std::chrono::hours{2});
  EXPECT_EQ(settings_.endpoints[1].lifetime, std::chrono::hours{2});
  EXPECT_EQ(settings_.endpoints[1].ack, config::ack_mode::received);
}

TEST_F(workflows_test, must_not_share_a_path) {
  config::endpoint_settings endpoint;
  endpoint.id = "orders";
  endpoint.path = "/orders";
  settings_.endpoints = {endpoint};
  const auto problems = add({workflow("a", "/orders"), workflow("b", "/hook"),
                             workflow("c", "/hook")});
  EXPECT_THAT(problems, HasSubstr("0.yaml:4:5: triggers[0].config.http_path: "
                                  "POST /orders is that of endpoint orders"));
  EXPECT_THAT(problems, HasSubstr("2.yaml:4:5: triggers[0].config.http_path: "
                                  "POST /hook is that of trigger b/hook"));
}

TEST_F(workflows_test, may_share_a_path_with_different_methods) {
  EXPECT_EQ(add({workflow("a", "/hook"),
                 workflow("b", "/hook", ", http_method: PUT")}),
            "");
}

TEST_F(workflows_test, must_have_names_of_their_own) {
  EXPECT_THAT(add({workflow("a", "/x"), workflow("a", "/y")}),
              HasSubstr("the workflow_name a is that of"));
}

TEST_F(workflows_test, name_servers_of_the_node) {
  EXPECT_THAT(add({workflow("a", "/x", ", server: billing")}),
              HasSubstr("triggers[0].config.server: is not the name of an "
                        "entry of servers"));
}

TEST_F(workflows_test, acknowledge_only_what_has_a_place_to_end_in) {
  EXPECT_THAT(add({workflow("a", "/x", ", ack: received")}),
              HasSubstr("received needs dead_letters"));
  EXPECT_THAT(settings_.endpoints, IsEmpty());
}

/// With one trigger, which is placed so.
std::string placed(const std::string& placement) {
  return "workflow_name: w\n"
         "triggers:\n"
         "  - {id: hand, type: manual, target_taskflow: main, placement: " +
         placement +
         "}\n"
         "taskflows:\n"
         "  - {taskflow_id: main, tasks: [{id: s, type: set, config: {value: "
         "1}}]}\n";
}

TEST_F(workflows_test, are_placed_as_their_triggers_say) {
  settings_.cluster.name = "shop";
  settings_.cluster.labels = {{"region", "eu"}};
  EXPECT_EQ(add({placed("{require: {region: $self}, prefer: {team: crm}}")}),
            "");
  ASSERT_THAT(settings_.endpoints, SizeIs(1));
  const auto& placement = settings_.endpoints[0].placement;
  EXPECT_THAT(placement.require, ElementsAre(Pair("region", "$self")));
  EXPECT_THAT(placement.prefer, ElementsAre(Pair("team", "crm")));
}

TEST_F(workflows_test, are_placed_in_a_cluster_alone) {
  EXPECT_THAT(add({placed("{prefer: {team: crm}}")}),
              HasSubstr("0.yaml:3:5: triggers[0].placement: means nothing "
                        "without cluster in the node's configuration"));
}

TEST_F(workflows_test, are_not_placed_by_a_label_that_the_node_has_not) {
  settings_.cluster.name = "shop";
  EXPECT_THAT(add({placed("{require: {region: $self}}")}),
              HasSubstr("triggers[0].placement.require.region: this node has "
                        "no such label"));
}

} // namespace

} // namespace mfo::node
