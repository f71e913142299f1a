#include "taskflow/expression/jq_tokens.hpp"

#include "config/characters.hpp"
#include "taskflow/json.hpp"

#include <algorithm>
#include <utility>

namespace mfo::taskflow {

namespace {

using config::is_letter;
using config::is_white;
using config::is_word_part;

using token_kind = jq_token::kind;

bool begins_name(char c) {
  return is_letter(c) || c == '_';
}

class jq_reader {
public:
  jq_reader(std::string_view text, std::size_t from) : text_(text), at_(from) {}

  jq_tokens read() {
    while (at_ < text_.size() && !read_closed_by_stranger())
      read_next();
    out_.end = std::min(at_, text_.size());
    out_.balanced = out_.balanced && open_.empty() && !out_.closed;
    return std::move(out_);
  }

private:
  /// What is open: '(', '[', '{', or '"' for a `\(` in a string.
  void open(char bracket) {
    open_ += bracket;
    out_.depth = std::max(out_.depth, open_.size());
  }

  /// At a `}` that closes nothing of the expression's.
  bool read_closed_by_stranger() {
    out_.closed = text_[at_] == '}' && open_.find('{') == open_.npos;
    return out_.closed;
  }

  void add(token_kind what, std::string text) {
    out_.tokens.push_back({what, std::move(text), key_may_follow_});
    key_may_follow_ = false;
  }

  void add_mark(char c) {
    add(token_kind::mark, std::string(1, c));
    key_may_follow_ =
        c == '{' || (c == ',' && !open_.empty() && open_.back() == '{');
  }

  std::string take_name() {
    const auto from = at_;
    while (at_ < text_.size() && is_word_part(text_[at_]))
      ++at_;
    return std::string(text_.substr(from, at_ - from));
  }

  void skip_blanks() {
    while (at_ < text_.size() && (is_white(text_[at_]) || text_[at_] == '#'))
      at_ = text_[at_] == '#' ? std::min(text_.find('\n', at_), text_.size())
                              : at_ + 1;
  }

  bool name_at(std::size_t at) const {
    return at < text_.size() && begins_name(text_[at]);
  }

  void read_next() {
    const char c = text_[at_];
    if (is_white(c) || c == '#')
      return skip_blanks();
    if (c == '"')
      return read_string();
    if (begins_name(c))
      return add(token_kind::identifier, take_name());
    ++at_;
    if (c == '.' && name_at(at_))
      return add(token_kind::field, take_name());
    if (c == '@')
      return add(token_kind::mark, "@" + take_name());
    if (c >= '0' && c <= '9')
      return read_number();
    if (c == '$')
      return read_variable();
    read_bracket_or_mark(c);
  }

  /// 1e5 is a number, not a function `e5`.
  void read_number() {
    while (at_ < text_.size() &&
           (is_word_part(text_[at_]) || text_[at_] == '.') && !at_a_name())
      ++at_;
    add_mark('0');
  }

  bool at_a_name() const {
    return begins_name(text_[at_]) && text_[at_] != 'e' && text_[at_] != 'E';
  }

  void read_variable() {
    skip_blanks();
    if (name_at(at_))
      add(token_kind::variable, take_name());
    else
      add_mark('$');
  }

  void read_bracket_or_mark(char c) {
    if (c == '(' || c == '[' || c == '{') {
      open(c);
    } else if (c == ')' && !open_.empty() && open_.back() == '"') {
      open_.pop_back();
      add_mark(c);
      return read_string_on(at_, true);
    } else if (c == ')' || c == ']' || c == '}') {
      close(c);
    }
    add_mark(c);
  }

  void close(char c) {
    const char opening = c == ')' ? '(' : c == ']' ? '[' : '{';
    const bool own = !open_.empty() && open_.back() == opening;
    out_.balanced = out_.balanced && own;
    if (c == '}')
      open_.resize(open_.rfind(opening) + 1);
    if (!open_.empty() && open_.back() == opening)
      open_.pop_back();
  }

  void read_string() {
    read_string_on(at_++, false);
  }

  /// From the quote at `from`, or from behind what was filled in.
  void read_string_on(std::size_t from, bool filled_in) {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return filled_in ? add_mark('"') : add_literal(from);
      }
      if (text_[at_] != '\\')
        continue;
      if (++at_ < text_.size() && text_[at_] == '(') {
        ++at_;
        open('"');
        return add_mark('(');
      }
    }
    out_.balanced = false; // not closed
  }

  void add_literal(std::size_t from) {
    const auto said =
        json::parse(text_.substr(from, at_ - from), nullptr, false);
    if (said.is_string())
      add(token_kind::string, said.get<std::string>());
    else
      add_mark('"');
  }

  std::string_view text_;
  std::size_t at_;
  std::string open_;
  bool key_may_follow_ = false;
  jq_tokens out_;
};

} // namespace

jq_tokens read_jq(std::string_view text, std::size_t from) {
  return jq_reader(text, from).read();
}

} // namespace mfo::taskflow
