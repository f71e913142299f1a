// The trace of a call: whatever a sender says, the server gets a valid
// traceparent (W3C Trace Context, section 3.2), and a tracestate (section 3.3)
// within its bounds or none.

#include "core/trace_context.hpp"
#include "fuzz/target.hpp"

namespace mfo::fuzz {

namespace {

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

} // namespace

void run(std::string_view input) {
  const auto made = core::make_traceparent(input, 1, 2, 3);
  const std::string_view value{made};
  require(value.size() == 55);
  require(value.starts_with("00-") && value[35] == '-' && value[52] == '-');
  const auto trace = value.substr(3, 32);
  require(is_hex(trace) && !is_zero(trace));
  require(value.substr(36, 16) == "0000000000000001");
  require(value.ends_with("-00") || value.ends_with("-01"));
  if (trace != "00000000000000020000000000000003")
    require(input.substr(3, 32) == trace);
  const auto state = core::tracestate_of(made, input);
  require(state.empty() || state == input);
  require(state.size() <= core::longest_tracestate);
  for (const auto c : state)
    require((c >= ' ' && c <= '~') || c == '\t');
  // What was made is continued.
  require(core::make_traceparent(made, 4, 5, 6).substr(3, 32) == trace);
}

} // namespace mfo::fuzz
