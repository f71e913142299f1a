#include "telemetry/log.hpp"

#include "core/rfc3339.hpp"
#include "telemetry/line_output.hpp"
#include "telemetry/log_line.hpp"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/base_sink.h>

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <future>
#include <mutex>
#include <utility>

namespace mfo::telemetry {

namespace {

/// Lines that may wait for standard output; about 4 MB of usual lines.
constexpr std::size_t queue_size = 8192;

constexpr std::array<std::string_view, 6> level_names{"trace", "debug", "info",
                                                      "warn",  "error", "off"};

spdlog::level::level_enum to_spdlog(config::log_level level) noexcept {
  switch (level) {
  case config::log_level::trace:
    return spdlog::level::trace;
  case config::log_level::debug:
    return spdlog::level::debug;
  case config::log_level::info:
    return spdlog::level::info;
  case config::log_level::warn:
    return spdlog::level::warn;
  case config::log_level::error:
    return spdlog::level::err;
  case config::log_level::off:
    break;
  }
  return spdlog::level::off;
}

config::log_level from_spdlog(spdlog::level::level_enum level) noexcept {
  switch (level) {
  case spdlog::level::trace:
    return config::log_level::trace;
  case spdlog::level::debug:
    return config::log_level::debug;
  case spdlog::level::info:
    return config::log_level::info;
  case spdlog::level::warn:
    return config::log_level::warn;
  case spdlog::level::err:
  case spdlog::level::critical:
    return config::log_level::error;
  default:
    return config::log_level::off;
  }
}

/// On standard error: in the log it would be lost as well.
void say_that_lines_are_lost(const std::string& reason) {
  const auto text =
      "mfo-node: the log cannot be written to standard output: " + reason +
      "; lines are lost until it can be\n";
  static_cast<void>(std::fputs(text.c_str(), stderr));
}

class function_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit function_sink(std::function<void(std::string_view)> target)
    : target_(std::move(target)) {}

private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    target_({message.payload.data(), message.payload.size()});
  }

  void flush_() override {}

  std::function<void(std::string_view)> target_;
};

/// Tells once that the writer has come to it.
class mark_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  std::future<void> reached() {
    return reached_.get_future();
  }

private:
  void sink_it_(const spdlog::details::log_msg& /*message*/) override {}

  void flush_() override {
    reached_.set_value();
  }

  std::promise<void> reached_;
};

} // namespace

std::string_view to_string(config::log_level level) noexcept {
  return level_names[static_cast<std::size_t>(level)];
}

log::log(const config::log_settings& settings)
  : format_(settings.format), colour_(::isatty(STDOUT_FILENO) == 1),
    output_(
        std::make_shared<line_output>(STDOUT_FILENO, say_that_lines_are_lost)),
    pool_(std::make_shared<spdlog::details::thread_pool>(queue_size, 1)) {
  auto sink = std::make_shared<function_sink>(
      [output = output_](std::string_view line) { output->write(line); });
  logger_ = std::make_shared<spdlog::async_logger>(
      "mfo", std::move(sink), pool_,
      spdlog::async_overflow_policy::overrun_oldest);
  set_level(settings.level);
}

log::log(const config::log_settings& settings,
         std::function<void(std::string_view)> sink)
  : format_(settings.format),
    logger_(std::make_shared<spdlog::logger>(
        "mfo", std::make_shared<function_sink>(std::move(sink)))) {
  set_level(settings.level);
}

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
  return logger_->should_log(to_spdlog(level));
}

config::log_level log::level() const noexcept {
  return from_spdlog(logger_->level());
}

void log::set_level(config::log_level level) noexcept {
  logger_->set_level(to_spdlog(level));
}

bool log::flush(std::chrono::milliseconds longest) {
  if (!pool_)
    return true;
  // It stands in the writer's queue behind all lines.
  auto sink = std::make_shared<mark_sink>();
  const auto reached = sink->reached();
  const auto mark = std::make_shared<spdlog::async_logger>(
      "mark", std::move(sink), pool_,
      spdlog::async_overflow_policy::overrun_oldest);
  mark->flush();
  return reached.wait_for(longest) == std::future_status::ready;
}

std::uint64_t log::lines_dropped() const {
  return pool_ ? pool_->overrun_counter() + output_->lost() : 0;
}

void log::write(config::log_level level, std::string_view message,
                fields values) {
  if (!enabled(level))
    return;
  const auto now =
      core::to_rfc3339(std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::system_clock::now().time_since_epoch()));
  const auto line = format_ == config::log_format::json
                        ? json_line(now, level, message, values)
                        : text_line(now, level, message, values, colour_);
  logger_->log(to_spdlog(level), spdlog::string_view_t{line});
}

} // namespace mfo::telemetry
