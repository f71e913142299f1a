#include "http/admin/dependency_json.hpp"

#include <gtest/gtest.h>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const moment noon{std::chrono::steady_clock::time_point{100s},
                  std::chrono::system_clock::time_point{43'200s}};

TEST(dependency_json, tells_what_is_known_of_each) {
  const std::vector<dependency> all{
      {.kind = "server",
       .name = "default",
       .detail = "no error since the last success",
       .last_success = noon.steady - 500ms,
       .latency = 1'500us,
       .certificate_end = std::chrono::sys_seconds{43'200s + 36h}},
      {.kind = "sink", .name = "disk", .up = false, .detail = "disk full"}};
  EXPECT_EQ(to_json(all, noon), json::parse(R"([
    {"kind": "server", "name": "default", "up": true,
     "last_success": "1970-01-01T11:59:59.500Z", "latency_ms": 1.5,
     "certificate_days_left": 1.5},
    {"kind": "sink", "name": "disk", "up": false, "detail": "disk full"}])"));
}

TEST(dependency_json, tells_of_sources) {
  const std::vector<source> all{{.endpoint = "a"},
                                {.endpoint = "b",
                                 .last_event = noon.steady - 90s,
                                 .patience = 1min,
                                 .silent = true}};
  EXPECT_EQ(to_json(all, noon), json::parse(R"([
    {"endpoint": "a", "silent": false},
    {"endpoint": "b", "silent": true,
     "last_event": "1970-01-01T11:58:30.000Z",
     "silent_after_seconds": 60.0}])"));
}

} // namespace

} // namespace mfo::http
