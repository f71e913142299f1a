#include "tests/signatures/fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mfo::signatures::test {

namespace {

constexpr std::string_view github_secret{"It's a Secret to Everybody"};
constexpr std::string_view github_body{"Hello, World!"};
constexpr std::string_view github_header{
    "sha256="
    "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"};

config::signature_settings with_secrets(const std::vector<std::string>& keys) {
  return settings_of(signature_scheme::hmac, keys);
}

/// Both sides of the scheme, by the value of its header.
class hmac_signer {
public:
  explicit hmac_signer(config::signature_settings settings)
    : settings_(std::move(settings)) {}

  [[nodiscard]] std::string sign(std::string_view body) const {
    return signatures::sign(settings_, {.body = body}).front().second;
  }

  [[nodiscard]] bool verify(std::string_view header,
                            std::string_view body) const {
    return request{{{"X-Signature", std::string{header}}}, std::string{body}}
        .verify_with(settings_)
        .has_value();
  }

private:
  config::signature_settings settings_;
};

hmac_signer github_signer() {
  auto settings = with_secrets({std::string{github_secret}});
  settings.prefix = "sha256=";
  return hmac_signer{settings};
}

struct vector {
  std::string key;
  std::string body;
  std::string mac;
};

/// RFC 4231, sections 4.2 to 4.8; 4.6 is of a truncated value, which no
/// sender uses.
const std::vector<vector> sha256_vectors{
    {std::string(20, '\x0b'), "Hi There",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"Jefe", "what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {std::string(20, '\xaa'), std::string(50, '\xdd'),
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12"
     "\x13\x14\x15\x16\x17\x18\x19",
     std::string(50, '\xcd'),
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {std::string(131, '\xaa'),
     "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {std::string(131, '\xaa'),
     "This is a test using a larger than block-size key and a larger than "
     "block-size data. The key needs to be hashed before being used by the "
     "HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
};

TEST(hmac, agrees_with_rfc_4231) {
  for (const auto& each : sha256_vectors) {
    const hmac_signer signer{with_secrets({each.key})};
    EXPECT_EQ(signer.sign(each.body), each.mac);
    EXPECT_TRUE(signer.verify(each.mac, each.body));
  }
}

TEST(hmac, agrees_with_rfc_4231_for_sha512) {
  auto settings = with_secrets({std::string(20, '\x0b')});
  settings.algorithm = config::digest::sha512;
  const hmac_signer signer{settings};
  EXPECT_EQ(signer.sign("Hi There"),
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
            "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
}

TEST(hmac, agrees_with_rfc_2202_for_sha1) {
  auto settings = with_secrets({"Jefe"});
  settings.algorithm = config::digest::sha1;
  EXPECT_EQ(hmac_signer{settings}.sign("what do ya want for nothing?"),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

TEST(hmac, agrees_with_the_example_that_github_documents) {
  const auto signer = github_signer();
  EXPECT_EQ(signer.sign(github_body), github_header);
  EXPECT_TRUE(signer.verify(github_header, github_body));
}

TEST(hmac, fails_when_one_bit_of_the_body_differs) {
  const auto signer = github_signer();
  for (std::size_t bit = 0; bit < github_body.size() * 8; ++bit)
    EXPECT_FALSE(signer.verify(github_header, flip_bit(github_body, bit)))
        << bit;
}

TEST(hmac, fails_when_one_bit_of_the_key_differs) {
  for (std::size_t bit = 0; bit < github_secret.size() * 8; ++bit) {
    auto settings = with_secrets({flip_bit(github_secret, bit)});
    settings.prefix = "sha256=";
    EXPECT_FALSE(hmac_signer{settings}.verify(github_header, github_body))
        << bit;
  }
}

TEST(hmac, fails_when_one_digit_of_the_header_differs) {
  const auto signer = github_signer();
  const auto prefix = std::string_view{"sha256="}.size();
  for (auto at = prefix; at < github_header.size(); ++at) {
    std::string header{github_header};
    header[at] = header[at] == '0' ? '1' : '0';
    EXPECT_FALSE(signer.verify(header, github_body)) << at;
  }
}

TEST(hmac, takes_hex_in_either_case) {
  std::string header{github_header};
  for (auto at = header.find('=') + 1; at < header.size(); ++at)
    header[at] = static_cast<char>(std::toupper(header[at]));
  EXPECT_TRUE(github_signer().verify(header, github_body));
}

TEST(hmac, fails_for_a_header_of_another_shape) {
  const auto signer = github_signer();
  const std::string good{github_header};
  const std::string bad[]{
      "",
      "sha256=",
      good.substr(0, good.size() - 1), // half a byte short
      good.substr(0, good.size() - 2), // a byte short
      good.substr(0, 9),               // its first byte alone
      good + "00",
      good + " ",
      " " + good,
      good + "," + good,
      good.substr(7),           // no prefix
      "sha1=" + good.substr(7), // another prefix
      "SHA256=" + good.substr(7),
      "sha256=" + std::string(64, 'g'),
      "sha256=" + std::string(64, '\0'),
      "sha256=0x" + good.substr(9),
  };
  for (const auto& header : bad)
    EXPECT_FALSE(signer.verify(header, github_body)) << header;
}

TEST(hmac, may_match_any_of_several_secrets) {
  const hmac_signer both{with_secrets({"new", "old"})};
  const hmac_signer only_old{with_secrets({"old"})};
  const hmac_signer only_new{with_secrets({"new"})};
  const hmac_signer other{with_secrets({"other"})};
  EXPECT_TRUE(both.verify(only_new.sign("body"), "body"));
  EXPECT_TRUE(both.verify(only_old.sign("body"), "body"));
  EXPECT_FALSE(both.verify(other.sign("body"), "body"));
}

TEST(hmac, is_made_with_the_first_secret) {
  const hmac_signer both{with_secrets({"new", "old"})};
  EXPECT_EQ(both.sign("body"), hmac_signer{with_secrets({"new"})}.sign("body"));
}

TEST(hmac, may_be_base64) {
  auto settings = with_secrets({std::string(20, '\x0b')});
  settings.signature_encoding = config::encoding::base64;
  const hmac_signer signer{settings};
  const std::string good{"sDRMYdjbOFNcqK/OrwvxK4gdwgDJgz2nJuk3bC4yz/c="};
  EXPECT_EQ(signer.sign("Hi There"), good);
  EXPECT_TRUE(signer.verify(good, "Hi There"));
  EXPECT_FALSE(signer.verify(good, "Hi there"));
  EXPECT_FALSE(signer.verify(good.substr(0, good.size() - 1), "Hi There"));
  EXPECT_FALSE(signer.verify(sha256_vectors[0].mac, "Hi There"))
      << "hex where base64 is asked for";
}

TEST(hmac, covers_bytes_that_are_no_text) {
  const hmac_signer signer{with_secrets({"key"})};
  const std::string body{"a\0b\xff", 4};
  const auto header = signer.sign(body);
  EXPECT_TRUE(signer.verify(header, body));
  EXPECT_FALSE(signer.verify(header, {body.data(), 1}));
}

TEST(hmac, of_an_empty_body_is_a_signature) {
  const hmac_signer signer{with_secrets({"key"})};
  EXPECT_EQ(signer.sign(""),
            "5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0");
}

TEST(hmac, is_the_same_every_time) {
  const hmac_signer signer{with_secrets({"key"})};
  const auto once = signer.sign("body");
  EXPECT_FALSE(signer.verify(once, "another body"));
  EXPECT_EQ(signer.sign("body"), once);
}

TEST(hmac, may_cover_a_time_and_more) {
  auto settings = with_secrets({"key"});
  settings.signed_content = "v1:{timestamp}.{body}!";
  settings.timestamp_header = "X-Time";
  const auto made = sign_request(settings, "body");
  EXPECT_EQ(made.fields.front().second,
            hmac_signer{with_secrets({"key"})}.sign("v1:1614265330.body!"));
  EXPECT_EQ(made.fields.back(),
            (std::pair<std::string, std::string>{"X-Time", "1614265330"}));
  EXPECT_EQ(made.flaw_with(settings), std::nullopt);
}

struct an_hmac_with_an_id : testing::Test {
  an_hmac_with_an_id() {
    settings.signed_content = "{id}.{body}";
    settings.id_header = "X-Id";
  }

  config::signature_settings settings = with_secrets({"key"});
};

TEST_F(an_hmac_with_an_id, signs_it) {
  const auto made = sign_request(settings, "body");
  EXPECT_EQ(made.fields.front().second,
            hmac_signer{with_secrets({"key"})}.sign("msg_1.body"));
  EXPECT_EQ(made.fields.back(),
            (std::pair<std::string, std::string>{"X-Id", "msg_1"}));
  EXPECT_EQ(made.flaw_with(settings), std::nullopt);
  EXPECT_EQ(fields_of(settings),
            (std::vector<std::string>{"X-Signature", "X-Id"}));
}

TEST_F(an_hmac_with_an_id, does_not_let_a_part_of_the_body_pass_for_the_id) {
  auto made = sign_request(settings, "1.5");
  made.field("X-Id") = "msg_1.1";
  made.body = "5";
  EXPECT_EQ(made.flaw_with(settings), flaw::malformed)
      << "the same bytes are signed, of another delivery";
}

TEST_F(an_hmac_with_an_id, wants_it) {
  auto made = sign_request(settings, "body");
  made.field("X-Id") = "";
  EXPECT_EQ(made.flaw_with(settings), flaw::missing);
}

TEST_F(an_hmac_with_an_id, may_have_it_and_the_time_in_either_order) {
  settings.timestamp_header = "X-Time";
  for (const auto& [content, signed_text] :
       {std::pair{"{id}.{timestamp}.{body}", "msg_1.1614265330.body"},
        {"v1:{timestamp}:{id}/{body};", "v1:1614265330:msg_1/body;"}}) {
    settings.signed_content = content;
    const auto made = sign_request(settings, "body");
    EXPECT_EQ(made.fields.front().second,
              hmac_signer{with_secrets({"key"})}.sign(signed_text));
    EXPECT_EQ(made.flaw_with(settings), std::nullopt);
  }
}

} // namespace

} // namespace mfo::signatures::test
