#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace mfo::core {

/// A text of `Most` bytes at most that takes no memory of its own.
template <std::size_t Most>
class short_text {
public:
  constexpr short_text() = default;

  constexpr explicit short_text(std::string_view text) noexcept {
    append(text);
  }

  /// As much of it as there is room for.
  constexpr short_text& append(std::string_view text) noexcept {
    const auto size = std::min(text.size(), Most - size_);
    std::copy_n(text.data(), size, bytes_.data() + size_);
    size_ += size;
    return *this;
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept {
    return size_;
  }

  [[nodiscard]] constexpr bool empty() const noexcept {
    return size_ == 0;
  }

  /// Valid while the text does not change.
  [[nodiscard]] constexpr std::string_view view() const noexcept {
    return {bytes_.data(), size_};
  }

  // NOLINTNEXTLINE(google-explicit-constructor): it is a text.
  constexpr operator std::string_view() const noexcept {
    return view();
  }

  friend constexpr bool operator==(const short_text& one,
                                   const short_text& other) noexcept {
    return one.view() == other.view();
  }

  friend constexpr bool operator==(const short_text& one,
                                   std::string_view other) noexcept {
    return one.view() == other;
  }

private:
  std::size_t size_ = 0;
  std::array<char, Most> bytes_{};
};

} // namespace mfo::core
