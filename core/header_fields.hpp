#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::core {

/// The fields of a request's head that are needed after the door: what the
/// signature, the event's type and its id are taken from. In one buffer, so
/// that an event pays for one allocation, not for one a field.
class header_fields {
public:
  /// A field as received; `name` in any case. Fields may come several times.
  void add(std::string_view name, std::string_view value);

  /// The value of the only field of this name, in any case (RFC 9110, section
  /// 5.1). Nothing when there is none, and when there are several: nobody
  /// can say which one was meant. Valid while the fields do not change.
  [[nodiscard]] std::optional<std::string_view>
  find(std::string_view name) const noexcept;

  /// Calls `visit(name, value)` for each, in the order of the request.
  template <class Visitor>
  void for_each(Visitor&& visit) const {
    for (const auto& each : entries_)
      visit(name_of(each), value_of(each));
  }

  [[nodiscard]] bool empty() const noexcept {
    return entries_.empty();
  }

private:
  struct entry {
    std::uint32_t begin;
    std::uint32_t name_size;
    std::uint32_t value_size;
  };

  [[nodiscard]] std::string_view name_of(const entry& one) const noexcept {
    return std::string_view{text_}.substr(one.begin, one.name_size);
  }

  [[nodiscard]] std::string_view value_of(const entry& one) const noexcept {
    return std::string_view{text_}.substr(one.begin + one.name_size,
                                          one.value_size);
  }

  std::string text_;
  std::vector<entry> entries_;
};

} // namespace mfo::core
