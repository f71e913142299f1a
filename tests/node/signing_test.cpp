#include "node/signing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace mfo::node {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
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
  EXPECT_THAT(signed_headers(how->signature, {.body = body})[1],
              Pair("X-Hub-Signature-256", "sha256=" + mac));
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

TEST_F(signing_a_body, reads_a_body_byte_for_byte) {
  EXPECT_EQ(read_body(file("body", "{ }\r\n")), "{ }\r\n");
}

} // namespace
} // namespace mfo::node
