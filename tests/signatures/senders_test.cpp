// What the senders themselves document, and what is peculiar to each.

#include "tests/signatures/fixture.hpp"

#include "signatures/twilio_content.hpp"

#include <gmock/gmock.h>

namespace mfo::signatures::test {

namespace {

using testing::Optional;

TEST(github, takes_its_documented_example) {
  const request example{
      {{"X-Hub-Signature-256",
        "sha256="
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
      "Hello, World!",
      "/"};
  EXPECT_EQ(example.flaw_with(settings_of(signature_scheme::github,
                                          {"It's a Secret to Everybody"})),
            std::nullopt);
}

TEST(github, does_not_look_at_its_old_signature) {
  auto settings = settings_of(signature_scheme::hmac, {"s"});
  settings.algorithm = config::digest::sha1;
  settings.header = "X-Hub-Signature";
  settings.prefix = "sha1=";
  const auto old = sign_request(settings, "{}");
  EXPECT_EQ(old.flaw_with(settings), std::nullopt) << "it is genuine";
  EXPECT_THAT(old.flaw_with(settings_of(signature_scheme::github, {"s"})),
              Optional(flaw::missing));
}

TEST(a_challenge, is_of_http_where_the_scheme_is) {
  EXPECT_EQ(challenge_of(settings_of(signature_scheme::basic, {"u:p"})),
            R"(Basic realm="mfo", charset="UTF-8")");
  auto token = settings_of(signature_scheme::token, {"t"});
  EXPECT_EQ(challenge_of(token), "Signature") << "a field of its own";
  token.header = "authorization";
  token.prefix = "Bearer ";
  EXPECT_EQ(challenge_of(token), "Bearer");
  EXPECT_EQ(challenge_of(settings_of(signature_scheme::github, {"s"})),
            "Signature");
}

TEST(slack, takes_its_documented_example) {
  request example{
      {{"X-Slack-Request-Timestamp", "1531420618"},
       {"X-Slack-Signature",
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"}},
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain="
      "testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&"
      "user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url="
      "https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
      "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
      "803a0bc887a14d10d2c447fce8b6703c",
      "/",
      std::chrono::seconds{1'531'420'618}};
  EXPECT_EQ(example.flaw_with(settings_of(
                signature_scheme::slack, {"8f742231b10e8888abcd99yyyzzz85a5"})),
            std::nullopt);
}

TEST(slack, has_its_challenge_answered) {
  EXPECT_EQ(
      slack_challenge(
          R"({"token":"x","challenge":"3eZ\"b","type":"url_verification"})"),
      R"({"challenge":"3eZ\"b"})");
  for (const auto* other :
       {"", "{}", "url_verification", R"(["url_verification"])",
        R"({"type":"event_callback","text":"url_verification"})",
        R"({"type":"url_verification"})",
        R"({"type":"url_verification","challenge":1})"})
    EXPECT_EQ(slack_challenge(other), std::nullopt) << other;
  EXPECT_EQ(slack_challenge(R"({"type":"url_verification","challenge":")" +
                            std::string(5'000, 'x') + "\"}"),
            std::nullopt)
      << "a challenge is short";
}

struct a_stripe_signature : testing::Test {
  config::signature_settings settings =
      settings_of(signature_scheme::stripe, {"whsec_test_secret"});
  request good = sign_request(settings, "{}");
  std::string& header = good.field("Stripe-Signature");
};

TEST_F(a_stripe_signature, may_be_one_of_several) {
  const auto v1 = header.substr(header.find("v1="));
  header = "t=1614265330,v1=" + std::string(64, '0') + "," + v1 + ",v0=00";
  EXPECT_EQ(good.flaw_with(settings), std::nullopt);
}

TEST_F(a_stripe_signature, may_have_spaces_between_its_parts) {
  header.replace(header.find(','), 1, ", ");
  EXPECT_EQ(good.flaw_with(settings), std::nullopt);
}

TEST_F(a_stripe_signature, of_a_test_is_worth_nothing) {
  header.replace(header.find("v1="), 3, "v0=");
  EXPECT_THAT(good.flaw_with(settings), Optional(flaw::malformed));
}

TEST_F(a_stripe_signature, has_one_time) {
  header += ",t=1614265330";
  EXPECT_THAT(good.flaw_with(settings), Optional(flaw::malformed));
}

TEST_F(a_stripe_signature, has_the_whole_literal_secret_for_its_key) {
  const auto other = sign_request(
      settings_of(signature_scheme::stripe, {"test_secret"}), "{}");
  EXPECT_THAT(other.flaw_with(settings), Optional(flaw::mismatch));
}

TEST_F(a_stripe_signature, is_not_looked_for_among_many) {
  const auto v1 = header.substr(header.find("v1="));
  header = "t=1614265330";
  for (int i = 0; i < 50; ++i)
    header += ",v1=00";
  header += "," + v1;
  EXPECT_THAT(good.flaw_with(settings), Optional(flaw::malformed));
}

/// The example of Twilio's own libraries.
struct a_twilio_signature : testing::Test {
  a_twilio_signature() {
    settings.public_url = "https://mycompany.com/myapp.php";
  }

  config::signature_settings settings =
      settings_of(signature_scheme::twilio, {"12345"});
  request form{{{"X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8="}},
               "To=%2B18005551212&Digits=1234&From=%2B14158675309&"
               "Caller=%2B14158675309&CallSid=CA1234567890ABCDE",
               "/myapp.php?foo=1&bar=2"};
};

TEST_F(a_twilio_signature, covers_the_url_and_the_sorted_form) {
  EXPECT_EQ(form.flaw_with(settings), std::nullopt);
}

TEST_F(a_twilio_signature, does_not_fit_another_url) {
  form.target = "/myapp.php?foo=1&bar=3";
  EXPECT_THAT(form.flaw_with(settings), Optional(flaw::mismatch));
  form.target = "/myapp.php?foo=1&bar=2";
  settings.public_url = "http://mycompany.com/myapp.php";
  EXPECT_THAT(form.flaw_with(settings), Optional(flaw::mismatch));
}

TEST_F(a_twilio_signature, may_be_of_the_url_with_and_without_its_port) {
  for (const auto* port : {"", ":443"}) {
    SCOPED_TRACE(port);
    form.fields = sign(settings, {.body = form.body,
                                  .url = std::string{"https://mycompany.com"} +
                                         port + "/myapp.php?foo=1&bar=2"});
    EXPECT_EQ(form.flaw_with(settings), std::nullopt);
  }
}

TEST_F(a_twilio_signature, covers_another_body_by_its_hash) {
  const std::string body{R"({"property": "value", "boolean": true})"};
  const std::string query{
      "?bodySHA256="
      "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"};
  request json{
      sign(settings, {.body = body, .url = settings.public_url + query}), body,
      "/myapp.php" + query};
  EXPECT_EQ(hex_sha256(body), query.substr(12));
  EXPECT_EQ(json.flaw_with(settings), std::nullopt);
  json.body = R"({"property": "value", "boolean": false})";
  EXPECT_THAT(json.flaw_with(settings), Optional(flaw::mismatch));
  json.target = "/myapp.php";
  json.body = body;
  EXPECT_THAT(json.flaw_with(settings), Optional(flaw::mismatch));
}

TEST(twilio_content, sorts_and_decodes_a_form) {
  EXPECT_EQ(sorted_form("b=2&a=1"), "a1b2");
  EXPECT_EQ(sorted_form("a=%41+b%2B&&a=%zz&c"), "a%zzaA b+c");
  EXPECT_EQ(sorted_form("a=2&a=1&a=2"), "a1a2") << "each value once";
  EXPECT_EQ(sorted_form("a=%4"), "a%4");
  EXPECT_EQ(sorted_form(""), "");
}

TEST(twilio_content, writes_the_usual_port_or_leaves_it_out) {
  EXPECT_EQ(with_other_port("https://a.b/c"), "https://a.b:443/c");
  EXPECT_EQ(with_other_port("http://a.b"), "http://a.b:80");
  EXPECT_EQ(with_other_port("https://a.b:443/c"), "https://a.b/c");
  EXPECT_EQ(with_other_port("https://a.b:8443?c"), "https://a.b?c");
  EXPECT_EQ(with_other_port("https://[::1]/c"), "https://[::1]:443/c");
  EXPECT_EQ(with_other_port("https://[::1]:443/c"), "https://[::1]/c");
}

TEST(gitlab, prefers_a_signature_to_a_token) {
  const std::string whsec{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  const auto both = settings_of(signature_scheme::gitlab, {whsec, "a-token"});
  auto with_signature =
      sign_request(settings_of(signature_scheme::gitlab, {whsec}), "{}");
  EXPECT_EQ(with_signature.flaw_with(both), std::nullopt);
  with_signature.body = "{ }";
  with_signature.fields.emplace_back("X-Gitlab-Token", "a-token");
  EXPECT_THAT(with_signature.flaw_with(both), Optional(flaw::mismatch))
      << "a token does not make up for a signature that is wrong";
}

TEST(gitlab, takes_no_token_where_there_is_a_signing_token_alone) {
  const std::string whsec{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  const request token{{{"X-Gitlab-Token", whsec}}, "{}", "/"};
  EXPECT_THAT(token.flaw_with(settings_of(signature_scheme::gitlab, {whsec})),
              Optional(flaw::missing));
}

TEST(basic, takes_its_name_in_any_case) {
  const auto settings = settings_of(signature_scheme::basic, {"ann:s3cret"});
  for (const auto* name : {"Basic ", "basic ", "BASIC "}) {
    const request one{
        {{"Authorization", name + std::string{"YW5uOnMzY3JldA=="}}}, "", "/"};
    EXPECT_EQ(one.flaw_with(settings), std::nullopt) << name;
  }
  const request bearer{{{"Authorization", "Bearer YW5uOnMzY3JldA=="}}, "", "/"};
  EXPECT_THAT(bearer.flaw_with(settings), Optional(flaw::malformed));
}

TEST(token, may_have_a_prefix_in_a_header_of_its_choice) {
  auto settings = settings_of(signature_scheme::token, {"t0ken"});
  settings.header = "Authorization";
  settings.prefix = "Bearer ";
  EXPECT_EQ(sign(settings, {}),
            (field_list{{"Authorization", "Bearer t0ken"}}));
  const request bare{{{"Authorization", "t0ken"}}, "", "/"};
  EXPECT_THAT(bare.flaw_with(settings), Optional(flaw::malformed));
}

} // namespace

} // namespace mfo::signatures::test
