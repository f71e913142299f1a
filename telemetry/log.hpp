#pragma once

#include "config/settings.hpp"

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

namespace mfo::telemetry {

class line_output;
class line_queue;

/// One named value of a log line. Views must live until the call returns.
struct log_field {
  using value_type = std::variant<std::string_view, std::int64_t, double>;

  log_field(std::string_view field_name, std::string_view text)
    : name(field_name), value(text) {}
  log_field(std::string_view field_name, const std::string& text)
    : name(field_name), value(std::string_view{text}) {}
  log_field(std::string_view field_name, const char* text)
    : name(field_name), value(std::string_view{text}) {}
  log_field(std::string_view field_name, double number)
    : name(field_name), value(number) {}
  template <std::integral Integer>
  log_field(std::string_view field_name, Integer number)
    : name(field_name), value(static_cast<std::int64_t>(number)) {}

  std::string_view name;
  value_type value;
};

/// The node's log: one line an entry, as a JSON object or as text for people.
/// Values, not names, are escaped and cut (log_text.hpp): what a sender writes
/// can neither end a line nor fill a disk. Never give it a payload or a secret.
///
/// Thread-safe and non-blocking: lines wait in a bounded queue for a writer
/// thread; when standard output does not keep up, the oldest are lost, and when
/// it cannot be written, those that come, which is said on standard error. Both
/// are counted (`lines_dropped`).
class log {
public:
  using fields = std::initializer_list<log_field>;

  /// Writes to standard output.
  explicit log(const config::log_settings& settings);

  /// Writes whole lines, without the newline, to `sink`; for tests. Called on
  /// the logging thread, at once.
  log(const config::log_settings& settings,
      std::function<void(std::string_view)> sink);

  ~log();
  log(const log&) = delete;
  log& operator=(const log&) = delete;

  void debug(std::string_view message, fields values = {});
  void info(std::string_view message, fields values = {});
  void warn(std::string_view message, fields values = {});
  void error(std::string_view message, fields values = {});

  /// Whether a line of `level` would be written: ask before making costly
  /// values.
  [[nodiscard]] bool enabled(config::log_level level) const noexcept;

  [[nodiscard]] config::log_level level() const noexcept;

  /// May be changed at any time from any thread.
  void set_level(config::log_level level) noexcept;

  /// Waits for the lines so far to be written, `longest` at most: for who ends
  /// the process without any destructor. Whether they are, but for those that
  /// are lost.
  bool flush(std::chrono::milliseconds longest);

  /// Lines lost for want of room, or of somewhere to write them.
  [[nodiscard]] std::uint64_t lines_dropped() const;

private:
  void write(config::log_level level, std::string_view message, fields values);

  const config::log_format format_;
  const bool colour_ = false;
  std::atomic<config::log_level> level_;
  std::mutex mutex_; ///< guards what `sink_` does
  const std::function<void(std::string_view)> sink_;
  const std::unique_ptr<line_output> output_; ///< null: there is a sink
  const std::unique_ptr<line_queue> queue_;   ///< null, too
};

std::string_view to_string(config::log_level level) noexcept;

} // namespace mfo::telemetry
