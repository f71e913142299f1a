#include "http/admin/needless.hpp"

#include "http/admin/openapi.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <string>
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

TEST(what_is_needless, is_a_body_of_what_is_only_asked_for) {
  for (const auto what :
       {admin_path::reload, admin_path::cancel_run, admin_path::drain_node}) {
    admin_request request{};
    request.method = "POST";
    EXPECT_FALSE(refuse_needless(request, what));
    request.body = "x";
    const auto got = refuse_needless(request, what);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 400);
  }
}

TEST(what_is_needless, is_no_body_of_what_is_read) {
  admin_request request{};
  request.method = "GET";
  request.body = "x";
  EXPECT_FALSE(refuse_needless(request, admin_path::reload));
}

TEST(what_is_needless, is_no_body_that_the_document_has) {
  const auto document = nlohmann::json::parse(openapi_document);
  for (const auto& each : admin_routes())
    for (const auto* method : {"post", "put"}) {
      const auto& item = document["paths"][std::string{each.path}];
      if (item.contains(method)) {
        EXPECT_EQ(takes_body(each.what), item[method].contains("requestBody"))
            << method << " " << each.path;
      }
    }
}

} // namespace

} // namespace mfo::http
