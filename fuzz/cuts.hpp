#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mfo::fuzz {

/// A text that comes in pieces: the byte 0xFF in an input is no part of the
/// text, but a place where it is cut. So seeds are readable, and the fuzzer
/// finds out itself where a cut does something.
class cuts {
public:
  explicit cuts(std::string_view input) {
    text_.reserve(input.size()); // the pieces are views of it
    std::size_t begin = 0;
    for (const char c : input) {
      if (c != '\xff') {
        text_.push_back(c);
        continue;
      }
      pieces_.push_back(std::string_view{text_}.substr(begin));
      begin = text_.size();
    }
    pieces_.push_back(std::string_view{text_}.substr(begin));
  }

  cuts(const cuts&) = delete;
  cuts& operator=(const cuts&) = delete;

  [[nodiscard]] std::string_view text() const noexcept {
    return text_;
  }

  /// Together they are the text; some may be empty.
  [[nodiscard]] const std::vector<std::string_view>& pieces() const noexcept {
    return pieces_;
  }

  /// Cut between all bytes.
  [[nodiscard]] std::vector<std::string_view> bytes() const {
    std::vector<std::string_view> all;
    for (std::size_t at = 0; at < text_.size(); ++at)
      all.push_back(std::string_view{text_}.substr(at, 1));
    return all;
  }

private:
  std::string text_;
  std::vector<std::string_view> pieces_;
};

} // namespace mfo::fuzz
