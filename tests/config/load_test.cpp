#include "config/load.hpp"

#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(the_short_form, is_one_endpoint_with_the_documented_signature) {
  const auto node = must_load(minimal);
  EXPECT_EQ(node.servers.at(0).url, "https://mfo.example.com");
  ASSERT_EQ(node.endpoints.size(), 1U);
  const auto& endpoint = node.endpoints[0];
  EXPECT_EQ(endpoint.id, "webhook");
  EXPECT_EQ(endpoint.path, "/webhook");
  EXPECT_EQ(endpoint.signature.scheme, signature_scheme::hmac);
  EXPECT_THAT(endpoint.signature.secrets, ElementsAre(secret("s1")));
  EXPECT_EQ(endpoint.signature.header, "X-Signature");
  EXPECT_EQ(endpoint.delivery_id_header, "");
}

TEST(a_file, needs_no_more_than_that) {
  const auto node = must_load(minimal);
  EXPECT_EQ(node.listen, (listen_address{"127.0.0.1", 8088}));
  EXPECT_EQ(node.admin_listen, (listen_address{"127.0.0.1", 9090}));
  EXPECT_EQ(node.node_name, "test-node");
  EXPECT_EQ(node.workers, 1U);
  EXPECT_EQ(node.drain_timeout, 10s);
  EXPECT_EQ(node.events.keep, 1000u);
  EXPECT_FALSE(node.recording.enabled);
  EXPECT_EQ(node.servers.at(0).auth.type, auth_type::none);
  EXPECT_EQ(node.limits.max_body, 1048576U);
  EXPECT_EQ(node.servers.at(0).retry.max_count, 8U);
  EXPECT_EQ(node.log.level, log_level::info);
}

TEST(the_short_form, takes_several_secrets) {
  const auto node = must_load("server_url: https://a\nwebhook_path: /w\n"
                              "webhook_secret: [s1, s2]\n");
  EXPECT_THAT(node.endpoints.at(0).signature.secrets,
              ElementsAre(secret("s1"), secret("s2")));
}

TEST(the_long_form, says_the_same_as_the_short_one) {
  const auto node = must_load("server_url: https://mfo.example.com\n"
                              "endpoints:\n"
                              "  - id: webhook\n"
                              "    path: /webhook\n"
                              "    signature: {secret: s1}\n");
  const auto brief = must_load(minimal);
  ASSERT_EQ(node.endpoints.size(), 1U);
  const auto& one = node.endpoints[0];
  const auto& other = brief.endpoints.at(0);
  EXPECT_EQ(one.id, other.id);
  EXPECT_EQ(one.path, other.path);
  EXPECT_EQ(one.signature.secrets, other.signature.secrets);
  EXPECT_EQ(one.event_type, other.event_type);
  EXPECT_EQ(one.timeout, other.timeout);
}

TEST(both_forms, may_stand_in_one_file) {
  const auto node = must_load(minimal + "endpoints:\n"
                                        "  - id: github\n"
                                        "    path: /github\n"
                                        "    signature: {secret: s2}\n");
  ASSERT_EQ(node.endpoints.size(), 2U);
  EXPECT_EQ(node.endpoints[0].id, "webhook");
  EXPECT_EQ(node.endpoints[1].id, "github");
}

TEST(github, leaves_the_delivery_id_to_the_file) {
  const auto node = must_load("server_url: https://a\nendpoints:\n"
                              "  - {id: g, path: /g, delivery_id_header: '',\n"
                              "     signature: {scheme: github, secret: s}}\n");
  EXPECT_EQ(node.endpoints.at(0).delivery_id_header, "");
}

TEST(a_section_without_keys, has_its_defaults) {
  const auto node =
      must_load(minimal + "limits:\nretries: {patient: }\nlog: ~\n");
  EXPECT_EQ(node.limits.max_header, 16384U);
}

TEST(a_value, may_come_from_the_environment) {
  const auto node = must_load(
      "server_url: ${SCHEME:-https}://${HOST}/base\n"
      "webhook_path: /webhook\n"
      "webhook_secret: ${SECRET}\n"
      "workers: ${WORKERS}\n",
      only({{"HOST", "mfo"}, {"SECRET", "a: [b]\n#${c}"}, {"WORKERS", "3"}}));
  EXPECT_EQ(node.servers.at(0).url, "https://mfo/base");
  EXPECT_EQ(node.workers, 3U);
  EXPECT_THAT(node.endpoints.at(0).signature.secrets,
              ElementsAre(secret("a: [b]\n#${c}")));
}

