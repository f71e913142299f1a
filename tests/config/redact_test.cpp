#include "config/redact.hpp"

#include "tests/config/fixture.hpp"

namespace mfo::config {

namespace {

environment any_variable() {
  // The URL of a server is not a place for any text.
  return [](std::string_view name) -> std::optional<std::string> {
    if (name == "MFO_SERVER_URL")
      return std::nullopt;
    return "v";
  };
}

TEST(redacted_settings, show_every_default_and_no_secret) {
  EXPECT_EQ(redacted_yaml(must_load(minimal + "server_token: t\n")),
            R"(servers:
  default:
    url: https://mfo.example.com
    auth:
      type: bearer
      token: "***"
    tls:
      min_version: 1.2
    format: mfo
    memory: keyed
    paths:
      login: /api/login
      events: /api/events
      chat: /api/chat
      chat_stream: /api/chat/stream
      chat_history: /api/chat/{thread_id}
      tools: /api/tools
      tool: /api/tools/{tool_name}
      memory: /api/memory
      memory_key: /api/memory/{key}
      memory_set: /api/memory/set
      memory_get: /api/memory/get
      resources: /api/resources
      resource: /api/resources/{id}
      job: /api/jobs/status/{job_id}
      subscribe: /api/notifications/subscribe
      info: /info
    connect_timeout: 2s
    request_timeout: 10s
    probe_interval: 30s
    idle_timeout: 30s
    max_in_flight: 64
    max_waiting: 960
    max_response: 1MiB
    retry: default
    retry_budget:
      ratio: 0.2
      min_per_second: 10
    breaker:
      enabled: true
      consecutive_failures: 5
      failure_ratio: 0.5
      min_calls: 20
      window: 30s
      open_for: 10s
      half_open_probes: 1
      success_threshold: 2
    concurrency:
      mode: fixed
      min_in_flight: 4
      tolerance: 2
    batch:
      max_events: 1
      max_wait: 5ms
      max_bytes: 1MiB
retries:
  default:
    backoff: exponential
    delay: 200ms
    multiplier: 2
    max_delay: 30s
    jitter: full
    retry_after_max: 5m
    limit:
      count: 8
      duration: 5m
listen: 127.0.0.1:8088
admin_listen: 127.0.0.1:9090
node_name: test-node
workers: 1
drain_timeout: 10s
endpoints:
  - id: webhook
    path: /webhook
    signature:
      scheme: hmac
      secret: "***"
      header: X-Signature
      algorithm: sha256
      encoding: hex
      prefix: ""
      template: "{body}"
      timestamp_header: ""
      id_header: ""
    event_type: webhook.received
    formats:
      - json
      - form
      - cloudevents
    cloudevents:
      allowed_rate: 0
    ack: completed
    server: default
    timeout: 10s
    delivery_id_header: ""
    silent_after: learned
limits:
  max_body: 1MiB
  max_header: 16KiB
  max_connections: 1024
  max_connections_per_address: 256
  max_in_flight: 1024
  max_bytes_in_flight: 64MiB
  max_inflate_ratio: 100
  max_json_depth: 512
  max_json_tokens: 500000
  header_timeout: 10s
  body_timeout: 30s
  idle_timeout: 75s
dedup:
  window: 24h
  max_ids: 100000
events:
  keep: 1000
recording:
  enabled: false
  max_requests: 100
  max_bytes: 1MiB
http_call:
  connect_timeout: 5s
  timeout: 30s
  max_response: 1MiB
  max_in_flight: 32
  max_waiting: 1024
tracing:
  sample_ratio: 0.01
  service_name: mfo-node
  interval: 5s
  max_queue: 4096
  max_batch: 512
  timeout: 10s
log:
  level: info
  format: json
  refusals_per_second: 20
)");
}

TEST(redacted_settings, load_again_as_themselves) {
  for (const auto* name : {"quickstart", "github", "cluster", "full"}) {
    const auto file =
        std::string(MFO_SOURCE_DIR "/config/examples/") + name + ".yaml";
    const auto first = redacted_yaml(must_load(read_all(file), any_variable()));
    EXPECT_EQ(redacted_yaml(must_load(first)), first);
  }
}

TEST(redacted_settings, keep_odd_text_as_it_is) {
  const auto node =
      must_load("server_url: https://a\nendpoints:\n"
                "  - {id: 'null', path: '/$$$$a:&*', event_type: 'true',\n"
                "     signature: {secret: s, prefix: '$${: \"#'}}\n");
  const auto again = must_load(redacted_yaml(node));
  ASSERT_EQ(again.endpoints.size(), 1U);
  EXPECT_EQ(again.endpoints[0].id, "null");
  EXPECT_EQ(again.endpoints[0].path, "/$$a:&*");
  EXPECT_EQ(again.endpoints[0].event_type, "true");
  EXPECT_EQ(again.endpoints[0].signature.prefix, "${: \"#");
}

TEST(redacted_settings, keep_the_number_of_secrets) {
  const auto shown =
      redacted_yaml(must_load("server_url: https://a\nwebhook_path: /w\n"
                              "webhook_secret: [a, b]\n"));
  const auto again = must_load(shown);
  EXPECT_EQ(again.endpoints.at(0).signature.secrets.size(), 2U);
}

} // namespace

} // namespace mfo::config
