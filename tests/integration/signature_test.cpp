#include "tests/integration/fixture.hpp"

#include "signatures/signer.hpp"

namespace mfo::integration {
namespace {

/// Only events of those who know the secret come in.
class signature : public running_node {
protected:
  /// The answer without the event's id: what a forger learns.
  static std::string hint(const answer& got) {
    auto body = nlohmann::json::parse(got.body);
    body.erase("event_id");
    return body.dump();
  }

  answer post_with(const field_list& fields,
                   std::string_view path = "/webhook") {
    field_list all{{"Content-Type", "application/json"}};
    all.insert(all.end(), fields.begin(), fields.end());
    return devserver::ask(port, "POST", path, body, all);
  }

  const std::string body{R"({"id":1})"};
  const std::string good = support::hex_hmac_sha256(secret, body);
};

TEST_F(signature, is_refused_without_a_hint_when_anything_is_wrong_with_it) {
  start();
  auto flipped = good;
  flipped.back() = flipped.back() == '0' ? '1' : '0';
  const field_list wrong[] = {
      {},
      {{"X-Signature", ""}},
      {{"X-Signature", "nonsense"}},
      {{"X-Signature", flipped}},
      {{"X-Signature", good.substr(2)}},
      {{"X-Signature", good + "00"}},
      {{"X-Signature", "sha256=" + good}},
      {{"X-Signature", support::hex_hmac_sha256("other", body)}},
      {{"X-Signature", good}, {"X-Signature", good}},
      {{"X-Signature", flipped}, {"X-Signature", good}},
      {{"X-Hub-Signature-256", "sha256=" + good}},
  };
  std::string first;
  for (const auto& fields : wrong) {
    const auto got = post_with(fields);
    expect_problem(got, 401, "bad_signature");
    if (first.empty())
      first = hint(got);
    EXPECT_EQ(hint(got), first);
  }
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(signature, covers_the_body_down_to_the_last_byte) {
  start();
  auto fields = signed_fields(R"({"a":1})");
  expect_problem(devserver::ask(port, "POST", "/webhook", R"({"a":2})", fields),
                 401, "bad_signature");
  expect_problem(
      devserver::ask(port, "POST", "/webhook", R"({"a":1} )", fields), 401,
      "bad_signature");
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(signature, is_checked_before_the_payload_is_looked_at) {
  start();
  expect_problem(devserver::ask(port, "POST", "/webhook", "not JSON",
                                {{"Content-Type", "application/json"}}),
                 401, "bad_signature");
}

TEST_F(signature, may_be_made_with_any_secret_of_the_list) {
  start_with("webhook_path: /webhook\n"
             "webhook_secret: [\"new-secret\", \"old-secret\"]\n");
  for (const auto* each : {"new-secret", "old-secret"})
    EXPECT_EQ(devserver::ask(port, "POST", "/webhook", body,
                             signed_fields(body, each))
                  .status,
              202);
  expect_problem(devserver::ask(port, "POST", "/webhook", body,
                                signed_fields(body, "older-secret")),
                 401, "bad_signature");
}

constexpr auto two_endpoints =
    "endpoints:\n"
    "  - id: github\n"
    "    path: /hooks/github\n"
    "    signature: {scheme: github, secret: \"${WEBHOOK_SECRET}\"}\n"
    "  - id: other\n"
    "    path: /hooks/other\n"
    "    signature: {scheme: hmac, secret: of-the-other, prefix: v1=}\n";

TEST_F(signature, is_read_as_github_writes_it) {
  start_with(two_endpoints);
  EXPECT_EQ(post_with({{"X-Hub-Signature-256", "sha256=" + good},
                       {"X-GitHub-Event", "push"}},
                      "/hooks/github")
                .status,
            202);
  expect_problem(post_with({{"X-Hub-Signature-256", good}}, "/hooks/github"),
                 401, "bad_signature");
  expect_problem(post_with({{"X-Signature", good}}, "/hooks/github"), 401,
                 "bad_signature");
}

TEST_F(signature, of_one_endpoint_opens_no_other) {
  start_with(two_endpoints);
  const auto others = "v1=" + support::hex_hmac_sha256("of-the-other", body);
  EXPECT_EQ(post_with({{"X-Signature", others}}, "/hooks/other").status, 202);
  expect_problem(post_with({{"X-Signature", "v1=" + good}}, "/hooks/other"),
                 401, "bad_signature");
  expect_problem(
      post_with({{"X-Hub-Signature-256",
                  "sha256=" + support::hex_hmac_sha256("of-the-other", body)}},
                "/hooks/github"),
      401, "bad_signature");
}

struct a_replayed_delivery : signature {
  answer deliver(const field_list& more) {
    config::signature_settings settings;
    settings.scheme = config::signature_scheme::standard_webhooks;
    settings.secrets.emplace_back(whsec);
    auto fields = signatures::sign(
        settings, {.body = body,
                   .id = "msg_1",
                   .unix_now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())});
    for (auto& [name, value] : fields)
      name.replace(0, std::string_view{"webhook"}.size(), sent_names);
    fields.insert(fields.end(), more.begin(), more.end());
    return post_with(fields, "/hook");
  }

  void start_with_scheme(const std::string& scheme) {
    start_with("endpoints:\n"
               "  - id: hook\n"
               "    path: /hook\n"
               "    signature: {scheme: " +
               scheme + ", secret: " + whsec + "}\n");
  }

  const std::string whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  std::string sent_names = "webhook";
};

TEST_F(a_replayed_delivery, is_none_the_fresher_for_an_id_that_is_not_signed) {
  start_with_scheme("standard-webhooks");
  sent_names = "svix";
  EXPECT_EQ(deliver({}).status, 202);
  EXPECT_EQ(deliver({}).status, 200) << "a duplicate";
  expect_problem(deliver({{"webhook-id", "msg_2"}}), 401, "bad_signature");
  sent_names = "webhook";
  EXPECT_EQ(deliver({}).status, 200) << "the same under the other names";
  EXPECT_EQ(server->count(), 1u);
}

TEST_F(a_replayed_delivery, is_known_by_what_gitlab_signs) {
  start_with_scheme("gitlab");
  EXPECT_EQ(deliver({{"Idempotency-Key", "msg_1"}}).status, 202);
  EXPECT_EQ(deliver({{"Idempotency-Key", "msg_2"}}).status, 200);
  EXPECT_EQ(server->count(), 1u);
}

struct a_delivery : signature {
  answer deliver(const std::string& id) {
    return post_with(
        {{"X-Hub-Signature-256", "sha256=" + good}, {"X-GitHub-Delivery", id}},
        "/hooks/github");
  }
};

TEST_F(a_delivery, that_is_repeated_goes_to_the_server_once) {
  start_with(two_endpoints);
  const auto first = deliver("72d3162e-cc78-11e3-81ab-4c9367dc0958");
  EXPECT_EQ(first.status, 202);
  const auto again = deliver("72d3162e-cc78-11e3-81ab-4c9367dc0958");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, R"({"event_id":")" + event_id(first) +
                            R"(","status":"duplicate"})");
  EXPECT_NE(event_id(deliver("72d3162e-cc78-11e3-81ab-4c9367dc0959")),
            event_id(first));
  EXPECT_EQ(server->count(), 2u);
}

