// The paths of the admin listener, and the document that describes them.

#include "http/admin/routes.hpp"

#include "http/admin/openapi.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>

namespace mfo::http {

namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

std::string name_of(std::string_view method) {
  std::string name{method};
  std::ranges::transform(name, name.begin(), [](char each) {
    return static_cast<char>(std::tolower(each));
  });
  return name;
}

using methods_by_path = std::map<std::string, std::set<std::string>>;

methods_by_path known_to_the_router() {
  methods_by_path all;
  for (const auto& each : admin_routes())
    // HEAD goes with GET.
    for (const std::string_view method : {"GET", "PUT", "POST", "DELETE"})
      if (takes(each, method))
        all[std::string{each.path}].insert(name_of(method));
  return all;
}

methods_by_path described() {
  methods_by_path all;
  const auto document = json::parse(openapi_document);
  for (const auto& [path, item] : document["paths"].items())
    for (const auto& member : item.items())
      if (member.key() != "parameters")
        all[path].insert(member.key());
  return all;
}

TEST(admin_routes, are_all_in_the_openapi_document_and_no_other) {
  EXPECT_EQ(described(), known_to_the_router());
}

TEST(admin_routes, have_their_parameters_in_the_document) {
  const auto document = json::parse(openapi_document);
  for (const auto& each : admin_routes()) {
    const std::string path{each.path};
    const auto item = document["paths"][path];
    EXPECT_EQ(std::ranges::count(path, '{'),
              static_cast<std::ptrdiff_t>(
                  item.value("parameters", json::array()).size()))
        << path;
  }
}

TEST(admin_routes, are_found_by_their_path) {
  const auto found = find_admin_route("/api/v1/taskflows/intake/main/runs");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->route->what, admin_path::start_run);
  EXPECT_THAT(found->values, ElementsAre("intake", "main"));
}

TEST(admin_routes, decode_what_stands_for_a_name) {
  const auto found = find_admin_route("/api/v1/runs/a.b%2Fc+d%20e");
  ASSERT_TRUE(found);
  EXPECT_THAT(found->values, ElementsAre("a.b/c+d e"));
}

TEST(admin_routes, are_not_found_by_what_is_like_them) {
  for (const auto* path :
       {"", "//", "/console/", "/console/a/b", "health", "/health/",
        "/api/v1/runs/", "/api/v1/runs//cancel", "/api/v1/runs/a/cancel/",
        "/api/v1/runs/a/b", "/api/v1", "/runs", "/api/v1/taskflows/a/b/runs/c",
        "/api/v1/Runs"})
    EXPECT_FALSE(find_admin_route(path)) << path;
}

TEST(admin_routes, say_why_a_node_does_not_have_them) {
  EXPECT_THAT(why_absent(admin_path::drain_node), HasSubstr("no `cluster`"));
  EXPECT_THAT(why_absent(admin_path::runs), HasSubstr("no `workflows`"));
  for (const auto& each : admin_routes())
    EXPECT_FALSE(why_absent(each.what).empty()) << each.path;
}

TEST(admin_routes, let_a_page_of_others_change_nothing) {
  for (const auto& each : admin_routes()) {
    if (each.open_to_pages) {
      EXPECT_EQ(each.methods, "GET, HEAD") << each.path;
    }
  }
}

TEST(admin_routes, take_their_methods) {
  const auto& level = *find_admin_route("/api/v1/log-level")->route;
  EXPECT_TRUE(takes(level, "GET"));
  EXPECT_TRUE(takes(level, "PUT"));
  EXPECT_FALSE(takes(level, "POST"));
  EXPECT_FALSE(takes(level, "GE"));
  EXPECT_FALSE(takes(level, ""));
}

} // namespace

} // namespace mfo::http
