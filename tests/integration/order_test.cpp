// Events of one ordering key: on a node that is alone, and on three that share
// their work.

#include "tests/integration/fixture.hpp"

#include <array>
#include <csignal>
#include <map>
#include <set>
#include <thread>

namespace mfo::integration {
namespace {

using nlohmann::json;

constexpr int keys = 10;
constexpr int events_of_each = 20;

std::string ordered_body(int key, int number) {
  return json{{"order", {{"id", key}}}, {"number", number}}.dump();
}

/// The numbers of each key in the order in which they first came.
std::map<int, std::vector<int>>
first_arrivals(const std::vector<devserver::event_ptr>& events) {
  std::map<int, std::vector<int>> numbers;
  std::set<std::pair<int, int>> seen;
  for (const auto& each : events) {
    const auto payload = json::parse(payload_of(each));
    const auto key = payload["order"]["id"].get<int>();
    const auto number = payload["number"].get<int>();
    if (seen.emplace(key, number).second)
      numbers[key].push_back(number);
  }
  return numbers;
}

void expect_every_order(const devserver::server& server) {
  const auto came = first_arrivals(server.events());
  EXPECT_EQ(came.size(), static_cast<std::size_t>(keys));
  for (const auto& [key, numbers] : came) {
    EXPECT_EQ(numbers.size(), static_cast<std::size_t>(events_of_each));
    EXPECT_TRUE(std::ranges::is_sorted(numbers))
        << "key " << key << ": " << testing::PrintToString(numbers);
  }
}

/// Each key's events one after the other, and all keys at once. `port_of` says
/// where the events of a key go.
template <class PortOf>
void post_all(PortOf port_of) {
  std::vector<std::thread> senders;
  for (int key = 0; key < keys; ++key)
    senders.emplace_back([key, port = port_of(key)] {
      for (int number = 0; number < events_of_each; ++number) {
        const auto body = ordered_body(key, number);
        EXPECT_EQ(
            devserver::ask(port, "POST", "/webhook", body, signed_fields(body))
                .status,
            202);
      }
    });
  for (auto& each : senders)
    each.join();
}

class ordered : public running_node {
protected:
  void start_ordered(const std::string& key, const std::string& more = {}) {
    start_with("endpoints:\n"
               "  - id: webhook\n"
               "    path: /webhook\n"
               "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
               "    ordering_key: " +
               key + "\n" + more);
  }

  double waiting() {
    return sum_of(metrics(), "mfo_events_waiting_in_order");
  }

  static inline const std::string received =
      "    ack: received\n"
      "dead_letters: [{name: disk, type: file, path: letters}]\n"
      "retries: {default: {delay: 5ms}}\n";
};

TEST_F(ordered, reach_the_server_in_their_order) {
  start_ordered("{field: /order/id}", received);
  set_faults(R"({"latency_ms":{"min":0,"max":10},)"
             R"("statuses":[200,200,200,503,200],"repeat":true})");
  post_all([this](int) { return port; });
  EXPECT_TRUE(wait_until(
      [&] { return server->count() == std::size_t{keys * events_of_each}; }));
  expect_every_order(*server);
  EXPECT_EQ(waiting(), 0);
}

TEST_F(ordered, go_one_after_the_other) {
  start_ordered("{header: X-Account}");
  set_faults(R"({"silent":true})");
  std::vector<std::unique_ptr<raw_client>> senders;
  const auto send = [&](const std::string& account) {
    const std::string body{"1"};
    auto request = signed_request(body);
    request.insert(request.find("Content-Length"),
                   "X-Account: " + account + "\r\n");
    senders.push_back(std::make_unique<raw_client>(port));
    senders.back()->write(request);
  };
  for (const auto* account : {"a", "a", "a", "b", "b"})
    send(account);
  EXPECT_TRUE(comes_to_hold(5));
  EXPECT_TRUE(wait_until([&] { return waiting() == 3; }));
  EXPECT_EQ(sum_of(metrics(), "mfo_upstream_calls_in_flight"), 2);
  serve(); // another server, which answers
  for (const auto& each : senders)
    EXPECT_EQ(each->read().status, 202);
}

TEST_F(ordered, are_refused_where_too_many_wait) {
  start_ordered("{field: /order/id, max_waiting: 1}");
  set_faults(R"({"silent":true})");
  std::vector<std::unique_ptr<raw_client>> senders;
  for (int number = 0; number < 2; ++number) {
    senders.push_back(std::make_unique<raw_client>(port));
    senders.back()->write(signed_request(ordered_body(1, number)));
    EXPECT_TRUE(comes_to_hold(number + 1));
  }
  EXPECT_TRUE(wait_until([&] { return waiting() == 1; }));
  const auto refused = post(ordered_body(1, 2));
  expect_problem(refused, 503, "saturated");
  EXPECT_NE(refused.header("retry-after"), "");
  serve();
  for (const auto& each : senders)
    EXPECT_EQ(each->read().status, 202);
}

TEST_F(ordered, are_not_acknowledged_where_too_many_wait) {
  start_ordered("{field: /order/id, max_waiting: 1}", received);
  set_faults(R"({"silent":true})");
  EXPECT_EQ(post(ordered_body(1, 0)).status, 202);
  EXPECT_EQ(post(ordered_body(1, 1)).status, 202);
  expect_problem(post(ordered_body(1, 2)), 503, "saturated");
  serve();
  EXPECT_TRUE(wait_until([&] { return server->count() == 2; }));
}

TEST_F(ordered, end_as_dead_letters_when_their_turn_does_not_come) {
  start_ordered("{field: /order/id}",
                "    ack: received\n"
                "dead_letters: [{name: disk, type: file, path: letters}]\n"
                "retries: {default: {limit: {duration: 1s}}}\n");
  set_faults(R"({"silent":true})");
  for (int number = 0; number < 3; ++number)
    EXPECT_EQ(post(ordered_body(1, number)).status, 202);
  // Whether the last had its turn just before its end is a matter of luck.
  EXPECT_TRUE(wait_until([&] {
    return sum_of(metrics(), "mfo_events_dead_lettered_total") == 3;
  }));
  EXPECT_EQ(waiting(), 0);
}

TEST_F(ordered, wait_for_nobody_without_a_key) {
  start_ordered("{field: /order/id}");
  set_faults(R"({"silent":true})");
  std::vector<std::unique_ptr<raw_client>> senders;
  for (const auto* body : {"{}", R"({"order":{"id":null}})", "[]"}) {
    senders.push_back(std::make_unique<raw_client>(port));
    senders.back()->write(signed_request(body));
  }
  EXPECT_TRUE(wait_until(
      [&] { return sum_of(metrics(), "mfo_upstream_calls_in_flight") == 3; }));
  EXPECT_EQ(waiting(), 0);
  serve();
  for (const auto& each : senders)
    EXPECT_EQ(each->read().status, 202);
}

/// Three nodes of one cluster, and a stand-in server.
class an_ordered_cluster : public testing::Test {
protected:
  struct member {
    std::unique_ptr<child_process> process;
    std::uint16_t port = 0;
    std::uint16_t admin_port = 0;
    support::reserved_port cluster_port;
  };

