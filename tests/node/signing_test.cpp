#include "node/signing.hpp"

#include "core/clocks.hpp"
#include "core/header_fields.hpp"
#include "signatures/verifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <tuple>

namespace mfo::node {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

/// RFC 4231's second test case, with its key as the secret.
const std::string body = "what do ya want for nothing?";
const std::string mac =
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

class signing_a_body : public testing::Test {
protected:
  void SetUp() override {
    std::filesystem::create_directories(folder);
    ::setenv("MFO_TEST_SECRET", "Jefe", 1);
  }

  void TearDown() override {
    std::filesystem::remove_all(folder);
    ::unsetenv("MFO_TEST_SECRET");
  }

  std::string file(const std::string& name, const std::string& text) {
    const auto path = folder / name;
    std::ofstream(path) << text;
    return path.string();
  }

  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) /
      testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(signing_a_body, takes_the_secret_from_a_variable) {
  signing_arguments given;
  given.secret_env = "MFO_TEST_SECRET";
  const auto how = resolve_signing(given);
  ASSERT_TRUE(how) << how.error().reason;
  EXPECT_THAT(signed_headers(how->signature, {.body = body}),
              ElementsAre(Pair("Content-Type", "application/json"),
                          Pair("X-Signature", mac)));
}

TEST_F(signing_a_body, signs_as_github_does) {
  signing_arguments given;
  given.scheme = "github";
  given.secret_file = file("secret", "Jefe\n");
  const auto how = resolve_signing(given);
  ASSERT_TRUE(how) << how.error().reason;
  EXPECT_THAT(signed_headers(how->signature, {.body = body}),
              ElementsAre(_, Pair("X-Hub-Signature-256", "sha256=" + mac)));
}

TEST_F(signing_a_body, signs_as_an_endpoint_of_a_configuration_says) {
  signing_arguments given;
  given.config = file("node.yaml", R"(
server_url: http://127.0.0.1:1
listen: 127.0.0.1:8099
endpoints:
  - id: one
    path: /one
    signature: {secret: "${MFO_TEST_SECRET}"}
  - id: two
    path: /hooks/two
    signature: {scheme: github, secret: "${MFO_TEST_SECRET}"}
)");
  const auto first = resolve_signing(given);
  ASSERT_TRUE(first) << first.error().reason;
  EXPECT_EQ(first->url, "http://127.0.0.1:8099/one");
  given.endpoint = "two";
  const auto second = resolve_signing(given);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->url, "http://127.0.0.1:8099/hooks/two");
  EXPECT_EQ(second->signature.scheme, config::signature_scheme::github);
  given.endpoint = "three";
  EXPECT_EQ(resolve_signing(given).error().status, exit_status::usage);
}

TEST_F(signing_a_body, says_what_is_missing) {
  signing_arguments given;
  given.secret_env = "MFO_TEST_NOT_SET";
  const auto unset = resolve_signing(given);
  ASSERT_FALSE(unset);
  EXPECT_EQ(unset.error().status, exit_status::usage);
  EXPECT_THAT(unset.error().reason, HasSubstr("MFO_TEST_NOT_SET"));
  given.config = (folder / "none.yaml").string();
  EXPECT_EQ(resolve_signing(given).error().status, exit_status::no_input);
  EXPECT_EQ(read_body((folder / "none").string()).error().status,
            exit_status::no_input);
}

TEST_F(signing_a_body, knows_every_scheme) {
  const std::map<std::string, std::string> secrets{
      {"hmac", "s"},
      {"standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
      {"github", "s"},
      {"stripe", "whsec_s"},
      {"slack", "s"},
      {"shopify", "s"},
      {"gitlab", "s"},
      {"twilio", "s"},
      {"token", "s"},
      {"basic", "ann:s"},
      {"none", ""}};
  for (const auto& [scheme, secret] : secrets) {
    SCOPED_TRACE(scheme);
    signing_arguments given;
    given.scheme = scheme;
    given.secret_file = file("secret", secret + "\n");
    if (scheme == "token")
      given.header = "X-Token";
    const auto how = resolve_signing(given);
    ASSERT_TRUE(how) << how.error().reason;
    const event_to_sign event{.url = "http://localhost/hook",
                              .body = "a=1",
                              .media_type =
                                  "application/x-www-form-urlencoded"};
    core::header_fields fields;
    for (const auto& [name, value] : signed_headers(how->signature, event))
      fields.add(name, value);
    auto receiver = how->signature;
    receiver.public_url = event.url;
    EXPECT_TRUE(signatures::make_verifier(receiver)->verify(
        {fields, "/hook", event.body}, core::unix_now()));
  }
}

TEST_F(signing_a_body, refuses_a_secret_that_signs_nothing) {
  for (const auto& [scheme, secret, why] :
       {std::tuple{"standard-webhooks",
                   "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                   "a public key verifies"},
        {"standard-webhooks", "hunter2?", "must be whsec_ and base64"},
        {"stripe", "sk_live_hunter2?", "must begin with whsec_"},
        {"basic", "hunter2?", "must be user:password"}}) {
    signing_arguments given;
    given.scheme = scheme;
    given.secret_file = file("secret", secret);
    const auto how = resolve_signing(given);
    ASSERT_FALSE(how) << scheme;
    EXPECT_EQ(how.error().status, exit_status::usage);
    EXPECT_THAT(how.error().reason, HasSubstr(why));
    EXPECT_THAT(how.error().reason, Not(HasSubstr("hunter2")));
  }
}

TEST_F(signing_a_body, has_its_header_where_the_scheme_leaves_the_choice) {
  signing_arguments given;
  given.secret_env = "MFO_TEST_SECRET";
  given.header = "X-Mine";
  const auto how = resolve_signing(given);
  ASSERT_TRUE(how) << how.error().reason;
  EXPECT_THAT(signed_headers(how->signature, {.body = body}),
              ElementsAre(_, Pair("X-Mine", mac)));
  given.scheme = "github";
  EXPECT_THAT(resolve_signing(given).error().reason,
              HasSubstr("--header is not of scheme github"));
  given.scheme = "token";
  given.header = "";
  EXPECT_THAT(resolve_signing(given).error().reason,
              HasSubstr("needs --header"));
  given.header = "X Mine";
  EXPECT_EQ(resolve_signing(given).error().status, exit_status::usage);
}

TEST_F(signing_a_body, keeps_the_query_where_twilio_signs_the_public_url) {
  config::signature_settings settings;
  settings.scheme = config::signature_scheme::twilio;
  settings.secrets.emplace_back("Jefe");
  settings.public_url = "https://hooks.example.com/hook";
  const event_to_sign event{.url = "http://127.0.0.1:1/hook?x=1"};
  const auto url = with_body_hash(settings, event, event.url);
  EXPECT_THAT(url, HasSubstr("?x=1&bodySHA256="));
  core::header_fields fields;
  for (const auto& [name, value] : signed_headers(settings, event))
    fields.add(name, value);
  EXPECT_TRUE(signatures::make_verifier(settings)->verify(
      {fields, url.substr(url.find("/hook")), ""}, core::unix_now()));
}

TEST_F(signing_a_body, reads_a_body_byte_for_byte) {
  EXPECT_EQ(read_body(file("body", "{ }\r\n")), "{ }\r\n");
}

} // namespace
} // namespace mfo::node
