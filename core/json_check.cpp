#include "core/json_check.hpp"

#include <simdjson.h>

#include <algorithm>
#include <new>

namespace mfo::core {

static_assert(json_padding >= simdjson::SIMDJSON_PADDING);

namespace {

/// Payloads above this size get their tape freed again.
constexpr std::size_t max_kept = 256 * 1024;

} // namespace

struct json_checker::state {
  explicit state(json_bounds of) : bounds(of) {
    renew();
  }

  /// With little room at first; it grows, and keeps its depth.
  void renew() {
    parser = simdjson::dom::parser{};
    if (parser.allocate(first_capacity, bounds.max_depth) != simdjson::SUCCESS)
      throw std::bad_alloc{};
  }

  /// simdjson 3.0.1 gives the tape room for what is in a text, and takes what
  /// stands in the padding for more of it when a container at the end is left
  /// open: up to two closing brackets.
  void make_room(std::size_t text_size) {
    constexpr std::size_t closed_in_the_padding = 2;
    const auto needed = text_size + closed_in_the_padding;
    if (parser.doc.capacity() < needed &&
        parser.doc.allocate(std::max(needed, first_capacity)) !=
            simdjson::SUCCESS)
      throw std::bad_alloc{};
  }

  static constexpr std::size_t first_capacity = 4096;

  json_bounds bounds;
  simdjson::dom::parser parser;
};

json_checker::json_checker(json_bounds bounds)
  : state_(std::make_unique<state>(bounds)) {}

json_checker::~json_checker() = default;
json_checker::json_checker(json_checker&&) noexcept = default;
json_checker& json_checker::operator=(json_checker&&) noexcept = default;

json_verdict json_checker::check(std::string_view padded_text) {
  auto& parser = state_->parser;
  const auto& bounds = state_->bounds;
  state_->make_room(padded_text.size());
  const auto error =
      parser.parse(padded_text.data(), padded_text.size(), false).error();
  // Of the first stage, which finds where every token begins.
  const auto tokens = parser.implementation->n_structural_indexes;
  if (padded_text.size() > max_kept)
    state_->renew();
  switch (error) {
  case simdjson::SUCCESS:
    if (tokens > bounds.max_tokens)
      return json_verdict::too_complex;
    return json_verdict::good;
  case simdjson::NUMBER_ERROR:
  case simdjson::STRING_ERROR:
  case simdjson::DEPTH_ERROR: // counts one more unless the innermost is empty
    if (tokens > bounds.max_tokens)
      return json_verdict::too_complex;
    // The first stage has found the bytes to be UTF-8.
    return recognise_json(padded_text, bounds.max_depth);
  case simdjson::MEMALLOC: // of the node, not of the payload
    throw std::bad_alloc{};
  default:
    return json_verdict::malformed;
  }
}

} // namespace mfo::core
