#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::signatures {

/// What `hmac` signs, `{id}.{timestamp}.{body}` and the like, taken apart once.
/// Requires: a template that was loaded (config/address.hpp), in which each of
/// the three stands once at most.
class signed_content {
public:
  explicit signed_content(std::string_view text);

  /// What goes into the MAC, one after the other. Views of this object and of
  /// the arguments.
  using parts = std::array<std::string_view, 7>;

  [[nodiscard]] parts fill(std::string_view id, std::string_view timestamp,
                           std::string_view body) const;

  /// Whether it can be told where the id ends: it may not have in it what
  /// stands behind it, or an end of it could be moved into the body, with the
  /// same signature.
  [[nodiscard]] bool ends_plainly(std::string_view id) const;

private:
  enum class slot : std::uint8_t { nothing, id, timestamp, body };

  std::array<std::string, 4> texts_; ///< before and between the slots
  std::array<slot, 3> slots_{};
  char behind_id_ = '\0';
};

} // namespace mfo::signatures
