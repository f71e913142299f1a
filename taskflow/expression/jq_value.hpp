#pragma once

#include "taskflow/json.hpp"

extern "C" {
#include <jv.h>
}

#include <tl/expected.hpp>

#include <cstddef>
#include <string>
#include <utility>

/// Values of libjq, for jq.cpp.
namespace mfo::taskflow {

/// A value deeper than this is not passed to jq, nor taken from it.
inline constexpr std::size_t max_jq_depth = 1024;

/// Owns one reference to a value of libjq, whose functions take it over unless
/// they are given a copy. Of one thread at a time, as the counts are not
/// atomic.
class jq_value {
public:
  explicit jq_value(jv value) noexcept : value_(value) {}
  jq_value(jq_value&& other) noexcept
    : value_(std::exchange(other.value_, jv_invalid())) {}
  jq_value& operator=(jq_value&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~jq_value() {
    jv_free(value_);
  }

  /// Still owned here.
  [[nodiscard]] jv get() const noexcept {
    return value_;
  }
  [[nodiscard]] jv copy() const noexcept {
    return jv_copy(value_);
  }
  [[nodiscard]] jv release() noexcept {
    return std::exchange(value_, jv_invalid());
  }
  [[nodiscard]] jv_kind kind() const noexcept {
    return jv_get_kind(value_);
  }

private:
  jv value_;
};

/// Every number becomes a double: integers up to 2^53 are exact, others become
/// the nearest there is. What is not UTF-8 becomes U+FFFD. A message if it is
/// deeper than `max_jq_depth`, or has a text of 2 GiB.
[[nodiscard]] tl::expected<jq_value, std::string> to_jq(const json& value);

/// A number without a fraction of at most 2^53 becomes an integer, any other a
/// double. A message if it is deeper than `max_jq_depth`, or is or holds a
/// number that JSON has not: not-a-number and the infinite.
[[nodiscard]] tl::expected<json, std::string> from_jq(const jq_value& value);

} // namespace mfo::taskflow
