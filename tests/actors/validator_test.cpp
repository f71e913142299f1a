#include "actors/validator.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::actors::tests {
namespace {

class validator_test : public actor_fixture {
protected:
  /// A router that takes every event.
  static router_actor::behavior_type take(router_actor::pointer,
                                          unsigned attempts) {
    return {[attempts](const core::event_ptr&) {
              return delivered_after(attempts);
            },
            [](wire_atom, const work_actor&, std::uint64_t) {},
            [](adopt_atom, std::uint64_t, const workflow_list&,
               const work_actor&) {},
            [](forget_atom, std::uint64_t) {
            }};
  }

  router_actor next_ = watch(system_.spawn(take, 7U));
  validator_actor validator_ = watch(system_.spawn(
      validator, validator_deps_of(endpoint_settings_), next_, log_));
};

TEST_F(validator_test, passes_a_signed_json_event_on) {
  const auto result = ask(validator_, make_event());
  ASSERT_TRUE(result->outcome);
  EXPECT_TRUE(result->outcome->delivered());
  EXPECT_EQ(result->outcome->attempts, 7U);
}

TEST_F(validator_test, marks_an_event_that_it_passes_on) {
  const auto event = make_event();
  ask(validator_, event);
  EXPECT_EQ(event->where.where(), core::stage::router);
}

TEST_F(validator_test, refuses_a_wrong_signature) {
  signature_override_ = std::string(64, '0');
  const auto result = ask(validator_, make_event());
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, core::errc::bad_signature);
}

TEST_F(validator_test, says_how_to_prove_who_one_is) {
  signature_override_ = "00";
  EXPECT_EQ(ask(validator_, make_event())->outcome->challenge, "Signature");
}

TEST_F(validator_test, tells_the_log_what_to_look_at_and_no_secret) {
  signature_override_ = "sha256=00";
  EXPECT_EQ(ask(validator_, make_event())->outcome->detail,
            "X-Signature is not hex");
  signature_override_ = "00";
  const auto detail = ask(validator_, make_event())->outcome->detail;
  EXPECT_THAT(detail, ::testing::StartsWith("X-Signature fits none of the "
                                            "endpoint's secrets (1)"));
  EXPECT_EQ(detail.find("s3cret"), std::string::npos);
}

TEST_F(validator_test, refuses_a_missing_signature) {
  signature_override_ = "";
  const auto result = ask(validator_, make_event());
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, core::errc::bad_signature);
  EXPECT_EQ(result->outcome->detail,
            "there is no header X-Signature, or several");
}

TEST_F(validator_test, tells_of_bad_json_only_who_signed_it) {
  EXPECT_EQ(ask(validator_, make_event("{"))->outcome->error,
            core::errc::malformed_json);
  signature_override_ = "00";
  EXPECT_EQ(ask(validator_, make_event("{"))->outcome->error,
            core::errc::bad_signature);
}

struct a_slack_endpoint : validator_test {
  a_slack_endpoint() {
    endpoint_settings_.signature.scheme = config::signature_scheme::slack;
    validator_ = watch(system_.spawn(
        validator, validator_deps_of(endpoint_settings_), next_, log_));
  }
};

TEST_F(a_slack_endpoint, has_the_challenge_of_its_set_up_answered) {
  const std::string challenge{
      R"({"type":"url_verification","challenge":"3eZ"})"};
  const auto result = ask(validator_, make_event(challenge))->outcome;
  EXPECT_EQ(result->error, core::errc::handshake);
  EXPECT_EQ(result->reply, R"({"challenge":"3eZ"})");
  signature_override_ = "v0=00";
  EXPECT_EQ(ask(validator_, make_event(challenge))->outcome->error,
            core::errc::bad_signature);
}

struct an_endpoint_with_a_schema : validator_test {
  an_endpoint_with_a_schema() {
    endpoint_settings_.payload_schema.json =
        R"({"type":"object","required":["id"],)"
        R"("properties":{"id":{"type":"integer"}}})";
    validator_ = watch(system_.spawn(
        validator, validator_deps_of(endpoint_settings_), next_, log_));
  }
};

TEST_F(an_endpoint_with_a_schema, passes_what_keeps_it) {
  EXPECT_TRUE(ask(validator_, make_event(R"({"id":7})"))->outcome->delivered());
}

TEST_F(an_endpoint_with_a_schema, refuses_what_does_not_and_says_where) {
  const auto result = ask(validator_, make_event(R"({"id":"x"})"))->outcome;
  EXPECT_EQ(result->error, core::errc::schema_violation);
  ASSERT_EQ(result->violations.size(), 1U);
  EXPECT_EQ(result->violations[0].pointer, "/id");
  EXPECT_EQ(result->violations[0].rule, "type");
  EXPECT_EQ(result->detail, "type") << "names of the payload are not logged";
}

TEST_F(an_endpoint_with_a_schema, remembers_nothing_of_what_it_refused) {
  delivery_id_ = "d-1";
  ask(validator_, make_event("{}"));
  EXPECT_EQ(deliveries_->size(), 0U);
}

