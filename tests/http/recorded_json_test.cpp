#include "http/recorded_json.hpp"

#include "tests/payload/deflated.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

namespace mfo::http {

namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct a_recorded_request : testing::Test {
  a_recorded_request() {
    endpoint.id = "orders";
    endpoint.path = "/orders";
    endpoint.signature.header = "X-Proof";
    endpoint.signature.id_header = "X-Id";
    endpoint.signature.secrets.emplace_back("secret");
    endpoint.delivery_id_header = "X-Id";
    request.method = "POST";
    request.path = "/orders";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = "{}";
    request.from = *config::ip_address::parse("192.0.2.7");
    request.at = std::chrono::milliseconds{1'500};
    request.status = 202;
  }

  json shown(const std::vector<std::string>& redact = {}) {
    request.endpoint =
        std::make_shared<const config::endpoint_settings>(endpoint);
    return to_json(request, payload::redaction{redact});
  }

  /// Of a header; "": there is none.
  std::string header(const std::string& name) {
    const auto all = shown();
    for (const auto& each : all["headers"])
      if (each["name"] == name)
        return each["value"];
    return {};
  }

  config::endpoint_settings endpoint;
  recorded_request request;
};

TEST_F(a_recorded_request, is_shown_with_what_became_of_it) {
  request.type = "order.created";
  request.query = "a=1";
  request.outcome = telemetry::event_state::delivered;
  EXPECT_EQ(shown(), json::parse(R"({
    "endpoint": "orders", "at": "1970-01-01T00:00:01.500Z",
    "from": "192.0.2.7", "method": "POST", "path": "/orders", "query": "a=1",
    "headers": [{"name": "Content-Type", "value": "application/json"}],
    "size": 2, "body": "{}", "type": "order.created", "sign": "yes",
    "status": 202, "outcome": "delivered"})"));
}

TEST_F(a_recorded_request, says_why_it_was_refused) {
  request.reason = core::errc::upstream_rejected;
  request.outcome = telemetry::event_state::refused;
  request.upstream_status = 400;
  EXPECT_EQ(shown()["reason"], "upstream_rejected");
  EXPECT_EQ(shown()["outcome"], "refused");
  EXPECT_EQ(shown()["upstream_status"], 400);
}

TEST_F(a_recorded_request, has_no_credentials_in_its_headers) {
  for (const auto* name :
       {"Authorization", "authorization", "Proxy-Authorization", "Cookie",
        "Set-Cookie", "X-Api-Key", "X-Auth-Token", "X-Gitlab-Token",
        "X-Hub-Signature-256", "X-Proof", "x-proof"}) {
    request.headers = {{name, "marker"}};
    EXPECT_EQ(header(name), "redacted") << name;
  }
}

TEST_F(a_recorded_request, keeps_the_id_of_its_delivery) {
  request.headers = {{"X-Id", "delivery-1"}};
  EXPECT_EQ(header("X-Id"), "delivery-1");
}

TEST_F(a_recorded_request, has_no_proof_of_any_scheme) {
  using enum config::signature_scheme;
  endpoint.delivery_id_header.clear();
  const std::pair<config::signature_scheme, const char*> proofs[]{
      {standard_webhooks, "webhook-signature"},
      {github, "X-Hub-Signature-256"},
      {stripe, "Stripe-Signature"},
      {slack, "X-Slack-Signature"},
      {shopify, "X-Shopify-Hmac-SHA256"},
      {gitlab, "X-Gitlab-Token"},
      {twilio, "X-Twilio-Signature"},
      {token, "X-Proof"},
      {basic, "Authorization"}};
  for (const auto& [scheme, field] : proofs) {
    endpoint.signature.scheme = scheme;
    request.headers = {{field, "marker"}};
    EXPECT_EQ(header(field), "redacted") << field;
  }
}

TEST_F(a_recorded_request, has_no_secrets_in_query_and_body) {
  request.query = "token=marker&a=1";
  request.body = R"({"password": "marker", "mail": "joe@marker.test"})";
  const auto all = shown();
  EXPECT_EQ(all["query"], "token=redacted&a=1");
  EXPECT_EQ(all["body"],
            R"({"password":"redacted","mail":"person@example.com"})");
  EXPECT_EQ(all["size"], request.body.size());
  EXPECT_THAT(all.dump(), Not(HasSubstr("marker")));
}

TEST_F(a_recorded_request, has_nothing_that_the_configuration_names) {
  request.headers.emplace_back("X-Customer", "marker");
  request.query = "customer=marker";
  request.body = R"({"customer":"marker","note":{"text":"marker"}})";
  EXPECT_THAT(shown({"customer", "x_customer", "/note/text"}).dump(),
              Not(HasSubstr("marker")));
}

TEST_F(a_recorded_request, may_be_a_form) {
  request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  request.body = "token=marker&text=hi";
  EXPECT_EQ(shown()["body"], "token=redacted&text=hi");
}

TEST_F(a_recorded_request, is_taken_for_json_where_it_says_nothing) {
  request.headers.clear();
  request.body = R"({"pin":1})";
  EXPECT_EQ(shown()["body"], R"({"pin":0})");
}

TEST_F(a_recorded_request, is_shown_inflated) {
  request.headers.emplace_back("Content-Encoding", "gzip");
  request.body = payload::test::deflated(R"({"password":"marker","a":1})",
                                         payload::test::gzip);
  EXPECT_EQ(shown()["body"], R"({"password":"redacted","a":1})");
  EXPECT_EQ(header("Content-Encoding"), "") << "it is not compressed any more";
}

TEST_F(a_recorded_request, has_a_placeholder_of_what_is_neither) {
  request.body = "marker";
  EXPECT_EQ(shown()["body"], "redacted: 6 bytes") << "it is no JSON";
  request.headers = {{"Content-Type", "text/plain"}};
  EXPECT_EQ(shown()["body"], "redacted: 6 bytes");
  request.headers.emplace_back("Content-Encoding", "gzip");
  EXPECT_EQ(shown()["body"], "redacted: 6 bytes") << "nor is it compressed";
  EXPECT_EQ(header("Content-Encoding"), "gzip");
  request.body.clear();
  EXPECT_EQ(shown()["body"], "");
}

TEST_F(a_recorded_request, says_how_it_comes_to_the_same_again) {
  EXPECT_EQ(shown()["sign"], "yes");
  request.reason = core::errc::bad_signature;
  EXPECT_EQ(shown()["sign"], "wrong");
  endpoint.signature.scheme = config::signature_scheme::standard_webhooks;
  endpoint.signature.secrets = {config::secret{
      "whpk_MCowBQYDK2VwAyEAbYSi4SNAz0dFjd4ZzLWsgUk4NLMOyyGvxTEFAOgfTuE="}};
  EXPECT_EQ(shown()["sign"], "no");
  request.reason.reset();
  EXPECT_FALSE(shown().contains("sign")) << "nobody here can sign it";
}

} // namespace

} // namespace mfo::http
