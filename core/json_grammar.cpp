#include "core/json_grammar.hpp"

#include "core/json_slices.hpp"

#include <limits>
#include <set>
#include <string>
#include <vector>

namespace mfo::core {

namespace {

/// A recogniser without recursion: the open containers are on a stack.
class recogniser {
public:
  recogniser(std::string_view text, std::size_t max_depth,
             bool each_name_once = false)
    : text_(text), max_depth_(max_depth), each_name_once_(each_name_once) {}

  bool run() {
    skip_space();
    if (!value())
      return false;
    while (!open_.empty())
      if (!(open_.back() == '{' ? next_member() : next_element()))
        return false;
    skip_space();
    return text_.empty();
  }

  [[nodiscard]] bool too_deep() const noexcept {
    return too_deep_;
  }

  [[nodiscard]] bool repeats() const noexcept {
    return repeats_;
  }

private:
  bool value() {
    if (text_.empty())
      return false;
    switch (text_.front()) {
    case '{':
    case '[':
      if (open_.size() == max_depth_) {
        too_deep_ = true;
        return false;
      }
      open_.push_back(text_.front());
      if (each_name_once_)
        names_.emplace_back();
      fresh_ = true;
      text_.remove_prefix(1);
      return true;
    case '"':
      return string();
    case 't':
      return literal("true");
    case 'f':
      return literal("false");
    case 'n':
      return literal("null");
    default:
      return number();
    }
  }

  /// After an opening bracket or an element: the end, or the next element.
  bool next_element() {
    bool done = false;
    return separator(']', done) && (done || value());
  }

  bool next_member() {
    bool done = false;
    if (!separator('}', done))
      return false;
    if (done)
      return true;
    const auto before = text_;
    if (!string() || !is_new(before.substr(0, before.size() - text_.size())))
      return false;
    skip_space();
    if (!take(':'))
      return false;
    skip_space();
    return value();
  }

  /// `name` stands as in the text, with its quotes.
  bool is_new(std::string_view name) {
    if (!each_name_once_)
      return true;
    repeats_ = !names_.back()
                    .insert(string_value(name).value_or(std::string{name}))
                    .second;
    return !repeats_;
  }

  bool separator(char closing, bool& done) {
    skip_space();
    const bool first = fresh_;
    fresh_ = false;
    if (take(closing)) {
      open_.pop_back();
      if (each_name_once_)
        names_.pop_back();
      done = true;
      return true;
    }
    if (!first) {
      if (!take(','))
        return false;
      skip_space();
    }
    return true;
  }

  bool string() {
    if (!take('"'))
      return false;
    while (!text_.empty()) {
      const auto c = static_cast<unsigned char>(text_.front());
      text_.remove_prefix(1);
      if (c == '"')
        return true;
      if (c < 0x20 || (c == '\\' && !escape()))
        return false;
    }
    return false;
  }

  bool escape() {
    if (text_.empty())
      return false;
    const auto c = text_.front();
    text_.remove_prefix(1);
    if (c != 'u')
      return std::string_view{"\"\\/bfnrt"}.find(c) != std::string_view::npos;
    if (text_.size() < 4 ||
        text_.substr(0, 4).find_first_not_of("0123456789abcdefABCDEF") !=
            std::string_view::npos)
      return false;
    text_.remove_prefix(4);
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits())
      return false;
    if (take('.') && !digits())
      return false;
    if (take('e') || take('E')) {
      if (!take('+'))
        take('-');
      return digits();
    }
    return true;
  }

  bool digits() {
    const auto end = text_.find_first_not_of("0123456789");
    const auto count = end == std::string_view::npos ? text_.size() : end;
    text_.remove_prefix(count);
    return count > 0;
  }

  bool literal(std::string_view word) {
    if (!text_.starts_with(word))
      return false;
    text_.remove_prefix(word.size());
    return true;
  }

  bool take(char c) {
    if (text_.empty() || text_.front() != c)
      return false;
    text_.remove_prefix(1);
    return true;
  }

  void skip_space() {
    const auto end = text_.find_first_not_of(" \t\n\r");
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end);
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::vector<char> open_;
  bool each_name_once_;
  std::vector<std::set<std::string>> names_; ///< of each that is open
  bool repeats_ = false;
  bool too_deep_ = false;
  bool fresh_ = false; ///< nothing read yet in the innermost container
};

} // namespace

json_verdict recognise_json(std::string_view text, std::size_t max_depth) {
  recogniser one{text, max_depth};
  if (one.run())
    return json_verdict::good;
  return one.too_deep() ? json_verdict::too_complex : json_verdict::malformed;
}

bool repeats_a_name(std::string_view text) {
  recogniser one{text, std::numeric_limits<std::size_t>::max(), true};
  one.run();
  return one.repeats();
}

} // namespace mfo::core
