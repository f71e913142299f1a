// Another configuration comes into force while the node runs.

#include "tests/integration/reload_fixture.hpp"
#include "tests/support/http_script_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <string>
#include <thread>

namespace mfo::integration {

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

namespace fs = std::filesystem;

/// Of all files of a folder: a dead letter is a line.
std::size_t lines_in(const fs::path& where) {
  std::size_t lines = 0;
  for (const auto& each : fs::directory_iterator{where}) {
    std::ifstream file{each.path()};
    for (std::string line; std::getline(file, line);)
      ++lines;
  }
  return lines;
}

TEST_F(a_reload, has_another_list_of_endpoints) {
  start_with(endpoint());
  EXPECT_EQ(post_to("/other", "{}").status, 404);
  const auto report = reload_with("endpoints:\n"
                                  "  - id: other\n"
                                  "    path: /other\n"
                                  "    signature: {scheme: hmac, secret: "
                                  "\"${WEBHOOK_SECRET}\"}\n");
  EXPECT_EQ(report["generation"], 2);
  EXPECT_THAT(report["changed"],
              ElementsAre("endpoints.other", "endpoints.webhook"));
  EXPECT_EQ(post_to("/other", "{}").status, 202);
  EXPECT_EQ(post_to("/webhook", "{}").status, 404);
  EXPECT_EQ(count("mfo_events_delivered_total{endpoint=\"other\"}"), 1);
  EXPECT_EQ(count("mfo_config_generation"), 2);
  EXPECT_EQ(count("mfo_config_reloads_total{result=\"ok\"}"), 1);
}

TEST_F(a_reload, has_another_secret_on_a_connection_that_stays_open) {
  start_with(endpoint());
  raw_client sender{port};
  sender.write(signed_request("{}"));
  EXPECT_EQ(sender.read().status, 202);
  EXPECT_THAT(reload_with(endpoint({}, "another"))["changed"],
              ElementsAre("secrets"));
  sender.write(signed_request("{}"));
  EXPECT_EQ(sender.read().status, 401);
}

TEST_F(a_reload, lets_an_event_end_under_what_it_came_in_under) {
  start_with(endpoint("    timeout: 3s\n"));
  auto held = hold("{\"n\":1}");
  server_options = "max_in_flight: 7";
  reload_with(endpoint({}, "another"));
  EXPECT_EQ(count("mfo_config_generations_in_use"), 2);
  EXPECT_EQ(count("mfo_upstream_calls_in_flight_limit{server=\"default\"}"), 7);
  EXPECT_EQ(post("{}").status, 401) << "under the new one";
  EXPECT_EQ(held.get().status, 504) << "after the 3 s of the former one";
  EXPECT_TRUE(comes_to_one_generation());
}

TEST_F(a_reload, keeps_the_connector_of_a_server_that_is_the_same) {
  start_with(endpoint("    timeout: 3s\n"));
  auto held = hold("{\"n\":1}");
  reload_with(endpoint("    timeout: 2s\n"));
  EXPECT_EQ(count("mfo_upstream_calls_in_flight{server=\"default\"}"), 1);
  EXPECT_EQ(post("{\"n\":2}").status, 202);
  EXPECT_EQ(held.get().status, 504);
  EXPECT_TRUE(comes_to_one_generation());
}

TEST_F(a_reload, keeps_the_former_configuration_when_the_new_one_is_bad) {
  expected_error = "configuration not reloaded";
  start_with(endpoint());
  const auto report = reload_with(endpoint("    no_such_key: 1\n"), 422);
  ASSERT_EQ(report["problems"].size(), 1u) << report;
  EXPECT_THAT(report["problems"][0].get<std::string>(),
              AllOf(HasSubstr("node.yaml:"), HasSubstr("no_such_key")));
  EXPECT_EQ(post("{}").status, 202);
  EXPECT_EQ(count("mfo_config_last_reload_successful"), 0);
  EXPECT_EQ(count("mfo_config_reloads_total{result=\"failed\"}"), 1);
  EXPECT_TRUE(node->wait_for_line("no_such_key"));
  EXPECT_FALSE(get("/api/v1/reload")["in_force"].get<bool>());
  reload_with(endpoint());
  EXPECT_EQ(count("mfo_config_last_reload_successful"), 1);
  EXPECT_TRUE(get("/api/v1/reload")["in_force"].get<bool>());
}

TEST_F(a_reload, changes_nothing_where_a_part_of_it_cannot_be_had) {
  expected_error = "configuration not reloaded";
  start_with(endpoint());
  listen = server_url.substr(std::string_view{"http://"}.size());
  const auto report = reload_with(endpoint({}, "another"), 422);
  EXPECT_THAT(report["problems"][0].get<std::string>(),
              AllOf(HasSubstr("node.yaml:1:9: listen: cannot listen on "),
                    HasSubstr("in use")));
  EXPECT_EQ(post("{}").status, 202) << "the secret is the former one, too";
}

TEST_F(a_reload, refuses_by_name_what_cannot_change_at_run_time) {
  expected_error = "configuration not reloaded";
  start_with(endpoint());
  const auto report =
      reload_with("node_name: other\nworkers: 2\n" + endpoint(), 422);
  ASSERT_EQ(report["problems"].size(), 2u) << report;
  EXPECT_THAT(report["problems"][0].get<std::string>(),
              HasSubstr("node.yaml:4:12: node_name: cannot change while the "
                        "node runs"));
  EXPECT_THAT(report["problems"][1].get<std::string>(), HasSubstr("workers"));
}

TEST_F(a_reload, can_be_asked_for_on_the_command_line) {
  expected_error = "configuration not reloaded";
  start_with(endpoint());
  const auto command = [this] {
    child_process program{{binary, "reload", "--admin",
                           fmt::format("http://127.0.0.1:{}", admin_port)}};
    const auto status = program.wait();
    return fmt::format("{}: {}{}", status.value_or(-1), program.output(),
                       program.errors());
  };
  configure("limits: {max_body: 2KiB}\n" + endpoint());
  EXPECT_EQ(command(), "0: generation 2 is in force; changed:\n"
                       "  limits.max_body\n");
  child_process as_program{{binary, "reload", "--json", "--admin",
                            fmt::format("http://127.0.0.1:{}", admin_port)}};
  EXPECT_EQ(as_program.wait(), 0);
  EXPECT_EQ(json::parse(as_program.output())["generation"], 3);
  configure("limits: {max_body: none}\n" + endpoint());
  EXPECT_THAT(command(), AllOf(StartsWith("1: mfo-node reload: the node "
                                          "answered 422"),
                               HasSubstr("\n  "), HasSubstr("node.yaml:"),
                               HasSubstr("max_body")));
}

TEST_F(a_reload, comes_with_a_hang_up) {
  start_with(endpoint());
  configure(endpoint({}, "another"));
  node->signal(SIGHUP);
  ASSERT_TRUE(node->wait_for_line("configuration reloaded"));
  EXPECT_EQ(post("{}").status, 401);
  EXPECT_EQ(get("/api/v1/reload")["reason"], "SIGHUP");
}

TEST_F(a_reload, remembers_what_was_delivered_before) {
  const std::string with_ids{"    delivery_id_header: X-Id\n"};
  start_with(endpoint(with_ids));
  const field_list id{{"X-Id", "1"}};
  EXPECT_EQ(post("{}", id).status, 202);
  reload_with(endpoint(with_ids + "    timeout: 5s\n"));
  EXPECT_EQ(post("{}", id).status, 200) << "a duplicate";
  EXPECT_EQ(server->events().size(), 1u);
}

TEST_F(a_reload, refuses_more_where_less_is_allowed_now) {
  start_with(endpoint());
  raw_client open{port};
  open.write(signed_request("{}"));
  EXPECT_EQ(open.read().status, 202);
  reload_with("limits: {max_body: 1KiB}\n" + endpoint());
  const std::string large = "\"" + std::string(2'000, 'x') + "\"";
  EXPECT_EQ(post(large).status, 413);
  open.write(signed_request(large));
  EXPECT_EQ(open.read().status, 413) << "on a connection from before, too";
  reload_with(endpoint());
  EXPECT_EQ(post(large).status, 202);
}

TEST_F(a_reload, is_refused_while_too_many_former_ones_are_in_use) {
  expected_error = "configuration not reloaded";
  server_options = "breaker: {enabled: false}";
  start_with(endpoint());
  set_faults(R"({"silent": true})");
  std::vector<std::future<answer>> held;
  for (int n = 1; n <= 7; ++n) {
    held.push_back(
        std::async(std::launch::async, [this] { return post("{}"); }));
    ASSERT_TRUE(comes_to_hold(n));
    reload();
  }
  EXPECT_EQ(count("mfo_config_generations_in_use"), 8);
  const auto report = reload(422);
  ASSERT_EQ(report["problems"].size(), 1u) << report;
  EXPECT_THAT(report["problems"][0].get<std::string>(),
              StartsWith("7 former configurations are still in use"));
  serve(); // another server, which answers
  for (auto& each : held)
    EXPECT_EQ(each.get().status, 202);
  EXPECT_TRUE(comes_to_one_generation());
  reload();
}

TEST_F(a_reload, has_dead_letters_go_to_another_sink) {
  const auto into = [](std::string_view file) {
    return fmt::format("dead_letters: [{{name: disk, type: file, path: {}}}]\n",
                       file) +
           endpoint("    ack: received\n");
  };
  const auto dies = [this](std::string_view body, int before) {
    set_faults(R"({"statuses": [422], "repeat": true})");
    EXPECT_EQ(post(body).status, 202);
    EXPECT_TRUE(wait_until([&] {
      return sum_of(metrics(), "mfo_events_dead_lettered_total") == before + 1;
    }));
  };
  start_with(into("first"));
  dies("\"a\"", 0);
  reload_with(into("second"));
  dies("\"b\"", 1);
  EXPECT_EQ(lines_in(folder / "first"), 1u);
  EXPECT_EQ(lines_in(folder / "second"), 1u);
}

TEST_F(a_reload, lets_no_event_of_a_former_one_be_lost_without_a_word) {
  test::script_server silent{test::silent()};
  const auto into = [&silent](int number) {
    return fmt::format("dead_letters: [{{name: away, type: http, url: "
                       "\"http://127.0.0.1:{}/{}\"}}]\ndrain_timeout: 100ms\n",
                       silent.port(), number) +
           endpoint("    ack: received\n");
  };
  set_faults(R"({"silent": true})");
  start_with(into(0));
  EXPECT_EQ(post("0").status, 202);
  for (int number = 1; number <= 2; ++number) {
    reload_with(into(number));
    EXPECT_EQ(post(std::to_string(number)).status, 202);
  }
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 70);
  EXPECT_EQ(std::ranges::count_if(node->lines(),
                                  [](const std::string& line) {
                                    return line.find("\"event lost\"") !=
                                           std::string::npos;
                                  }),
            3);
  node.reset(); // its log has the errors that this is about
}

TEST_F(a_reload, has_runs_go_on_and_starts_the_next_by_the_new_workflow) {
  run(webhook, R"(
    - {id: ask, type: ask_user, config: {question: "Go on?", choices: [yes, no]}}
    - {id: say, type: forward_event, depends_on: ask, config: {type: of.first}}
)");
  auto first = std::async(std::launch::async, [this] { return post("{}"); });
  ASSERT_TRUE(wait_until(
      [this] { return get("/api/v1/questions")["questions"].size() == 1; }));
  write_workflow(webhook, R"(
    - {id: say, type: forward_event, config: {type: of.second}}
)");
  reload();
  EXPECT_EQ(post("{}").status, 202);
  const auto question = get("/api/v1/questions")["questions"][0]["id"];
  EXPECT_EQ(
      ask_admin("POST",
                "/api/v1/questions/" + question.get<std::string>() + "/answer",
                R"({"answer":"yes"})")
          .status,
      200);
  EXPECT_EQ(first.get().status, 202);
  EXPECT_THAT(types(), ElementsAre("of.second", "of.first"));
  EXPECT_TRUE(comes_to_one_generation());
  EXPECT_EQ(get("/api/v1/runs")["runs"].size(), 2u) << "of both";
}

TEST_F(a_reload, is_done_by_itself_when_a_watched_file_is_replaced) {
  start_with(endpoint(), {"--watch"});
  // As editors and configuration management do it: by a rename.
  configure(endpoint({}, "another"), "next.yaml");
  fs::rename(folder / "next.yaml", folder / "node.yaml");
  ASSERT_TRUE(node->wait_for_line("configuration reloaded"));
  EXPECT_EQ(post("{}").status, 401);
}

TEST_F(a_reload, is_done_by_itself_when_a_secret_behind_a_link_changes) {
  // As Kubernetes mounts secrets: a link to a folder, which is swapped.
  fs::create_directory(folder / "first");
  fs::create_directory(folder / "second");
  folder.write("first/key", secret);
  folder.write("second/key", "another");
  fs::create_directory_symlink("first", folder / "data");
  start_with("endpoints:\n"
             "  - id: webhook\n"
             "    path: /webhook\n"
             "    signature: {scheme: hmac, secret_file: data/key}\n",
             {"--watch"});
  EXPECT_EQ(post("{}").status, 202);
  fs::create_directory_symlink("second", folder / "data.next");
  fs::rename(folder / "data.next", folder / "data");
  ASSERT_TRUE(node->wait_for_line("configuration reloaded"));
  EXPECT_EQ(post("{}").status, 401);
}

TEST_F(a_reload, loses_and_refuses_nothing_of_2000_events_a_second) {
  constexpr int sent = 6'000;
  start_with(endpoint());
  child_process sender{
      {binary, "send", "--url",
       fmt::format("http://127.0.0.1:{}/webhook", port), "--data", "{}",
       "--rate", "2000", "--count", std::to_string(sent), "--concurrency",
       "64"},
      child_process::variables{{"WEBHOOK_SECRET", std::string{secret}}}};
  int reloads = 0;
  std::optional<int> status;
  while (!status && reloads < 10'000) {
    reload_with(endpoint(fmt::format("    timeout: {}s\n", 20 + reloads % 2)));
    ++reloads;
    // Seven former ones may be in use.
    ASSERT_TRUE(comes_to_one_generation());
    status = sender.wait(std::chrono::milliseconds{50});
  }
  EXPECT_EQ(status, 0) << sender.output() << sender.errors();
  EXPECT_GT(reloads, 2);
  EXPECT_EQ(server->events().size(), static_cast<std::size_t>(sent));
  EXPECT_EQ(count("mfo_events_delivered_total{endpoint=\"webhook\"}"), sent);
}

TEST_F(a_reload, loses_and_refuses_nothing_meanwhile) {
  start_with(endpoint());
  std::atomic<bool> ends{false};
  std::atomic<int> accepted{0};
  std::vector<std::string> others;
  std::thread sender{[&] {
    raw_client connection{port};
    for (int n = 0; !ends; ++n) {
      connection.write(signed_request(fmt::format("{{\"n\":{}}}", n)));
      if (const auto got = connection.read(); got.status == 202)
        ++accepted;
      else
        others.push_back(got.body);
    }
  }};
  for (int i = 0; i < 10; ++i) {
    const auto before = accepted.load();
    reload_with(endpoint(fmt::format("    timeout: {}s\n", 5 + i)));
    EXPECT_TRUE(wait_until([&] { return accepted.load() > before; }));
  }
  ends = true;
  sender.join();
  EXPECT_THAT(others, IsEmpty());
  EXPECT_EQ(static_cast<int>(server->events().size()), accepted);
  EXPECT_TRUE(comes_to_one_generation());
}

} // namespace

} // namespace mfo::integration
