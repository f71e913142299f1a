#pragma once

#include "config/secret.hpp"
#include "config/tls_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The settings of one MFO server: where it is and how it is called. Plain
/// values, checked, with every default filled in. The keys, ranges and help
/// stand in config/schema_server.cpp.
namespace mfo::config {

using std::chrono::milliseconds;

/// A secret that stands in the configuration, or in a file of its own that is
/// read again when it changes.
struct secret_source {
  secret value;     ///< as it was when the configuration was read
  std::string file; ///< empty: `value` for good

  friend bool operator==(const secret_source&, const secret_source&) = default;
};

enum class auth_type : std::uint8_t {
  none,
  bearer,    ///< Authorization: Bearer <token>
  api_key,   ///< <header>: <token>
  basic,     ///< Authorization: Basic … (RFC 7617)
  jwt_login, ///< posts username and password, uses the token of the reply
  oauth2,    ///< client credentials (RFC 6749, section 4.4)
};

/// Who this node is to the server. Which members count depends on `type`.
struct auth_settings {
  auth_type type = auth_type::none;
  secret_source token;              ///< bearer, api_key
  std::string header = "X-Api-Key"; ///< api_key
  std::string username;             ///< basic, jwt_login
  secret_source password;           ///< basic, jwt_login
  std::string token_url;            ///< oauth2: a whole URL
  std::string client_id;            ///< oauth2
  secret_source client_secret;      ///< oauth2
  std::string scope;                ///< oauth2; empty: not sent

  friend bool operator==(const auth_settings&, const auth_settings&) = default;
};

enum class backoff_shape : std::uint8_t { constant, linear, exponential };

enum class jitter_mode : std::uint8_t { none, equal, full };

/// When a try is worth repeating, what to wait, and when to end.
struct retry_settings {
  std::string name = "default"; ///< unique; what a server refers to
  backoff_shape backoff = backoff_shape::exponential;
  milliseconds delay{200}; ///< before the second try
  double multiplier = 2.0; ///< exponential only
  milliseconds max_delay{30'000};
  jitter_mode jitter = jitter_mode::full;
  unsigned max_count = 8; ///< tries, the first included; 1: never retry
  milliseconds max_duration{300'000};    ///< from the first try to the last
  milliseconds retry_after_max{300'000}; ///< the most a server may ask for

  friend bool operator==(const retry_settings&,
                         const retry_settings&) = default;
};

/// How much retries may add to the load of a server that fails.
struct retry_budget_settings {
  double ratio = 0.2;           ///< retries per request
  double min_per_second = 10.0; ///< retries that are always allowed

  friend bool operator==(const retry_budget_settings&,
                         const retry_budget_settings&) = default;
};

struct breaker_settings {
  bool enabled = true;
  unsigned consecutive_failures = 5;
  double failure_ratio = 0.5; ///< of the calls in the window
  unsigned min_calls = 20;    ///< in the window, before the ratio counts
  milliseconds window{30'000};
  milliseconds open_for{10'000}; ///< up to a fifth longer, at random
  unsigned half_open_probes = 1; ///< calls at a time while half-open
  unsigned success_threshold = 2;

  friend bool operator==(const breaker_settings&,
                         const breaker_settings&) = default;
};

enum class concurrency_mode : std::uint8_t {
  fixed,    ///< max_in_flight
  adaptive, ///< AIMD on latency, at most max_in_flight
};

struct concurrency_settings {
  concurrency_mode mode = concurrency_mode::fixed;
  std::size_t min_in_flight = 4;
  double tolerance = 2.0; ///< latency over the best one that means "too much"

  friend bool operator==(const concurrency_settings&,
                         const concurrency_settings&) = default;
};

/// Several events in one call. Off while `max_events` is 1.
struct batch_settings {
  std::size_t max_events = 1;
  milliseconds max_wait{5}; ///< of the first event, for others to join it
  std::size_t max_bytes =
      1024 * 1024; ///< of the body, unless one event is more

  friend bool operator==(const batch_settings&,
                         const batch_settings&) = default;
};

/// Which of the two documented forms of the memory API the server speaks.
enum class memory_form : std::uint8_t {
  keyed,   ///< GET, PUT, DELETE …/{key}; POST to create
  set_get, ///< POST …/set, GET …/get?key=
};

/// Where the server has what, since its documents disagree. Each starts with
/// a slash; `{name}` is filled in, percent-encoded.
struct path_settings {
  std::string login = "/api/login";
  std::string events = "/api/events";
  std::string chat = "/api/chat";
  std::string chat_stream = "/api/chat/stream";
  std::string chat_history = "/api/chat/{thread_id}";
  std::string tools = "/api/tools";
  std::string tool = "/api/tools/{tool_name}";
  std::string memory = "/api/memory";
  std::string memory_key = "/api/memory/{key}";
  std::string memory_set = "/api/memory/set";
  std::string memory_get = "/api/memory/get";
  std::string resources = "/api/resources";
  std::string resource = "/api/resources/{id}"; ///< slashes of the id stay
  std::string job = "/api/jobs/status/{job_id}";
  std::string subscribe = "/api/notifications/subscribe";
  std::string info = "/info";

  friend bool operator==(const path_settings&, const path_settings&) = default;
};

enum class event_format : std::uint8_t {
  mfo,         ///< {"id","type","source","timestamp","payload","metadata"}
  cloudevents, ///< CloudEvents 1.0, structured mode
};

/// An MFO server, and how it is called.
struct server_settings {
  std::string name = "default"; ///< unique; labels metrics and logs
  std::string url;              ///< http:// or https://, perhaps a base path
  auth_settings auth;
  tls_settings tls;
  /// http://[user:password@]host[:port]; empty: none; nothing: as HTTPS_PROXY,
  /// HTTP_PROXY and NO_PROXY say.
  std::optional<secret> proxy;
  milliseconds connect_timeout{2'000};  ///< DNS, TCP, proxy, TLS together
  milliseconds request_timeout{10'000}; ///< one try, connecting included
  /// How long nothing is sent until it is looked whether it is there; 0: never.
  milliseconds probe_interval{30'000};
  milliseconds idle_timeout{30'000}; ///< of a pooled connection
  std::size_t max_in_flight = 64;    ///< calls on the wire
  /// Calls that wait for a turn or between two tries; each event of a batch
  /// counts. 0: the server's share of the node's limits.max_in_flight.
  std::size_t max_waiting = 0;
  std::size_t max_response = 1024 * 1024; ///< bytes of a reply's body
  /// Name of the policy that `retry` is a copy of.
  std::string retry_policy = "default";
  retry_settings retry;
  retry_budget_settings retry_budget;
  breaker_settings breaker;
  concurrency_settings concurrency;
  batch_settings batch;
  path_settings paths;
  memory_form memory = memory_form::keyed;
  event_format format = event_format::mfo;

  friend bool operator==(const server_settings&,
                         const server_settings&) = default;
};

} // namespace mfo::config
