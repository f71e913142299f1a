#include "core/problem.hpp"

#include "core/json_text.hpp"

#include <cstddef>

namespace mfo::core {

namespace {

void append_violations(std::string& out, std::span<const violation> all) {
  out.append(",\"violations\":[");
  const char* separator = "";
  for (const auto& each : all) {
    out.append(separator).append("{\"pointer\":");
    append_json_string(out, each.pointer);
    out.append(",\"rule\":");
    append_json_string(out, each.rule);
    out += '}';
    separator = ",";
  }
  out += ']';
}

} // namespace

std::string problem_json(errc code, std::string_view event_id,
                         std::span<const violation> violations) {
  const auto& entry = describe(code);
  std::string out{"{\"type\":\"urn:mfo:problem:"};
  out.append(entry.slug).append("\",\"title\":");
  append_json_string(out, entry.title);
  out.append(",\"status\":").append(std::to_string(entry.status));
  out.append(",\"detail\":");
  append_json_string(out, entry.detail);
  out.append(",\"event_id\":");
  append_json_string(out, event_id);
  if (!violations.empty())
    append_violations(out, violations);
  out += '}';
  return out;
}

std::string accepted_json(std::string_view event_id, std::string_view status,
                          std::size_t spare) {
  constexpr std::size_t around = sizeof R"({"event_id":"","status":""})";
  std::string out;
  out.reserve(event_id.size() + status.size() + around + spare);
  out.append("{\"event_id\":");
  append_json_string(out, event_id);
  out.append(",\"status\":");
  append_json_string(out, status);
  out += '}';
  return out;
}

} // namespace mfo::core
