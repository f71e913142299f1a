#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string whsec{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};

/// A file whose endpoint has this signature.
std::string with_signature(const std::string& signature) {
  return "server_url: https://a\nendpoints:\n"
         "  - id: e\n    path: /e\n    signature: {" +
         signature + "}\n";
}

endpoint_settings endpoint_with(const std::string& signature) {
  const auto node = must_load(with_signature(signature));
  return node.endpoints.empty() ? endpoint_settings{} : node.endpoints[0];
}

std::string problems_with(const std::string& signature) {
  return problems_of(with_signature(signature));
}

TEST(a_scheme, is_chosen_by_its_name) {
  using enum signature_scheme;
  const std::pair<std::string, signature_scheme> all[]{
      {"scheme: hmac, secret: s", hmac},
      {"scheme: standard-webhooks, secret: " + whsec, standard_webhooks},
      {"scheme: github, secret: s", github},
      {"scheme: stripe, secret: " + whsec, stripe},
      {"scheme: slack, secret: s", slack},
      {"scheme: shopify, secret: s", shopify},
      {"scheme: gitlab, secret: s", gitlab},
      {"scheme: twilio, secret: s, public_url: 'https://a/e'", twilio},
      {"scheme: token, secret: s, header: X-Token", token},
      {"scheme: basic, secret: 'ann:s'", basic},
      {"scheme: none, i_accept_unsigned_events: true", none}};
  for (const auto& [text, scheme] : all)
    EXPECT_EQ(endpoint_with(text).signature.scheme, scheme) << text;
}

TEST(a_scheme, knows_where_its_sender_puts_the_delivery_id) {
  EXPECT_EQ(endpoint_with("scheme: standard-webhooks, secret: " + whsec)
                .delivery_id_header,
            "webhook-id");
  EXPECT_EQ(endpoint_with("scheme: github, secret: s").delivery_id_header,
            "X-GitHub-Delivery");
  EXPECT_EQ(endpoint_with("scheme: shopify, secret: s").delivery_id_header,
            "X-Shopify-Webhook-Id");
  EXPECT_EQ(endpoint_with("scheme: gitlab, secret: s").delivery_id_header,
            "Idempotency-Key");
  EXPECT_EQ(
      endpoint_with("scheme: gitlab, secret: " + whsec).delivery_id_header,
      "webhook-id")
      << "which is signed";
  EXPECT_EQ(endpoint_with("scheme: hmac, secret: s").delivery_id_header, "");
}

TEST(a_scheme, tolerates_five_minutes_unless_it_is_told_otherwise) {
  EXPECT_EQ(endpoint_with("scheme: slack, secret: s").signature.tolerance,
            5min);
  EXPECT_EQ(endpoint_with("scheme: slack, secret: s, tolerance: 10s")
                .signature.tolerance,
            10s);
  EXPECT_THAT(problems_with("scheme: slack, secret: s, tolerance: 2d"),
              HasSubstr("tolerance: "));
}

TEST(a_scheme, refuses_the_keys_of_others) {
  for (const auto* other :
       {"header: X", "algorithm: sha1", "encoding: hex", "prefix: x",
        "template: '{body}'", "timestamp_header: X"})
    EXPECT_THAT(
        problems_with(std::string{"scheme: github, secret: s, "} + other),
        HasSubstr("not allowed with scheme github, which fixes it "
                  "(use scheme hmac to choose it)"))
        << other;
  EXPECT_THAT(problems_with("scheme: github, secret: s, tolerance: 1m"),
              HasSubstr("not allowed with scheme github"));
  EXPECT_THAT(problems_with("scheme: hmac, secret: s, public_url: 'http://a'"),
              HasSubstr("not allowed with scheme hmac (leave it out)"));
  EXPECT_THAT(
      problems_with("scheme: hmac, secret: s, i_accept_unsigned_events: true"),
      HasSubstr("not allowed with scheme hmac"));
}

TEST(a_secret, has_the_form_that_its_scheme_wants) {
  EXPECT_THAT(problems_with("scheme: standard-webhooks, secret: 'whsec_hunt?'"),
              HasSubstr("must be whsec_ and base64"));
  EXPECT_THAT(problems_with("scheme: standard-webhooks, secret: whsec_"),
              HasSubstr("must be whsec_ and base64"));
  EXPECT_THAT(problems_with("scheme: standard-webhooks, secret: whpk_AAAA"),
              HasSubstr("must be whpk_ and 32 bytes in base64"));
  EXPECT_EQ(problems_with("scheme: standard-webhooks, secret: "
                          "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="),
            "");
  EXPECT_THAT(problems_with("scheme: stripe, secret: sk_live_hunter2"),
              HasSubstr("must begin with whsec_"));
  EXPECT_THAT(problems_with("scheme: gitlab, secret: whsec_!"),
              HasSubstr("must be base64 after whsec_"));
  EXPECT_THAT(problems_with("scheme: basic, secret: hunter2"),
              HasSubstr("must be user:password"));
}

