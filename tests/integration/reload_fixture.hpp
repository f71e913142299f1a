#pragma once

#include "tests/integration/taskflow_fixture.hpp"

#include <fmt/format.h>

#include <future>
#include <string>
#include <string_view>

namespace mfo::integration {

/// An endpoint at `/webhook`, with more of its settings.
inline std::string endpoint(std::string_view more = {},
                            std::string_view key = "${WEBHOOK_SECRET}") {
  return fmt::format("endpoints:\n"
                     "  - id: webhook\n"
                     "    path: /webhook\n"
                     "    signature: {{scheme: hmac, secret: \"{}\"}}\n{}",
                     key, more);
}

class a_reload : public a_node_with_workflows {
protected:
  /// What the node answers; a failure of the test unless it is this status.
  json reload(int status = 200) {
    const auto got = ask_admin("POST", "/api/v1/reload");
    EXPECT_EQ(got.status, status) << got.body;
    return json::parse(got.body, nullptr, false);
  }

  /// With this in its place.
  json reload_with(std::string_view configuration, int status = 200) {
    configure(configuration);
    return reload(status);
  }

  /// Until then there may be events under a former one.
  bool comes_to_one_generation() {
    return wait_until(
        [this] { return count("mfo_config_generations_in_use") == 1; });
  }

  answer post_to(std::string_view path, std::string_view body) {
    return devserver::ask(port, "POST", path, body, signed_fields(body));
  }

  /// An event that the server holds, one of so many.
  std::future<answer> hold(std::string_view body, int number = 1) {
    set_faults(R"({"path": "/api/events", "latency_ms": 60000, "count": 1})");
    auto got = std::async(std::launch::async, [this, text = std::string{body}] {
      return post(text);
    });
    EXPECT_TRUE(comes_to_hold(number));
    return got;
  }
};

} // namespace mfo::integration
