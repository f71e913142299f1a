#pragma once

#include "config/secret.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Where events go that were acknowledged and cannot be delivered.
namespace mfo::config {

using std::chrono::milliseconds;

enum class dead_letter_sink : std::uint8_t {
  file,  ///< JSON lines in a folder
  redis, ///< a stream
  amqp,  ///< RabbitMQ, with publisher confirms
  http,  ///< another URL
};

/// One sink. Which members count depends on `type`.
struct dead_letter_sink_settings {
  std::string name; ///< unique; labels metrics and the command line
  dead_letter_sink type = dead_letter_sink::file;
  std::string path;                             ///< file: a folder
  std::size_t max_file_size = 64 * 1024 * 1024; ///< file: bytes, then rotated
  std::size_t max_size = 1024 * 1024 * 1024;    ///< file: bytes in all
  /// redis: redis://[:password@]host[:port][/db]; amqp:
  /// amqp://user:password@host[:port]/vhost; http: http(s)://….
  secret url;
  std::string stream = "mfo:dead-letters"; ///< redis: key of the stream
  std::size_t max_length = 1'000'000;      ///< redis: letters, then it is full
  std::string queue = "mfo.dead-letters";  ///< amqp: durable, made if missing
  milliseconds timeout{5'000};             ///< of one write

  friend bool operator==(const dead_letter_sink_settings&,
                         const dead_letter_sink_settings&) = default;
};

struct dead_letter_settings {
  std::vector<dead_letter_sink_settings> sinks; ///< tried in this order

  friend bool operator==(const dead_letter_settings&,
                         const dead_letter_settings&) = default;
};

} // namespace mfo::config
