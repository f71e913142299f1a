#pragma once

#include "tests/integration/fixture.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mfo::integration {

using nlohmann::json;

/// Workflows on a node, and what comes of events.
class a_node_with_workflows : public running_node {
protected:
  /// A workflow "w" with these triggers and, in its taskflow "main", tasks,
  /// each line as it stands; and what else belongs into the configuration.
  void run(std::string_view triggers, std::string_view tasks,
           std::string_view more = {}, std::string_view other_flows = {}) {
    write_workflow(triggers, tasks, other_flows);
    start_with("workflows: [flow.yaml]\n" + std::string{more});
  }

  /// The workflow alone.
  void write_workflow(std::string_view triggers, std::string_view tasks,
                      std::string_view other_flows = {}) {
    std::string text{
        "workflow_name: w\n"
        "global_configs: {secrets: {hook: {env: WEBHOOK_SECRET}}}\n"
        "triggers:\n"};
    text.append(triggers).append("taskflows:\n- taskflow_id: main\n  tasks:\n");
    text.append(tasks).append(other_flows);
    folder.write("flow.yaml", text);
  }

  std::vector<std::string> types() const {
    std::vector<std::string> found;
    for (const auto& each : server->events())
      found.push_back(json::parse(each->body).value("type", ""));
    return found;
  }

  json get(const std::string& target) {
    return json::parse(ask_admin("GET", target).body, nullptr, false);
  }

  double count(const std::string& sample) {
    const auto page = metrics();
    const auto at = page.find("\n" + sample + " ");
    return at == std::string::npos
               ? -1
               : std::stod(page.substr(at + sample.size() + 2));
  }
};

inline constexpr auto webhook = R"(
  - id: hook
    type: webhook
    config: {http_path: /webhook, secret_ref: hook, signature: {scheme: hmac}}
    target_taskflow: main
)";

} // namespace mfo::integration
