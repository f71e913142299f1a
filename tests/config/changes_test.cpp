#include "config/changes.hpp"

#include "config/load.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <string_view>

namespace mfo::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

settings of(const std::string& more,
            const std::string& secret = "0123456789abcdef") {
  const auto loaded =
      load_text("server_url: http://127.0.0.1:1\n"
                "node_name: n\n"
                "endpoints:\n"
                "  - {id: a, path: /a, signature: {scheme: hmac, secret: " +
                    secret + "}}\n" + more,
                "node.yaml",
                [](std::string_view) { return std::optional<std::string>{}; });
  EXPECT_TRUE(loaded) << (loaded ? "" : to_string(loaded.error()));
  return loaded.value_or(settings{});
}

const std::string endpoint_b =
    "  - {id: b, path: /b, signature: {scheme: hmac, secret: x}}\n";

TEST(changed_keys, are_none_where_all_is_the_same) {
  EXPECT_THAT(changed_keys(of(""), of("")), IsEmpty());
}

TEST(changed_keys, are_named_with_the_keys_above_them) {
  EXPECT_THAT(changed_keys(of(""), of("limits: {max_body: 7KiB}\n"
                                      "drain_timeout: 3s\n")),
              ElementsAre("drain_timeout", "limits.max_body"));
}

TEST(changed_keys, name_an_entry_of_a_list_by_its_id) {
  EXPECT_THAT(changed_keys(of(""), of(endpoint_b)), ElementsAre("endpoints.b"));
  EXPECT_THAT(changed_keys(of(endpoint_b), of("")), ElementsAre("endpoints.b"));
}

TEST(changed_keys, tell_of_secrets_without_a_word_of_them) {
  EXPECT_THAT(changed_keys(of(""), of("", "fedcba9876543210")),
              ElementsAre("secrets"));
}

TEST(fixed_keys, are_those_that_a_running_node_cannot_change) {
  const auto running = of("");
  const std::vector<std::string> changed{"cluster.name",    "dedup.window",
                                         "limits.max_body", "log.format",
                                         "log.level",       "node_name"};
  EXPECT_THAT(fixed_keys(changed, running),
              ElementsAre("cluster.name", "log.format", "node_name"));
  auto member = running;
  member.cluster.name = "shop";
  EXPECT_THAT(
      fixed_keys(changed, member),
      ElementsAre("cluster.name", "dedup.window", "log.format", "node_name"));
}

} // namespace
} // namespace mfo::config
