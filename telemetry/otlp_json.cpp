#include "telemetry/otlp_json.hpp"

#include "core/json_text.hpp"
#include "telemetry/version.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace mfo::telemetry {

namespace {

/// What a span takes, about.
constexpr std::size_t usual_span = 1024;

/// The numbers of Span.SpanFlags: whether the parent is in another process is
/// not told.
constexpr unsigned sampled_flag = 1;
constexpr int status_error = 2;

void append_member(std::string& out, std::string_view name,
                   std::string_view text) {
  out.append(",\"").append(name).append("\":");
  core::append_json_string(out, text);
}

void append_time(std::string& out, std::string_view name,
                 span::unix_time time) {
  const auto ns = std::chrono::nanoseconds{time}.count();
  fmt::format_to(std::back_inserter(out), R"(,"{}":"{}")", name, ns);
}

void append_any_value(std::string& out, const span::value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    out.append(R"({"stringValue":)");
    core::append_json_string(out, *text);
    out += '}';
    return;
  }
  fmt::format_to(std::back_inserter(out), R"({{"intValue":"{}"}})",
                 std::get<std::int64_t>(value));
}

template <class Attributes>
void append_attributes(std::string& out, const Attributes& all) {
  out.append(R"("attributes":[)");
  bool first = true;
  for (const auto& [name, value] : all) {
    out.append(first ? R"({"key":)" : R"(,{"key":)");
    first = false;
    core::append_json_string(out, name);
    out.append(R"(,"value":)");
    append_any_value(out, value);
    out += '}';
  }
  out += ']';
}

void append_span(std::string& out, const span& what) {
  fmt::format_to(std::back_inserter(out), R"({{"traceId":"{}","spanId":"{}")",
                 core::trace_id_text(what.place),
                 core::span_id_text(what.place.span));
  if (!what.tracestate.empty())
    append_member(out, "traceState", what.tracestate);
  if (what.parent != 0)
    append_member(out, "parentSpanId", core::span_id_text(what.parent));
  append_member(out, "name", what.name);
  fmt::format_to(std::back_inserter(out), R"(,"kind":{},"flags":{})",
                 static_cast<int>(what.kind), sampled_flag);
  append_time(out, "startTimeUnixNano", what.start);
  append_time(out, "endTimeUnixNano", what.end);
  out += ',';
  append_attributes(out, what.attributes);
  if (!what.moments.empty()) {
    out.append(R"(,"events":[)");
    for (const auto& each : what.moments) {
      out.append(&each == what.moments.data() ? R"({"name":)" : R"(,{"name":)");
      core::append_json_string(out, each.name);
      append_time(out, "timeUnixNano", each.at);
      out += '}';
    }
    out += ']';
  }
  out.append(R"(,"status":{)");
  if (what.failed) {
    fmt::format_to(std::back_inserter(out), R"("code":{})", status_error);
    append_member(out, "message", what.message);
  }
  out.append("}}");
}

} // namespace

std::string to_otlp_json(const span_resource& resource,
                         std::span<const telemetry::span> spans) {
  std::vector<std::pair<std::string_view, span::value>> of;
  of.reserve(resource.size());
  for (const auto& [name, value] : resource)
    of.emplace_back(name, value);
  std::string out;
  out.reserve((spans.size() + 1) * usual_span);
  out.append(R"({"resourceSpans":[{"resource":{)");
  append_attributes(out, of);
  out.append(R"(},"scopeSpans":[{"scope":{"name":"mfo-node","version":)");
  core::append_json_string(out, version);
  out.append(R"(},"spans":[)");
  for (const auto& each : spans) {
    if (&each != spans.data())
      out += ',';
    append_span(out, each);
  }
  out.append("]}]}]}");
  return out;
}

std::size_t rejected_spans(std::string_view reply, std::size_t sent) {
  const auto body = nlohmann::json::parse(reply, nullptr, false);
  const auto* const part = body.is_object() && body.contains("partialSuccess")
                               ? &body["partialSuccess"]
                               : nullptr;
  if (part == nullptr || !part->is_object() || !part->contains("rejectedSpans"))
    return 0;
  // A 64-bit number is text in this encoding; some write a number.
  const auto& count = (*part)["rejectedSpans"];
  std::uint64_t rejected = 0;
  if (count.is_number_unsigned()) {
    rejected = count.get<std::uint64_t>();
  } else if (count.is_string()) {
    const auto& text = count.get_ref<const std::string&>();
    std::from_chars(text.data(), text.data() + text.size(), rejected);
  }
  return static_cast<std::size_t>(
      std::min<std::uint64_t>(rejected, std::uint64_t{sent}));
}

} // namespace mfo::telemetry
