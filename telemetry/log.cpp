#include "telemetry/log.hpp"

#include "core/rfc3339.hpp"
#include "telemetry/line_output.hpp"
#include "telemetry/line_queue.hpp"
#include "telemetry/log_line.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <utility>

namespace mfo::telemetry {

namespace {

/// Lines that may wait for standard output; about 4 MB of usual lines.
constexpr std::size_t queue_size = 8192;

constexpr std::array<std::string_view, 6> level_names{"trace", "debug", "info",
                                                      "warn",  "error", "off"};

/// On standard error: in the log it would be lost as well.
void say_that_lines_are_lost(const std::string& reason) {
  const auto text =
      "mfo-node: the log cannot be written to standard output: " + reason +
      "; lines are lost until it can be\n";
  static_cast<void>(std::fputs(text.c_str(), stderr));
}

} // namespace

std::string_view to_string(config::log_level level) noexcept {
  return level_names[static_cast<std::size_t>(level)];
}

log::log(const config::log_settings& settings)
  : format_(settings.format), colour_(::isatty(STDOUT_FILENO) == 1),
    level_(settings.level), output_(std::make_unique<line_output>(
                                STDOUT_FILENO, say_that_lines_are_lost)),
    queue_(std::make_unique<line_queue>(
        queue_size,
        [to = output_.get()](std::string_view line) { to->write(line); })) {}

log::log(const config::log_settings& settings,
         std::function<void(std::string_view)> sink)
  : format_(settings.format), level_(settings.level), sink_(std::move(sink)) {}

log::~log() = default;

void log::debug(std::string_view message, fields values) {
  write(config::log_level::debug, message, values);
}

void log::info(std::string_view message, fields values) {
  write(config::log_level::info, message, values);
}

void log::warn(std::string_view message, fields values) {
  write(config::log_level::warn, message, values);
}

void log::error(std::string_view message, fields values) {
  write(config::log_level::error, message, values);
}

bool log::enabled(config::log_level level) const noexcept {
  return level >= this->level();
}

config::log_level log::level() const noexcept {
  return level_.load(std::memory_order_relaxed);
}

void log::set_level(config::log_level level) noexcept {
  level_.store(level, std::memory_order_relaxed);
}

bool log::flush(std::chrono::milliseconds longest) {
  return !queue_ || queue_->flush(longest);
}

std::uint64_t log::lines_dropped() const {
  return queue_ ? queue_->lost() + output_->lost() : 0;
}

void log::write(config::log_level level, std::string_view message,
                fields values) {
  if (!enabled(level))
    return;
  const auto now =
      core::to_rfc3339(std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::system_clock::now().time_since_epoch()));
  auto line = format_ == config::log_format::json
                  ? json_line(now, level, message, values)
                  : text_line(now, level, message, values, colour_);
  if (queue_) {
    queue_->add(std::move(line));
    return;
  }
  const std::lock_guard lock{mutex_};
  sink_(line);
}

} // namespace mfo::telemetry