TEST_F(an_endpoint_with_a_schema, holds_decoded_events_to_it) {
  const auto event = make_event();
  EXPECT_EQ(
      ask(validator_, core::refine(*event, {.payload = "[]"}))->outcome->error,
      core::errc::schema_violation);
}

struct an_endpoint_with_an_ordering_key : validator_test {
  an_endpoint_with_an_ordering_key() {
    endpoint_settings_.ordering_key.field = "/order/id";
  }

  /// The key of what comes in the event's place; "none": it stands as it is.
  std::string key_of(const std::string& payload) {
    examiner rules{*validator_deps_of(endpoint_settings_)};
    const auto found = rules.prove(*make_event(payload));
    EXPECT_TRUE(found);
    return found->empty() ? "none" : found->front()->ordering_key;
  }
};

TEST_F(an_endpoint_with_an_ordering_key, has_it_found_in_the_payload) {
  EXPECT_EQ(key_of(R"({"order":{"id":"o-1"}})"), "o-1");
  EXPECT_EQ(key_of(R"({"order":{"id":17}})"), "17");
  EXPECT_EQ(key_of(R"({"order":{}})"), "none");
}

TEST_F(an_endpoint_with_an_ordering_key, has_it_found_in_a_form) {
  endpoint_settings_.ordering_key.field = "/account";
  const std::string body{"account=a%201&x=2"};
  core::header_fields fields;
  for (const auto& [name, value] : signatures::sign(
           endpoint_settings_.signature, {.body = body, .unix_now = unix_now}))
    fields.add(name, value);
  fields.add("Content-Type", "application/x-www-form-urlencoded");
  const auto event = core::make_event(
      {.payload = body, .fields = std::move(fields)},
      std::make_shared<const config::endpoint_settings>(endpoint_settings_),
      {.node_name = "node",
       .depths = metrics_->depths(),
       .random =
           [] {
             return std::uint64_t{7};
           }},
      {unix_now, now()});
  examiner rules{*validator_deps_of(endpoint_settings_)};
  const auto found = rules.prove(*event);
  ASSERT_TRUE(found) << found.error().detail;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front()->ordering_key, "a 1");
}

TEST_F(validator_test, refuses_an_event_of_an_endpoint_it_does_not_know) {
  endpoint_settings_.id = "other";
  EXPECT_EQ(ask(validator_, make_event())->outcome->error,
            core::errc::bad_signature);
}

TEST_F(validator_test, takes_a_delivery_once) {
  delivery_id_ = "d-1";
  const auto first = make_event();
  EXPECT_TRUE(ask(validator_, first)->outcome->delivered());
  EXPECT_EQ(ask(validator_, make_event())->outcome->error,
            core::errc::in_progress);
}

TEST_F(validator_test, knows_a_delivery_that_was_taken_care_of) {
  delivery_id_ = "d-1";
  const auto event = make_event();
  ask(validator_, event);
  deliveries_->settle(event->id, event.get(), core::delivery_end::taken);
  EXPECT_EQ(ask(validator_, make_event())->outcome->error,
            core::errc::duplicate);
}

TEST_F(validator_test, lets_nobody_claim_an_id_without_a_signature) {
  delivery_id_ = "d-1";
  signature_override_ = "00";
  ask(validator_, make_event());
  EXPECT_EQ(deliveries_->size(), 0U);
  signature_override_.reset();
  EXPECT_TRUE(ask(validator_, make_event())->outcome->delivered());
}

TEST_F(validator_test, passes_what_it_has_proven_before) {
  const auto event = make_event();
  const auto part = core::refine(*event, {.payload = "[1]"});
  EXPECT_TRUE(ask(validator_, part)->outcome->delivered());
}

TEST_F(validator_test, examines_an_event_by_the_configuration_it_came_under) {
  const auto under_the_first = make_event();
  auto next = *validator_deps_of(endpoint_settings_);
  next.generation = 1;
  next.endpoints[0].signature.secrets = {config::secret{"another"}};
  caf::anon_send(validator_, adopt_atom::value,
                 std::make_shared<const validator_deps>(next));
  endpoint_settings_ = next.endpoints[0];
  generation_ = std::make_shared<const core::generation>(core::generation{1});
  const auto under_the_next = make_event();
  EXPECT_TRUE(ask(validator_, under_the_first)->outcome->delivered());
  EXPECT_TRUE(ask(validator_, under_the_next)->outcome->delivered());
  generation_ = nullptr;
  EXPECT_EQ(ask(validator_, make_event())->outcome->error,
            core::errc::bad_signature)
      << "signed with a secret that the first does not have";
}

TEST_F(validator_test, hands_events_to_the_router_it_was_told_of_last) {
  const auto other = watch(system_.spawn(take, 9U));
  caf::anon_send(validator_, wire_atom::value, other);
  EXPECT_EQ(ask(validator_, make_event())->outcome->attempts, 9U);
}

} // namespace
} // namespace mfo::actors::tests
