#pragma once

#include "core/trace_context.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// What happened within one trace, and when, as a tracing system is told of it.
namespace mfo::telemetry {

/// The numbers are those of OTLP.
enum class span_kind : std::uint8_t { internal = 1, server = 2, client = 3 };

/// Never holds a payload, a secret or a query; of the header, tracestate alone.
struct span {
  using unix_time = std::chrono::microseconds; ///< since 1970
  using value = std::variant<std::string, std::int64_t>;

  /// Something that happened within it.
  struct moment {
    std::string_view name; ///< its text is not copied
    unix_time at;
  };

  core::trace_context place; ///< its trace, and its own id
  std::uint64_t parent = 0;  ///< 0: it has none
  std::string tracestate{};  ///< of W3C, as it came; empty: none came
  std::string name;          ///< one of few
  span_kind kind = span_kind::internal;
  unix_time start{0};
  unix_time end{0};
  /// By name, which is not copied.
  std::vector<std::pair<std::string_view, value>> attributes{};
  std::vector<moment> moments{};
  bool failed = false;
  std::string message{}; ///< why, where it failed
};

/// Takes spans for whoever shows them. Any thread.
class span_sink {
public:
  virtual ~span_sink() = default;

  /// Whether any are wanted at this time: to be asked before they are made.
  [[nodiscard]] virtual bool wants() const noexcept = 0;

  /// The name of this node.
  [[nodiscard]] virtual const std::string& node() const noexcept = 0;

  /// Does not wait. What there is no room for is counted, and gone.
  virtual void take(std::vector<span> spans) noexcept = 0;
};

/// Nothing: nobody wants spans at this place of a trace. `sink` may be null.
[[nodiscard]] inline std::optional<core::trace_context>
traced_by(const span_sink* sink, std::string_view traceparent) noexcept {
  if (sink == nullptr || !sink->wants())
    return std::nullopt;
  const auto place = core::parse_traceparent(traceparent);
  return place && place->sampled ? place : std::nullopt;
}

} // namespace mfo::telemetry
