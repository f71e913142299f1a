#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::devserver {

using header_pairs = std::vector<std::pair<std::string, std::string>>;

/// A request's header fields in one allocation, names in lower case, order
/// and duplicates as received: a million recorded events have to fit.
class header_block {
public:
  void reserve(std::size_t bytes) {
    bytes_.reserve(bytes);
  }

  /// `value` holds no NUL, which no HTTP parser lets through.
  void add(std::string_view name, std::string_view value);

  /// The first value of `name` (given in lower case), or empty.
  [[nodiscard]] std::string_view find(std::string_view name) const noexcept;

  /// Repeated fields joined by ", " (RFC 9110, section 5.3), in the order of
  /// their first appearance.
  [[nodiscard]] header_pairs joined() const;

  /// Bytes held, for the accounting of bounds.
  [[nodiscard]] std::size_t size() const noexcept {
    return bytes_.size();
  }

private:
  std::string bytes_; // name NUL value NUL, and so on
};

} // namespace mfo::devserver
