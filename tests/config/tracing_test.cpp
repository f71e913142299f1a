#include "config/tracing_settings.hpp"

#include "config/redact.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

const std::string collector{"url: 'http://127.0.0.1:4318/v1/traces'"};

std::string with(const std::string& keys) {
  return minimal + "tracing: {" + keys + "}\n";
}

TEST(tracing, goes_nowhere_at_first) {
  const auto tracing = must_load(minimal).tracing;
  EXPECT_FALSE(tracing.on());
  EXPECT_EQ(tracing.sample_ratio, 0.01);
  EXPECT_EQ(tracing.service_name, "mfo-node");
}

TEST(tracing, goes_where_the_url_says) {
  const auto tracing =
      must_load(with(collector + ", sample_ratio: 0.5, service_name: hooks, "
                                 "interval: 1s, max_queue: 10, max_batch: 5, "
                                 "timeout: 2s"))
          .tracing;
  EXPECT_TRUE(tracing.on());
  EXPECT_EQ(tracing.url, "http://127.0.0.1:4318/v1/traces");
  EXPECT_EQ(tracing.sample_ratio, 0.5);
  EXPECT_EQ(tracing.service_name, "hooks");
  EXPECT_EQ(tracing.interval, 1s);
  EXPECT_EQ(tracing.max_queue, 10u);
  EXPECT_EQ(tracing.max_batch, 5u);
  EXPECT_EQ(tracing.timeout, 2s);
}

TEST(tracing, has_headers_whose_values_are_not_shown) {
  const auto settings = must_load(
      with(collector + ", headers: {X-Api-Key: a-secret-key, Authorization: "
                       "'Bearer another-one'}"));
  ASSERT_THAT(settings.tracing.headers, SizeIs(2));
  EXPECT_EQ(settings.tracing.headers[0].name, "X-Api-Key");
  EXPECT_EQ(settings.tracing.headers[0].value.reveal(), "a-secret-key");
  const auto shown = redacted_yaml(settings);
  EXPECT_THAT(shown, HasSubstr("X-Api-Key: \"***\""));
  EXPECT_THAT(shown, Not(HasSubstr("a-secret-key")));
  EXPECT_THAT(shown, Not(HasSubstr("another-one")));
}

TEST(tracing, refuses_a_header_that_is_the_nodes_own_or_none) {
  EXPECT_THAT(problems_of(with(collector + ", headers: {Host: a}")),
              HasSubstr("tracing.headers"));
  EXPECT_THAT(problems_of(with(collector + ", headers: {'a b': a}")),
              HasSubstr("must be the name of a header"));
  EXPECT_THAT(problems_of(with(collector + ", headers: {X-A: \"a\\nb\"}")),
              HasSubstr("must be visible ASCII"));
  EXPECT_THAT(problems_of(with("headers: {X-A: a}")),
              HasSubstr("tracing.headers: means nothing without url"));
}

TEST(tracing, refuses_what_cannot_be) {
  EXPECT_THAT(problems_of(with("sample_ratio: 1.5")),
              HasSubstr("tracing.sample_ratio: must be 0 to 1"));
  EXPECT_THAT(problems_of(with("max_queue: 10, max_batch: 11")),
              HasSubstr("max_batch must not be more than max_queue"));
  EXPECT_THAT(problems_of(with("url: 'grpc://a'")),
              HasSubstr("must start with http:// or https://"));
}

} // namespace

} // namespace mfo::config
