#include "core/json_check.hpp"

#include "core/json_grammar.hpp"

#include <simdjson.h>

namespace mfo::core {

static_assert(json_padding >= simdjson::SIMDJSON_PADDING);

namespace {

/// Payloads above this size get their tape freed again.
constexpr std::size_t max_kept = 256 * 1024;

} // namespace

struct json_checker::state {
  simdjson::dom::parser parser;
};

json_checker::json_checker() : state_(std::make_unique<state>()) {}

json_checker::~json_checker() = default;
json_checker::json_checker(json_checker&&) noexcept = default;
json_checker& json_checker::operator=(json_checker&&) noexcept = default;

bool json_checker::check(std::string_view padded_text) {
  const auto result =
      state_->parser.parse(padded_text.data(), padded_text.size(), false);
  const auto error = result.error();
  if (padded_text.size() > max_kept)
    state_->parser = simdjson::dom::parser{};
  switch (error) {
  case simdjson::SUCCESS:
    return true;
  case simdjson::NUMBER_ERROR:
  case simdjson::STRING_ERROR:
  case simdjson::DEPTH_ERROR: // counts one more unless the innermost is empty
    // The first stage has found the bytes to be UTF-8.
    return is_json_text(padded_text, json_max_depth);
  default:
    return false;
  }
}

} // namespace mfo::core
