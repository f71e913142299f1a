#include "config/secret_field.hpp"

#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string one_endpoint = "endpoints:\n"
                                 "  - {id: a, path: /a, signature: "
                                 "{secret: s}}\n";

const server_settings& server(const settings& values, std::string_view name) {
  for (const auto& each : values.servers)
    if (each.name == name)
      return each;
  ADD_FAILURE() << "no server " << name;
  return values.servers.at(0);
}

TEST(the_short_form_of_a_server, is_one_called_default) {
  const auto values = must_load(minimal + "server_token: t\n");
  ASSERT_EQ(values.servers.size(), 1U);
  EXPECT_EQ(values.servers[0].name, "default");
  EXPECT_EQ(values.servers[0].url, "https://mfo.example.com");
  EXPECT_EQ(values.servers[0].auth.type, auth_type::bearer);
  EXPECT_EQ(values.servers[0].auth.token.value, secret("t"));
  EXPECT_EQ(values.endpoints.at(0).server, "default");
}

TEST(the_short_form_of_a_server, stands_beside_servers_of_other_names) {
  const auto values =
      must_load(minimal + "servers: {other: {url: https://b}}\n");
  EXPECT_EQ(values.servers.size(), 2U);
  EXPECT_EQ(server(values, "other").url, "https://b");
}

TEST(a_server, is_the_one_meant_if_it_is_the_only_one) {
  const auto values =
      must_load("servers: {other: {url: https://b}}\n" + one_endpoint);
  EXPECT_EQ(values.endpoints.at(0).server, "other");
}

TEST(a_server, must_be_named_where_there_are_several_and_no_default) {
  const std::string two = "servers: {a: {url: https://a}, b: {url: https://b}}"
                          "\n";
  EXPECT_THAT(problems_of(two + one_endpoint),
              HasSubstr("endpoints[0].server: missing required key"));
  EXPECT_THAT(problems_of(two + "webhook_path: /w\nwebhook_secret: s\n"),
              HasSubstr("webhook_path: there are several servers"));
}

TEST(a_server, takes_no_batches_unless_told_to) {
  const std::string start = "servers: {a: {url: https://a, batch: {";
  EXPECT_EQ(must_load("servers: {a: {url: https://a}}\n" + one_endpoint)
                .servers[0]
                .batch.max_events,
            1U);
  const auto batch =
      must_load(start + "max_events: 32, max_wait: 10ms}}}\n" + one_endpoint)
          .servers[0]
          .batch;
  EXPECT_EQ(batch.max_events, 32U);
  EXPECT_EQ(batch.max_wait, 10ms);
  EXPECT_EQ(batch.max_bytes, 1024U * 1024U);
}

TEST(a_server, takes_no_batch_that_never_could_be_delivered) {
  EXPECT_THAT(problems_of("servers: {a: {url: https://a, max_in_flight: 2, "
                          "max_waiting: 3, batch: {max_events: 6}}}\n" +
                          one_endpoint),
              HasSubstr("servers.a.batch: max_events must not be more than "
                        "max_in_flight and max_waiting together, 5"));
  EXPECT_THAT(problems_of("servers: {a: {url: https://a, "
                          "batch: {max_events: 2, max_wait: 10s}}}\n" +
                          one_endpoint),
              HasSubstr("servers.a.batch: max_wait must not be more than half "
                        "of what an event of endpoint a may take"));
}

TEST(a_server, has_batches_that_fit_the_short_form_and_received_events_too) {
  EXPECT_THAT(problems_of("servers: {default: {url: https://a, "
                          "batch: {max_events: 2, max_wait: 6s}}}\n"
                          "webhook_path: /w\nwebhook_secret: s\n"),
              HasSubstr("an event of endpoint webhook may take"));
  EXPECT_THAT(
      problems_of("servers: {a: {url: https://a, "
                  "batch: {max_events: 2, max_wait: 6s}}}\n"
                  "retries: {default: {limit: {duration: 5s}}}\n"
                  "dead_letters: [{name: d, type: file, path: x}]\n"
                  "endpoints: [{id: a, path: /a, signature: {secret: s}, "
                  "ack: received, timeout: 1m}]\n"),
      HasSubstr("an event of endpoint a may take"));
}

