#pragma once

#include "telemetry/span.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::telemetry {

/// Whose spans they are: attributes by name.
using span_resource = std::vector<std::pair<std::string, std::string>>;

/// An ExportTraceServiceRequest of OTLP 1.x as its JSON encoding has it
/// (opentelemetry-proto, docs/specification.md, "JSON Protobuf Encoding"): ids
/// as hexadecimal text, times in nanoseconds as text. Pure.
[[nodiscard]] std::string to_otlp_json(const span_resource& resource,
                                       std::span<const telemetry::span> spans);

/// How many spans the collector did not want, of those that a reply with 200 is
/// about ("partial success"): at most `sent`, 0 where it says nothing of it.
[[nodiscard]] std::size_t rejected_spans(std::string_view reply,
                                         std::size_t sent);

} // namespace mfo::telemetry
