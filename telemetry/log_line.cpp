#include "telemetry/log_line.hpp"

#include "telemetry/log_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace mfo::telemetry {

namespace {

void append_value(std::string& out, const log_field& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value))
    append_logged(out, *text);
  else if (const auto* number = std::get_if<std::int64_t>(&field.value))
    fmt::format_to(std::back_inserter(out), "{}", *number);
  else if (const auto real = std::get<double>(field.value); std::isfinite(real))
    fmt::format_to(std::back_inserter(out), "{:.3f}", real);
  else
    out += "null"; // JSON has no NaN and no infinity
}

/// Without the quotes where the value is one plain word, and whole.
void append_text_value(std::string& out, const log_field& field) {
  const auto* text = std::get_if<std::string_view>(&field.value);
  constexpr std::string_view plain{
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:"};
  if (text != nullptr && !text->empty() && text->size() <= max_logged_value &&
      text->find_first_not_of(plain) == std::string_view::npos)
    out.append(*text);
  else
    append_value(out, field);
}

std::string_view colour_of(config::log_level level) noexcept {
  switch (level) {
  case config::log_level::warn:
    return "\x1b[33m";
  case config::log_level::error:
    return "\x1b[31m";
  case config::log_level::info:
    return "\x1b[32m";
  default:
    return "\x1b[90m";
  }
}

} // namespace

std::string json_line(std::string_view time, config::log_level level,
                      std::string_view message, log::fields values) {
  std::string out{"{\"time\":\""};
  out.append(time).append("\",\"level\":\"").append(to_string(level));
  out.append("\",\"message\":");
  append_logged(out, message);
  for (const auto& field : values) {
    out.append(",\"").append(field.name).append("\":");
    append_value(out, field);
  }
  out += '}';
  return out;
}

std::string text_line(std::string_view time, config::log_level level,
                      std::string_view message, log::fields values,
                      bool colour) {
  const std::string_view reset = colour ? "\x1b[0m" : "";
  const std::string_view dim = colour ? "\x1b[90m" : "";
  auto out = fmt::format("{}{}{} {}{:5}{} ", dim, time, reset,
                         colour ? colour_of(level) : std::string_view{},
                         to_string(level), reset);
  std::string escaped;
  append_logged(escaped, message);
  out.append(escaped, 1, escaped.size() - 2);
  for (const auto& field : values) {
    fmt::format_to(std::back_inserter(out), " {}{}={}", dim, field.name, reset);
    append_text_value(out, field);
  }
  return out;
}

} // namespace mfo::telemetry
