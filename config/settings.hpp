#pragma once

#include "config/access_settings.hpp"
#include "config/cluster_settings.hpp"
#include "config/dead_letter_settings.hpp"
#include "config/http_call_settings.hpp"
#include "config/listen_address.hpp"
#include "config/notification_settings.hpp"
#include "config/ordering_settings.hpp"
#include "config/payload_schema.hpp"
#include "config/payload_settings.hpp"
#include "config/secret.hpp"
#include "config/server_settings.hpp"
#include "config/signature_settings.hpp"
#include "config/taskflow_settings.hpp"
#include "config/tls_settings.hpp"
#include "config/tracing_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The typed settings of a node: what config/load.hpp makes of a file. Plain
/// values, checked, with every default filled in; nothing here does anything.
///
/// The key, default, range and help of each field stand once, in the tables
/// of config/schema.cpp; they drive checking, redaction and the reference.
namespace mfo::config {

using std::chrono::milliseconds;

/// What a 2xx promises to the sender.
enum class ack_mode : std::uint8_t {
  completed,  ///< the server took the event
  received,   ///< the node has it in memory
  replicated, ///< other nodes have it in memory, too
};

/// The word of the configuration, and of answers.
[[nodiscard]] constexpr std::string_view to_string(ack_mode mode) noexcept {
  switch (mode) {
  case ack_mode::received:
    return "received";
  case ack_mode::replicated:
    return "replicated";
  case ack_mode::completed:
    break;
  }
  return "completed";
}

/// What becomes of an event of `ack: replicated` that too few nodes can hold.
enum class shortfall : std::uint8_t {
  refuse,   ///< the answer is 503
  complete, ///< the sender hears how it ended, as with `completed`
};

/// As `silent_after`: it is told of no silence.
inline constexpr milliseconds never_silent{-1};

struct endpoint_settings {
  std::string id;   ///< unique; labels metrics and logs
  std::string path; ///< absolute, no query; unique, with `method`
  std::string method = "POST";
  signature_settings signature;
  payload_settings payload;
  handshake_settings handshake;
  std::string event_type = "webhook.received"; ///< where there is no other
  event_type_source type_source;
  ack_mode ack = ack_mode::completed;
  std::size_t copies = 1; ///< with `replicated`: at other nodes
  shortfall too_few_copies = shortfall::refuse;
  /// From admission to the answer, all tries included; with `received` the
  /// answer comes at once, with `replicated` once the copies are held.
  milliseconds timeout{10'000};
  /// Name of the server that gets the events.
  std::string server;
  /// How long an event of it lives: `timeout` with `completed`, else what the
  /// server's retry policy says.
  milliseconds lifetime{10'000};
  /// Header with the sender's own id of the delivery; a retry that repeats it
  /// keeps its event id. Empty: every request is a new event.
  std::string delivery_id_header;
  ordering_settings ordering_key;
  /// What every payload must keep.
  payload_schema_settings payload_schema;
  access_settings access;
  placement_settings placement; ///< in a cluster
  /// How long no event comes before that is told; 0: as is learned.
  milliseconds silent_after{0};

  friend bool operator==(const endpoint_settings&,
                         const endpoint_settings&) = default;
};

/// Bounds of the listener. Sizes in bytes.
struct limits_settings {
  std::size_t max_body = 1024 * 1024;
  std::size_t max_header = 16 * 1024; ///< request line and all fields
  std::size_t max_connections = 1024;
  std::size_t max_connections_per_address = 256; ///< but of trusted proxies
  std::size_t max_in_flight = 1024;              ///< events
  std::size_t max_bytes_in_flight = 64 * 1024 * 1024;
  std::size_t max_inflate_ratio = 100; ///< inflated to compressed
  std::size_t max_json_depth = 512;    ///< containers in containers
  std::size_t max_json_tokens = 500'000;
  milliseconds header_timeout{10'000}; ///< from the first byte to the last
  milliseconds body_timeout{30'000};   ///< from the header to the last byte
  milliseconds idle_timeout{75'000};   ///< between requests on a connection

  friend bool operator==(const limits_settings&,
                         const limits_settings&) = default;
};

/// How long the node remembers deliveries that it took, to know them again.
struct dedup_settings {
  milliseconds window{std::chrono::hours{24}};
  std::size_t max_ids = 100'000; ///< 0: it remembers none

  friend bool operator==(const dedup_settings&,
                         const dedup_settings&) = default;
};

/// What the node remembers of the events that have ended, to be looked at.
struct event_book_settings {
  std::size_t keep = 1'000; ///< of those that went well, and of the others each

  friend bool operator==(const event_book_settings&,
                         const event_book_settings&) = default;
};

/// Whether operators may have requests recorded (http/recorder.hpp), and what
/// of them is not to be seen.
struct recording_settings {
  bool enabled = false;
  std::size_t max_requests = 100;      ///< of one recording
  std::size_t max_bytes = 1024 * 1024; ///< likewise, as they came
  /// Besides the usual ones: names, or JSON Pointers into the body.
  std::vector<std::string> redact;

  friend bool operator==(const recording_settings&,
                         const recording_settings&) = default;
};

enum class log_level : std::uint8_t { trace, debug, info, warn, error, off };

enum class log_format : std::uint8_t { json, text };

struct log_settings {
  log_level level = log_level::info;
  log_format format = log_format::json;
  unsigned refusals_per_second = 20; ///< lines, for each reason

  friend bool operator==(const log_settings&, const log_settings&) = default;
};

struct settings {
  std::string node_name; ///< default: the host's name
  listen_address listen{"127.0.0.1", 8088};
  listener_tls_settings tls; ///< of `listen`
  std::string public_url;    ///< of `listen`, from outside; empty: not known
  listen_address admin_listen{"127.0.0.1", 9090};
  admin_settings admin; ///< of `admin_listen`
  proxy_settings proxies;
  std::vector<endpoint_settings> endpoints;
  std::vector<server_settings> servers; ///< never empty
  std::vector<retry_settings> retries;  ///< the policies by name
  dead_letter_settings dead_letters;
  std::vector<notification_settings> notifications; ///< each is another one
  std::vector<std::string> workflows;               ///< files and folders
  taskflow_settings taskflows;                      ///< of what is in them
  cluster_settings cluster;
  limits_settings limits;
  dedup_settings dedup;
  event_book_settings events;
  recording_settings recording;
  http_call_settings http_call;
  tracing_settings tracing;
  log_settings log;
  milliseconds drain_timeout{10'000};
  unsigned workers = 1; ///< threads that process events
  /// Those that were read for this, beside the file itself.
  std::vector<std::string> files;

  friend bool operator==(const settings&, const settings&) = default;
};

} // namespace mfo::config