TEST(a_secret, is_no_key_when_it_is_too_short_to_be_one) {
  const std::string short_key{"whsec_MTIzNDU2Nzg5MDEyMzQ1"}; // 15 bytes
  const std::string long_enough{"whsec_MTIzNDU2Nzg5MDEyMzQ1Ng=="};
  for (const auto* scheme : {"standard-webhooks", "gitlab"}) {
    const auto with = std::string{"scheme: "} + scheme + ", secret: ";
    EXPECT_THAT(problems_with(with + short_key), HasSubstr("node.yaml:5:"))
        << scheme;
    EXPECT_THAT(problems_with(with + short_key),
                HasSubstr("is too short: must be 16 bytes in base64 at least"))
        << scheme;
    EXPECT_EQ(problems_with(with + long_enough), "") << scheme;
  }
  EXPECT_THAT(problems_with("scheme: stripe, secret: whsec_"),
              HasSubstr("must begin with whsec_"));
  EXPECT_THAT(problems_with("scheme: basic, secret: ':'"),
              HasSubstr("must be user:password"));
}

TEST(a_secret, is_held_to_its_form_wherever_it_stands_in_the_list) {
  EXPECT_THAT(problems_with("scheme: standard-webhooks, secrets: [" + whsec +
                            ", 'whsec_?']"),
              HasSubstr("must be whsec_ and base64"));
  EXPECT_THAT(problems_with("scheme: github, secrets: [s, '']"),
              HasSubstr("secrets"));
}

TEST(a_secret, is_never_shown_by_what_is_said_of_it) {
  for (const auto* scheme : {"standard-webhooks", "stripe", "basic"})
    EXPECT_EQ(
        problems_with(std::string{"scheme: "} + scheme + ", secret: 'hunter2?'")
            .find("hunter2"),
        std::string::npos)
        << scheme;
}

TEST(a_secret, is_required_and_not_empty_with_every_scheme_but_none) {
  for (const auto* scheme :
       {"hmac", "standard-webhooks", "github", "stripe", "slack", "shopify",
        "gitlab", "twilio", "token", "basic"}) {
    EXPECT_THAT(problems_with(std::string{"scheme: "} + scheme),
                HasSubstr("secret"))
        << scheme;
    EXPECT_THAT(
        problems_with(std::string{"scheme: "} + scheme + ", secret: ''"),
        HasSubstr("secret"))
        << scheme;
  }
}

TEST(scheme_none, must_be_meant) {
  EXPECT_THAT(problems_with("scheme: none"),
              HasSubstr("takes events from anybody who can reach the endpoint "
                        "(set i_accept_unsigned_events: true if that is what "
                        "you want)"));
  EXPECT_THAT(problems_with("scheme: none, i_accept_unsigned_events: false"),
              HasSubstr("takes events from anybody"));
  EXPECT_THAT(
      problems_with("scheme: none, i_accept_unsigned_events: true, secret: s"),
      HasSubstr("not allowed with scheme none"));
}

TEST(scheme_token, wants_its_header) {
  EXPECT_THAT(problems_with("scheme: token, secret: s"),
              HasSubstr("needs header"));
}

TEST(scheme_twilio, wants_its_public_url) {
  EXPECT_THAT(problems_with("scheme: twilio, secret: s"),
              HasSubstr("needs public_url"));
  EXPECT_THAT(
      problems_with("scheme: twilio, secret: s, public_url: 'https://a?b=c'"),
      HasSubstr("public_url"));
}

TEST(scheme_hmac, may_sign_the_time_too) {
  const auto signature =
      endpoint_with("secret: s, template: 'v0:{timestamp}:{body}', "
                    "timestamp_header: X-Time, tolerance: 1m")
          .signature;
  EXPECT_EQ(signature.signed_content, "v0:{timestamp}:{body}");
  EXPECT_EQ(signature.timestamp_header, "X-Time");
}

TEST(scheme_hmac, has_a_time_both_in_the_template_and_in_a_header) {
  EXPECT_THAT(problems_with("secret: s, template: '{timestamp}{body}'"),
              HasSubstr("{timestamp} means nothing without timestamp_header"));
  EXPECT_THAT(problems_with("secret: s, timestamp_header: X-Time"),
              HasSubstr("means nothing without {timestamp} in template"));
  EXPECT_THAT(problems_with("secret: s, tolerance: 1m"),
              HasSubstr("means nothing without timestamp_header"));
}

TEST(scheme_hmac, may_sign_the_id_by_which_a_delivery_is_known) {
  const auto endpoint =
      endpoint_with("secret: s, template: '{timestamp}.{id}.{body}', "
                    "timestamp_header: X-Time, id_header: X-Id");
  EXPECT_EQ(endpoint.signature.id_header, "X-Id");
  EXPECT_EQ(endpoint.delivery_id_header, "X-Id");
}

TEST(scheme_hmac, has_an_id_both_in_the_template_and_in_a_header) {
  EXPECT_THAT(problems_with("secret: s, template: '{id}.{body}'"),
              HasSubstr("{id} means nothing without id_header"));
  EXPECT_THAT(problems_with("secret: s, id_header: X-Id"),
              HasSubstr("means nothing without {id} in template (an id that is "
                        "not signed can be anybody's"));
  EXPECT_THAT(problems_with("scheme: github, secret: s, id_header: X-Id"),
              HasSubstr("not allowed with scheme github"));
}

TEST(scheme_hmac, has_the_body_once_in_what_is_signed) {
  for (const auto* wrong :
       {"{timestamp}", "{body}{body}", "{body}.{timestamp}", "{body}.{id}",
        "{other}.{body}", "{timestamp}{timestamp}{body}", "{id}.{id}.{body}",
        "{id}{body}", "{id}{timestamp}.{body}", "a b{body}"})
    EXPECT_THAT(problems_with("secret: s, timestamp_header: X, template: '" +
                              std::string{wrong} + "'"),
                HasSubstr("signature.template"))
        << wrong;
}

} // namespace

} // namespace mfo::config
