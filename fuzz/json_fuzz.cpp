// The JSON check against two other judges: our grammar, with which it must
// agree always, and nlohmann's parser, with which it must agree but for what is
// written down here. Every implementation that simdjson has for this processor
// is asked, and behind the padding there is no memory at all.

#include "core/json_check.hpp"
#include "core/json_grammar.hpp"
#include "fuzz/guarded_buffer.hpp"
#include "fuzz/target.hpp"

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include <string>

namespace mfo::fuzz {

namespace {

using core::json_verdict;
using nlohmann::json;

constexpr std::size_t max_depth = 1024;

/// Takes everything; notes why the parser stopped.
struct judge : nlohmann::json_sax<json> {
  enum class reason { none, syntax, number_too_large, lone_surrogate };

  bool null() override {
    return true;
  }
  bool boolean(bool) override {
    return true;
  }
  bool number_integer(number_integer_t) override {
    return true;
  }
  bool number_unsigned(number_unsigned_t) override {
    return true;
  }
  bool number_float(number_float_t, const string_t&) override {
    return true;
  }
  bool string(string_t&) override {
    return true;
  }
  bool binary(binary_t&) override {
    return true;
  }
  bool start_object(std::size_t) override {
    return true;
  }
  bool key(string_t&) override {
    return true;
  }
  bool end_object() override {
    return true;
  }
  bool start_array(std::size_t) override {
    return true;
  }
  bool end_array() override {
    return true;
  }
  bool parse_error(std::size_t, const std::string&,
                   const json::exception& error) override {
    const std::string_view text{error.what()};
    if (error.id == 406)
      why = reason::number_too_large;
    else if (text.find("surrogate") != std::string_view::npos)
      why = reason::lone_surrogate;
    else
      why = reason::syntax;
    return false;
  }

  reason why = reason::none;
};

/// Deeper than `max_depth`, brackets in strings counted too: the other
/// judge has no such bound.
bool may_be_too_deep(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) {
           return c == '[' || c == '{';
         }) > static_cast<std::ptrdiff_t>(max_depth);
}

void compare_with_nlohmann(std::string_view text, bool good) {
  // It takes a byte order mark, and a zero byte for the end.
  if (text.starts_with("\xef\xbb\xbf") ||
      text.find('\0') != std::string_view::npos || may_be_too_deep(text))
    return;
  judge other;
  const bool accepted = json::sax_parse(text, &other);
  if (accepted || other.why == judge::reason::syntax)
    require(accepted == good);
}

} // namespace

void run(std::string_view input) {
  static guarded_buffer memory{64 * 1024 + core::json_padding};
  const bool expected = core::is_json_text(input, max_depth) &&
                        simdjson::validate_utf8(input.data(), input.size());
  for (const auto* each : simdjson::get_available_implementations()) {
    if (!each->supported_by_runtime_system())
      continue;
    simdjson::get_active_implementation() = each;
    core::json_checker checker{{.max_depth = max_depth}};
    core::json_checker narrow{{.max_depth = max_depth, .max_tokens = 20}};
    // Whatever is in the padding: also what would go on with the text.
    for (const char padding : {'\0', '1', '"', ' ', ']', '\xff'}) {
      const auto text = memory.place(input, core::json_padding, padding);
      require((checker.check(text) == json_verdict::good) == expected);
      // A bound refuses, and never lets anything in.
      const auto verdict = narrow.check(text);
      require(verdict != json_verdict::good || expected);
      require(verdict == json_verdict::too_complex ||
              verdict == checker.check(text));
    }
  }
  compare_with_nlohmann(input, expected);
}

} // namespace mfo::fuzz