  void SetUp() override {
    const auto started = server.start();
    ASSERT_TRUE(started) << started.error();
    for (std::size_t i = 0; i < nodes.size(); ++i)
      start(i);
    for (const auto& each : nodes)
      ASSERT_TRUE(wait_until([&] {
        return sum_of(devserver::ask(each.admin_port, "GET", "/metrics").body,
                      "mfo_cluster_links") == 2;
      }));
  }

  void start(std::size_t index) {
    auto& one = nodes[index];
    const auto name = "node-" + std::to_string(index);
    const auto path = folder.write(
        name + ".yaml",
        "node_name: " + name + "\nserver_url: " + server.url() +
            "\nlisten: 127.0.0.1:0\nadmin_listen: 127.0.0.1:0\n"
            "cluster:\n  name: shop\n  tls: off\n  listen: 127.0.0.1:" +
            std::to_string(one.cluster_port.number()) +
            "\n  seeds: [127.0.0.1:" +
            std::to_string(nodes[0].cluster_port.number()) +
            "]\n"
            "endpoints:\n"
            "  - id: webhook\n"
            "    path: /webhook\n"
            "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
            "    ordering_key: {field: /order/id}\n"
            "    ack: received\n"
            "dead_letters: [{name: disk, type: file, path: letters-" +
            name + "}]\nretries: {default: {delay: 5ms}}\n");
    one.process = std::make_unique<child_process>(
        std::vector<std::string>{binary, "run", "--config", path},
        child_process::variables{{"WEBHOOK_SECRET", std::string{secret}}});
    const auto ready = one.process->wait_for_line("\"message\":\"node ready\"");
    ASSERT_TRUE(ready) << one.process->output() << one.process->errors();
    const auto line = json::parse(*ready);
    one.port = port_in(line["listen"]);
    one.admin_port = port_in(line["admin"]);
  }

  static std::uint16_t port_in(const json& address) {
    const auto text = address.get<std::string>();
    return static_cast<std::uint16_t>(
        std::stoul(text.substr(text.rfind(':') + 1)));
  }

  bool all_have_come() {
    return wait_until([&] {
      std::size_t come = 0;
      for (const auto& [key, numbers] : first_arrivals(server.events()))
        come += numbers.size();
      return come == std::size_t{keys * events_of_each};
    });
  }

  support::temporary_folder folder;
  devserver::server server;
  std::array<member, 3> nodes;
};

TEST_F(an_ordered_cluster, has_the_events_of_a_key_reach_the_server_in_order) {
  const auto set =
      server.set_faults(R"({"latency_ms":{"min":0,"max":10},)"
                        R"("statuses":[200,200,200,503,200],"repeat":true})");
  ASSERT_TRUE(set) << set.error();
  post_all([this](int key) {
    return nodes[static_cast<std::size_t>(key) % nodes.size()].port;
  });
  EXPECT_TRUE(all_have_come());
  expect_every_order(server);
}

TEST_F(an_ordered_cluster, keeps_the_order_when_a_runner_is_lost) {
  const auto set = server.set_faults(R"({"latency_ms":{"min":1,"max":10}})");
  ASSERT_TRUE(set) << set.error();
  std::thread killer{[&] {
    EXPECT_TRUE(wait_until([&] { return server.count() > 40; }));
    nodes[2].process->signal(SIGKILL);
  }};
  post_all([this](int key) {
    return nodes[static_cast<std::size_t>(key) % 2].port;
  });
  killer.join();
  EXPECT_TRUE(all_have_come());
  expect_every_order(server);
}

} // namespace
} // namespace mfo::integration