TEST(an_alias, stands_for_its_anchor) {
  const auto node =
      must_load("server_url: https://a\nendpoints:\n"
                "  - {id: a, path: /a, signature: &s {secret: x}}\n"
                "  - {id: b, path: /b, signature: *s}\n");
  EXPECT_THAT(node.endpoints.at(1).signature.secrets, ElementsAre(secret("x")));
}

class secret_files : public testing::Test {
protected:
  load_result load_with(const std::string& secret_bytes) {
    (void)folder_.write("key", secret_bytes);
    return load_file(folder_.write("node.yaml", "server_url: https://a\n"
                                                "server_token_file: key\n"
                                                "webhook_path: /w\n"
                                                "webhook_secret_file: key\n"),
                     only({}));
  }

  std::string secret_from(const std::string& secret_bytes) {
    const auto result = load_with(secret_bytes);
    if (!result)
      return to_string(result.error());
    return result->servers.at(0).auth.token.value.reveal();
  }

  temporary_folder folder_;
};

TEST_F(secret_files, are_looked_for_beside_the_file) {
  const auto result = load_with("hunter2");
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(
      result->servers.at(0).auth.token,
      (secret_source{secret("hunter2"), (folder_.path() / "key").string()}));
  EXPECT_THAT(result->endpoints.at(0).signature.secrets,
              ElementsAre(secret("hunter2")));
}

TEST_F(secret_files, lose_one_line_break_at_their_end) {
  EXPECT_EQ(secret_from("hunter2\n"), "hunter2");
  EXPECT_EQ(secret_from("hunter2\r\n"), "hunter2");
  const auto two = load_with("hunter2\n\n");
  ASSERT_FALSE(two); // a token with a line break in it
}

TEST_F(secret_files, are_not_interpolated) {
  EXPECT_EQ(secret_from("${NONE}$$"), "${NONE}$$");
}

TEST_F(secret_files, may_not_be_empty) {
  EXPECT_THAT(secret_from("\n"),
              HasSubstr(":2:20: server_token_file: the secret in " +
                        (folder_.path() / "key").string() + " is empty\n"));
}

TEST_F(secret_files, must_be_there) {
  const auto result = load_file(
      folder_.write("node.yaml", minimal + "server_token_file: none/key\n"),
      only({}));
  ASSERT_FALSE(result);
  EXPECT_THAT(to_string(result.error()),
              HasSubstr(":4:20: server_token_file: cannot read " +
                        (folder_.path() / "none/key").string() +
                        ": No such file or directory\n"));
}

TEST_F(secret_files, stand_in_for_an_endpoints_secret) {
  (void)folder_.write("key", "hunter2\n");
  const auto result = load_file(
      folder_.write("node.yaml",
                    "server_url: https://a\nendpoints:\n"
                    "  - {id: a, path: /a, signature: {secret_file: key}}\n"),
      only({}));
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_THAT(result->endpoints.at(0).signature.secrets,
              ElementsAre(secret("hunter2")));
}

TEST_F(secret_files, may_not_be_too_large) {
  EXPECT_THAT(secret_from(std::string(max_file_size + 1, 'x')),
              HasSubstr("larger than 1MiB"));
}

TEST(the_ca_file, is_looked_for_beside_the_file) {
  const auto text = minimal + "servers: {other: {url: https://a, tls: "
                              "{ca_file: ca.pem}}}\n";
  const auto result = load_text(text, "/etc/mfo/node.yaml", only({}));
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(result->servers.at(1).tls.ca_file, "/etc/mfo/ca.pem");
}

TEST(a_file_that_cannot_be_read, is_one_problem_without_a_place) {
  const temporary_folder folder;
  const auto missing = (folder.path() / "none.yaml").string();
  auto result = load_file(missing, only({}));
  ASSERT_FALSE(result);
  EXPECT_EQ(to_string(result.error()),
            missing + ": cannot be read: No such file or directory\n");

  result = load_file(folder.path().string(), only({}));
  ASSERT_FALSE(result);
  EXPECT_THAT(to_string(result.error()),
              HasSubstr(": cannot be read: Is a directory\n"));
}

TEST(a_file_that_is_too_large, is_refused) {
  const temporary_folder folder;
  const auto large = minimal + '#' + std::string(max_file_size, 'x');
  auto result = load_file(folder.write("large.yaml", large), only({}));
  ASSERT_FALSE(result);
  EXPECT_THAT(to_string(result.error()), HasSubstr("larger than 1MiB"));
  EXPECT_EQ(problems_of(large), "node.yaml: larger than 1MiB\n");
}

TEST(a_file, may_be_a_pipe) {
  EXPECT_THAT(to_string(load_file("/dev/null", only({})).error()),
              HasSubstr("the file is empty"));
}

} // namespace

} // namespace mfo::config