TEST(a_server, has_its_retry_policy_by_name) {
  const auto values =
      must_load("servers: {a: {url: https://a, retry: patient}}\n"
                "retries: {patient: {limit: {count: 3, duration: 7s}}}\n" +
                one_endpoint);
  EXPECT_EQ(values.servers.at(0).retry.max_count, 3U);
  EXPECT_EQ(values.servers.at(0).retry.max_duration, 7s);
  // The built-in one is still there.
  EXPECT_EQ(values.retries.size(), 2U);
}

TEST(the_default_policy, can_be_given) {
  const auto values = must_load(minimal + "retries: {default: {delay: 1s}}\n");
  EXPECT_EQ(values.retries.size(), 1U);
  EXPECT_EQ(values.servers.at(0).retry.delay, 1s);
}

TEST(servers, share_what_the_node_may_hold) {
  const auto values =
      must_load(minimal + "servers:\n"
                          "  b: {url: https://b, max_in_flight: 100}\n"
                          "  c: {url: https://c, max_waiting: 7}\n"
                          "  d: {url: https://d, max_in_flight: 9999}\n");
  EXPECT_EQ(server(values, "default").max_waiting, 1024U / 4 - 64);
  EXPECT_EQ(server(values, "b").max_waiting, 1024U / 4 - 100);
  EXPECT_EQ(server(values, "c").max_waiting, 7U);
  EXPECT_EQ(server(values, "d").max_waiting, 1U);
}

TEST(an_event, lives_as_long_as_its_acknowledgement_needs) {
  const auto values = must_load(
      "server_url: https://a\n"
      "retries: {default: {limit: {duration: 90s}}}\n"
      "dead_letters: [{name: disk, type: file, path: letters}]\n"
      "endpoints:\n"
      "  - {id: a, path: /a, signature: {secret: s}, timeout: 3s}\n"
      "  - {id: b, path: /b, signature: {secret: s}, timeout: 3s, ack: "
      "received}\n");
  EXPECT_EQ(values.endpoints.at(0).lifetime, 3s);
  EXPECT_EQ(values.endpoints.at(1).lifetime, 90s);
}

TEST(a_secret_of_auth, is_known_with_its_file) {
  const temporary_folder folder;
  (void)folder.write("password", "hunter2\n");
  const auto loaded = load_file(
      folder.write("node.yaml", "servers: {a: {url: https://a, auth: {type: "
                                "basic, username: me, password_file: "
                                "password}}}\n" +
                                    one_endpoint),
      only({}));
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const auto& auth = loaded->servers.at(0).auth;
  EXPECT_EQ(auth.password.value, secret("hunter2"));
  EXPECT_EQ(auth.password.file, (folder.path() / "password").string());
}

TEST(a_proxy, is_left_to_the_environment_unless_given) {
  EXPECT_EQ(must_load(minimal).servers.at(0).proxy, std::nullopt);
  const auto values = must_load(
      "servers: {default: {url: https://a, proxy: none}}\n" + one_endpoint);
  EXPECT_EQ(values.servers.at(0).proxy, secret());
}

TEST(a_url, is_shown_without_its_password) {
  EXPECT_EQ(hide_password("redis://host:1/0"), "redis://host:1/0");
  EXPECT_EQ(hide_password("redis://:hunter2@host"), "redis://:***@host");
  EXPECT_EQ(hide_password("amqp://me:hun:ter@2@host/v"),
            "amqp://me:***@host/v");
  EXPECT_EQ(hide_password("http://hunter2@host"), "http://***@host");
  EXPECT_EQ(hide_password("http://host/a?token=hunter2"), "http://host/a");
  EXPECT_EQ(hide_password("none"), "none");
}

} // namespace

} // namespace mfo::config
