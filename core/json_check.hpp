#pragma once

#include "core/json_grammar.hpp"

#include <cstddef>
#include <limits>
#include <memory>
#include <string_view>

namespace mfo::core {

/// Bytes that must be readable behind the text given to `json_checker`.
inline constexpr std::size_t json_padding = 64;

/// What a payload may be at most.
struct json_bounds {
  std::size_t max_depth = 1024; ///< of containers in containers
  /// Of RFC 8259, section 2: strings, numbers, literals, and each of [ ] { } :
  /// ,
  std::size_t max_tokens = std::numeric_limits<std::size_t>::max();
};

/// Checks payloads: is it exactly one JSON text (RFC 8259), in UTF-8, without
/// a byte order mark?
///
/// simdjson does the work, into a tape that is used again for each payload: no
/// tree is built and nothing is allocated once the tape is large enough. What
/// simdjson refuses but the RFC allows (numbers beyond 64 bits, 1e400, lone
/// surrogates in escapes), and what is nested so deep that they count
/// differently, is judged by the grammar alone; see
/// docs/adr/0005-json-check.md.
///
/// Not thread-safe: one per actor. Keeps at most about 20 times the size of
/// the largest payload seen up to `max_kept` bytes; a larger tape is given
/// back after use.
class json_checker {
public:
  explicit json_checker(json_bounds bounds = {});
  ~json_checker();
  json_checker(json_checker&&) noexcept;
  json_checker& operator=(json_checker&&) noexcept;

  /// Promises not to look at the content of the padding, only to read it.
  json_verdict check(std::string_view padded_text);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace mfo::core
