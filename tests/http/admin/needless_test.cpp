#include "http/admin/needless.hpp"

#include <gmock/gmock.h>

#include <string_view>
#include <vector>

namespace mfo::http {

namespace {

using testing::ElementsAre;

TEST(what_is_needless, is_a_query_of_most_paths_of_the_api) {
  std::vector<std::string_view> open;
  for (const auto& each : admin_routes()) {
    admin_request request{};
    EXPECT_FALSE(refuse_needless(request, each.what)) << each.path;
    request.query = "x=1";
    const auto got = refuse_needless(request, each.what);
    if (got)
      EXPECT_EQ(got->status, 400) << each.path;
    else
      open.push_back(each.path);
  }
  EXPECT_THAT(open,
              ElementsAre("/", "/console/{file}", "/health", "/health/live",
                          "/health/ready", "/metrics", "/api/v1/history",
                          "/api/v1/events", "/api/v1/dead-letters",
                          "/api/v1/runs",
                          "/api/v1/taskflows/{workflow}/{taskflow}/runs"));
}

} // namespace

} // namespace mfo::http