TEST_F(a_delivery, that_failed_may_be_repeated_and_has_the_same_event_id) {
  start_with(two_endpoints);
  set_faults(R"({"statuses":[400],"count":1})");
  const auto first = deliver("d-1");
  EXPECT_EQ(first.status, 502);
  const auto again = deliver("d-1");
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(event_id(again), event_id(first));
}

TEST_F(a_delivery, that_is_repeated_goes_again_where_nothing_is_remembered) {
  start_with(std::string{two_endpoints} + "dedup: {max_ids: 0}\n");
  EXPECT_EQ(event_id(deliver("d-1")), event_id(deliver("d-1")));
  ASSERT_EQ(server->count(), 2u);
  EXPECT_EQ(server->ids()[0], server->ids()[1]);
}

TEST_F(signature, of_a_refused_delivery_names_its_event_id_too) {
  start_with(two_endpoints);
  const field_list delivery{{"X-GitHub-Delivery", "d-1"}};
  const auto refused = post_with(delivery, "/hooks/github");
  expect_problem(refused, 401, "bad_signature");
  auto proven = delivery;
  proven.emplace_back("X-Hub-Signature-256", "sha256=" + good);
  EXPECT_EQ(event_id(post_with(proven, "/hooks/github")), event_id(refused));
}

} // namespace
} // namespace mfo::integration
