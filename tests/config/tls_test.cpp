// TLS of the listeners, and who may talk to the admin listener, as a file has
// them.

#include "config/redact.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string good_token = "0123456789abcdef";

TEST(tls_of_a_listener, is_off_unless_it_is_given) {
  const auto node = must_load(minimal);
  EXPECT_FALSE(node.tls.enabled());
  EXPECT_FALSE(node.admin.tls.enabled());
  EXPECT_TRUE(node.admin.tokens.empty());
}

TEST(tls_of_a_listener, is_read_with_its_files_beside_the_configuration) {
  const auto result = load_text(minimal + R"(
tls:
  certificate: tls/node.pem
  key: /run/secrets/node.key
  client_ca: tls/clients.pem
  client_auth: request
  client_names: [billing.example.com, "urn:mfo:shop"]
  crl: crl.pem
  min_version: "1.3"
)",
                                "/etc/mfo/node.yaml", only({}), "test-node");
  ASSERT_TRUE(result) << to_string(result.error());
  const auto& tls = result->tls;
  EXPECT_TRUE(tls.enabled());
  EXPECT_EQ(tls.certificate, "/etc/mfo/tls/node.pem");
  EXPECT_EQ(tls.key, "/run/secrets/node.key");
  EXPECT_EQ(tls.client_ca, "/etc/mfo/tls/clients.pem");
  EXPECT_EQ(tls.client_auth, client_auth_mode::request);
  EXPECT_THAT(tls.client_names,
              ElementsAre("billing.example.com", "urn:mfo:shop"));
  EXPECT_EQ(tls.crl, "/etc/mfo/crl.pem");
  EXPECT_EQ(tls.min_version, tls_version::v1_3);
}

TEST(tls_of_a_listener, requires_certificates_of_those_it_knows_how_to_check) {
  const auto node = must_load(
      minimal + "tls: {certificate: a.pem, key: a.key, client_ca: b.pem}\n");
  EXPECT_EQ(node.tls.client_auth, client_auth_mode::require);
  EXPECT_EQ(must_load(minimal + "tls: {certificate: a.pem, key: a.key}\n")
                .tls.client_auth,
            client_auth_mode::none);
}

TEST(the_admin_listener, may_be_anywhere_once_it_knows_its_callers) {
  for (const auto& access :
       {"admin: {token: " + good_token + "}\n",
        std::string{"admin: {tls: {certificate: a.pem, key: a.key, client_ca: "
                    "b.pem}}\n"}})
    for (const auto* address :
         {"0.0.0.0:9090", ":9090", "\"[::]:9090\"", "192.0.2.1:9090"})
      EXPECT_EQ(
          problems_of(minimal + access + "admin_listen: " + address + "\n"),
          "");
}

TEST(the_admin_listener, stays_on_this_host_while_it_does_not) {
  for (const auto* address :
       {"0.0.0.0:9090", ":9090", "\"[::]:9090\"", "192.0.2.1:9090",
        "node.example.com:9090", "\"[::ffff:192.0.2.1]:9090\"",
        "localhost.example:9090"})
    EXPECT_THAT(problems_of(minimal + "admin_listen: " + address + "\n"),
                HasSubstr("set admin.token"))
        << address;
  for (const auto* address :
       {"127.0.0.1:9090", "127.1.2.3:9090", "\"[::1]:9090\"", "localhost:9090"})
    EXPECT_EQ(problems_of(minimal + "admin_listen: " + address + "\n"), "");
}

TEST(the_admin_listener, has_tokens_from_the_file_or_a_file_of_their_own) {
  temporary_folder folder;
  const auto file = folder.write("token", good_token + "\n");
  EXPECT_EQ(must_load(minimal + "admin: {token_file: " + file + "}\n")
                .admin.tokens.at(0)
                .reveal(),
            good_token);
  const auto several =
      must_load(minimal + "admin: {token: [" + good_token + ", \"${OLD}\"]}\n",
                only({{"OLD", "fedcba9876543210"}}));
  ASSERT_EQ(several.admin.tokens.size(), 2U);
  EXPECT_EQ(several.admin.tokens[1].reveal(), "fedcba9876543210");
}

TEST(what_is_shown, of_both_loads_again_but_for_the_tokens) {
  const auto text = redacted_yaml(
      must_load(minimal +
                "tls: {certificate: a.pem, key: a.key, client_ca: b.pem, "
                "client_names: [\"a$$b\", c]}\n"
                "admin: {token: " +
                good_token + ", tls: {certificate: c.pem, key: c.key}}\n"));
  EXPECT_THAT(text, HasSubstr("client_auth: require"));
  EXPECT_THAT(text, HasSubstr("a$$b"));
  EXPECT_THAT(text, Not(HasSubstr(good_token)));
}

} // namespace

} // namespace mfo::config
