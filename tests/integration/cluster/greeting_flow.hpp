#pragma once

namespace mfo::integration {

/// Takes events at /flow; calls a tool of the server's, then forwards.
inline constexpr auto greeting_flow = R"(
workflow_name: w
global_configs: {secrets: {hook: {env: WEBHOOK_SECRET}}}
triggers:
  - id: hook
    type: webhook
    config: {http_path: /flow, secret_ref: hook, signature: {scheme: hmac}}
    target_taskflow: main
taskflows:
- taskflow_id: main
  tasks:
    - {id: shout, type: mfo_api_tool_execute, config: {tool_id: upper, arguments: {text: INPUT.name}}}
    - {id: f, type: forward_event, depends_on: shout, config: {type: greeted, payload: {name: INPUT.name}}}
)";

} // namespace mfo::integration
