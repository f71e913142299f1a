#pragma once

#include "core/short_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// W3C Trace Context, level 1.
namespace mfo::core {

/// What a `traceparent` says: a place in a trace.
struct trace_context {
  std::uint64_t trace_high = 0;
  std::uint64_t trace_low = 0; ///< one of the two is not zero
  std::uint64_t span = 0;      ///< never zero
  bool sampled = false;        ///< whoever began the trace wants to see it

  friend bool operator==(const trace_context&, const trace_context&) = default;
};

/// Nothing where the value is not valid (section 3.2): it is then to be taken
/// for one that is not there.
[[nodiscard]] std::optional<trace_context>
parse_traceparent(std::string_view value) noexcept;

/// Bytes of a `traceparent` of version 00.
inline constexpr std::size_t traceparent_size = 55;

/// One that takes no memory of its own.
using traceparent_text = short_text<traceparent_size>;

/// Version 00, with no flag but "sampled".
[[nodiscard]] traceparent_text traceparent_of(const trace_context& of) noexcept;

/// The same, as a string.
[[nodiscard]] std::string to_traceparent(const trace_context& of);

/// The ids as they are written: 32 and 16 hexadecimal digits in lower case.
[[nodiscard]] std::string trace_id_text(const trace_context& of);
[[nodiscard]] std::string span_id_text(std::uint64_t span);

/// The place below `incoming`, in its trace and with its flag, whose span is
/// that of `fresh`; without one `fresh`, which begins a trace.
[[nodiscard]] trace_context
next_place(const std::optional<trace_context>& incoming,
           const trace_context& fresh) noexcept;

/// The same of values as they are written. The random values must not all be
/// zero.
[[nodiscard]] std::string make_traceparent(std::string_view incoming,
                                           std::uint64_t span,
                                           std::uint64_t trace_high,
                                           std::uint64_t trace_low);

/// Whether a new trace is among the part `ratio`, 0 to 1, of all that are to be
/// sampled. The same at every node with this ratio, as it goes by the id.
[[nodiscard]] bool is_sampled(std::uint64_t trace_low, double ratio) noexcept;

/// The id of a span below `parent`, the same each time for the same name. Never
/// zero.
[[nodiscard]] std::uint64_t child_span(std::uint64_t parent,
                                       std::string_view name) noexcept;

/// The same place, but for the span: `value` as it is where that is not valid.
[[nodiscard]] std::string with_span(std::string_view value, std::uint64_t span);

/// Bytes and members of a `tracestate` that is passed on; a longer one is not.
inline constexpr std::size_t longest_tracestate = 512;
inline constexpr std::size_t most_tracestate_members = 32;

/// Whether a `tracestate` is well-formed (section 3.3) and within these bounds.
/// An empty one is.
[[nodiscard]] bool is_tracestate(std::string_view value) noexcept;

/// What of a request's `tracestate` goes on with it: all of it, as it came, or
/// nothing. It means nothing without a `traceparent` that is valid.
[[nodiscard]] std::string_view
tracestate_of(std::string_view traceparent,
              std::string_view tracestate) noexcept;

} // namespace mfo::core
