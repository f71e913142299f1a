#include "node/endpoint_view.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mfo::node {

namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct the_endpoints : testing::Test {
  the_endpoints() {
    config::endpoint_settings one;
    one.id = "gh";
    one.path = "/hooks/gh";
    one.server = "default";
    one.signature.scheme = config::signature_scheme::github;
    one.signature.secrets.emplace_back("marker-of-a-secret");
    one.access.rate_limit = {.per_second = 5, .burst = 10};
    settings.endpoints.push_back(one);
  }

  json shown() const {
    return json::parse(endpoints_json(settings, {}, metrics));
  }

  config::settings settings;
  telemetry::metrics metrics{{"gh"}, telemetry::upstream_names{}};
};

TEST_F(the_endpoints, say_what_they_are) {
  const auto one = shown()["endpoints"][0];
  EXPECT_EQ(one["id"], "gh");
  EXPECT_EQ(one["path"], "/hooks/gh");
  EXPECT_EQ(one["method"], "POST");
  EXPECT_EQ(one["signature"], "github");
  EXPECT_EQ(one["ack"], "completed");
  EXPECT_EQ(one["server"], "default");
  EXPECT_EQ(one["rate_limit"], json({{"per_second", 5.0}, {"burst", 10}}));
  EXPECT_FALSE(one.contains("rate_limit_per_address"));
  EXPECT_FALSE(one.contains("last_received_at"));
  EXPECT_FALSE(one.contains("answer_ms"));
  EXPECT_THAT(shown().dump(), Not(HasSubstr("marker")));
}

TEST_F(the_endpoints, say_what_has_come) {
  const auto index = metrics.events()->index_of("gh");
  auto event = metrics.events()->open(index, std::chrono::milliseconds{1'000});
  metrics.event_answered(index, std::chrono::milliseconds{20});
  event.delivered();
  metrics.events()->received_and_refused(0, core::errc::not_found);
  const auto one = shown()["endpoints"][0];
  EXPECT_EQ(one["received"], 1);
  EXPECT_EQ(one["delivered"], 1);
  EXPECT_EQ(one["in_flight"], 0);
  EXPECT_EQ(one["last_received_at"], "1970-01-01T00:00:01.000Z");
  EXPECT_GT(one["answer_ms"]["p95"].get<double>(), 10);
  EXPECT_LE(one["answer_ms"]["p99"].get<double>(), 25);
  EXPECT_EQ(shown()["no_endpoint"]["refused"], 1);
}

TEST_F(the_endpoints, are_a_table_for_people) {
  const auto text = endpoint_table(shown());
  EXPECT_THAT(text, HasSubstr("ENDPOINT  PATH"));
  EXPECT_THAT(text, HasSubstr("gh        POST /hooks/gh  github"));
  EXPECT_EQ(endpoint_table(json{}), "no endpoints\n");
}

} // namespace

} // namespace mfo::node
