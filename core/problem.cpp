#include "core/problem.hpp"

#include "core/json_text.hpp"

namespace mfo::core {

std::string problem_json(errc code, std::string_view event_id) {
  const auto& entry = describe(code);
  std::string out{"{\"type\":\"urn:mfo:problem:"};
  out.append(entry.slug).append("\",\"title\":");
  append_json_string(out, entry.title);
  out.append(",\"status\":").append(std::to_string(entry.status));
  out.append(",\"detail\":");
  append_json_string(out, entry.detail);
  out.append(",\"event_id\":");
  append_json_string(out, event_id);
  out += '}';
  return out;
}

std::string accepted_json(std::string_view event_id, std::string_view status) {
  std::string out{"{\"event_id\":"};
  append_json_string(out, event_id);
  out.append(",\"status\":");
  append_json_string(out, status);
  out += '}';
  return out;
}

} // namespace mfo::core
