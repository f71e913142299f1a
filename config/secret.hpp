#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace mfo::config {

/// A value that must never be shown: printing, formatting and logging give
/// `***`; only `reveal()` gives the value. Owns its bytes.
class secret {
public:
  secret() = default;
  explicit secret(std::string value) : value_(std::move(value)) {}

  /// The value itself. Call it where the value is used, never where it could
  /// be printed.
  [[nodiscard]] const std::string& reveal() const noexcept {
    return value_;
  }

  [[nodiscard]] bool empty() const noexcept {
    return value_.empty();
  }

  friend bool operator==(const secret&, const secret&) = default;

private:
  std::string value_;
};

inline std::ostream& operator<<(std::ostream& out, const secret&) {
  return out << "***";
}

} // namespace mfo::config
