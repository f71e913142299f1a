#include "schema/pattern.hpp"

#include <re2/re2.h>

#include <charconv>
#include <utility>

namespace mfo::schema {

namespace {

/// For one expression, its automata included. RE2 falls back to a slower,
/// still linear way when an automaton would need more.
constexpr std::int64_t max_memory = 4 * 1024 * 1024;

/// ECMA 262's WhiteSpace and LineTerminator, of which RE2's \s has a few.
constexpr std::string_view blanks =
    R"(\t-\r\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f})"
    R"(\x{205f}\x{3000}\x{feff})";

/// Rewrites an expression, one escape after the other.
class translator {
public:
  explicit translator(std::string_view expression) : rest_(expression) {}

  std::optional<std::string> run() {
    while (!rest_.empty()) {
      const char c = take();
      if (c == '\\') {
        if (!escape())
          return std::nullopt;
        continue;
      }
      if (c == '[')
        in_class_ = true;
      else if (c == ']')
        in_class_ = false;
      out_ += c;
    }
    return std::move(out_);
  }

private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  bool escape() {
    if (rest_.empty())
      return false;
    const char c = take();
    switch (c) {
    case 'u':
      return code_point();
    case 's':
      out_.append(in_class_ ? "" : "[").append(blanks);
      out_.append(in_class_ ? "" : "]");
      return true;
    case 'S':
      if (in_class_)
        return false;
      out_.append("[^").append(blanks).append("]");
      return true;
    case 'A': // These are RE2's own.
    case 'C':
    case 'Q':
    case 'a':
    case 'z':
      return false;
    default:
      out_.append({'\\', c});
      return true;
    }
  }

  std::optional<unsigned> four_digits() {
    unsigned value = 0;
    if (rest_.size() < 4)
      return std::nullopt;
    const auto* end = rest_.data() + 4;
    if (std::from_chars(rest_.data(), end, value, 16).ptr != end)
      return std::nullopt;
    rest_.remove_prefix(4);
    return value;
  }

  /// What stands behind \u; two of them if they are a surrogate pair.
  bool code_point() {
    auto value = four_digits();
    if (!value)
      return false;
    if (*value >= 0xD800 && *value < 0xDC00 && rest_.starts_with("\\u")) {
      rest_.remove_prefix(2);
      const auto low = four_digits();
      if (!low || *low < 0xDC00 || *low > 0xDFFF)
        return false;
      value = 0x10000 + ((*value - 0xD800) << 10) + (*low - 0xDC00);
    }
    char digits[8];
    const auto end = std::to_chars(digits, digits + 8, *value, 16).ptr;
    out_.append("\\x{").append(digits, end).append("}");
    return true;
  }

  std::string_view rest_;
  std::string out_;
  bool in_class_ = false;
};

} // namespace

std::optional<std::string> to_re2_syntax(std::string_view expression) {
  return translator(expression).run();
}

std::optional<pattern> pattern::compile(std::string_view expression) {
  const auto text = to_re2_syntax(expression);
  if (!text)
    return std::nullopt;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(max_memory);
  auto engine = std::make_unique<const re2::RE2>(*text, options);
  if (!engine->ok())
    return std::nullopt;
  return pattern(std::move(engine));
}

pattern::pattern(std::unique_ptr<const re2::RE2> engine)
  : engine_(std::move(engine)) {}

pattern::pattern(pattern&&) noexcept = default;
pattern& pattern::operator=(pattern&&) noexcept = default;
pattern::~pattern() = default;

bool pattern::matches(std::string_view text) const {
  return engine_->Match(re2::StringPiece(text.data(), text.size()), 0,
                        text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

} // namespace mfo::schema
