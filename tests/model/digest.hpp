#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>

namespace mfo::model {

/// A number for a state, which equal states share. Of a million states two
/// others share one with a chance of one to ten millions.
class digest {
public:
  template <class Value>
  requires(std::is_integral_v<Value> ||
           std::is_enum_v<Value>) digest& add(Value value) {
    return mix(static_cast<std::uint64_t>(value));
  }

  digest& add(std::string_view text) {
    return mix(text.size()).mix(std::hash<std::string_view>{}(text));
  }

  template <class Count, class Period>
  digest& add(std::chrono::duration<Count, Period> time) {
    return mix(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(time).count()));
  }

  [[nodiscard]] std::uint64_t value() const noexcept {
    return sum_;
  }

private:
  /// A step of SplitMix64 (Steele, Lea and Flood 2014), whose every bit depends
  /// on all that came before.
  digest& mix(std::uint64_t value) {
    sum_ = sum_ * 0x2545'f491'4f6c'dd1dU + value + 0x9e37'79b9'7f4a'7c15U;
    sum_ = (sum_ ^ (sum_ >> 30U)) * 0xbf58'476d'1ce4'e5b9U;
    sum_ = (sum_ ^ (sum_ >> 27U)) * 0x94d0'49bb'1331'11ebU;
    sum_ ^= sum_ >> 31U;
    return *this;
  }

  std::uint64_t sum_ = 0;
};

} // namespace mfo::model
