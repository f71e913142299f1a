#pragma once

#include <tl/expected.hpp>

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

/// What a node does for its cluster. The numbers are those of the wire.
enum class role : std::uint8_t {
  intake = 1,    ///< takes events in
  runner = 2,    ///< runs taskflows
  connector = 4, ///< calls the servers
};

[[nodiscard]] std::string_view to_string(role which) noexcept;

/// Some of the roles, perhaps none.
class role_set {
public:
  constexpr role_set() noexcept = default;

  constexpr role_set(std::initializer_list<role> roles) noexcept {
    for (const auto each : roles)
      bits_ = static_cast<std::uint8_t>(bits_ | static_cast<unsigned>(each));
  }

  /// Of a node whose configuration names none.
  [[nodiscard]] static constexpr role_set all() noexcept {
    return {role::intake, role::runner, role::connector};
  }

  /// What a peer sent. A bit that this version does not know is kept, as a
  /// newer one may have more roles; it answers to nothing here.
  [[nodiscard]] static constexpr role_set of_bits(std::uint8_t bits) noexcept {
    role_set result;
    result.bits_ = bits;
    return result;
  }

  [[nodiscard]] constexpr std::uint8_t bits() const noexcept {
    return bits_;
  }

  [[nodiscard]] constexpr bool has(role which) const noexcept {
    return (bits_ & static_cast<unsigned>(which)) != 0;
  }

  [[nodiscard]] constexpr bool empty() const noexcept {
    return bits_ == 0;
  }

  friend auto operator<=>(const role_set&, const role_set&) = default;

private:
  std::uint8_t bits_ = 0;
};

/// Each word once, at least one. The error is a sentence that says what is
/// expected.
[[nodiscard]] tl::expected<role_set, std::string>
parse_roles(const std::vector<std::string_view>& words);

/// `intake, runner`; `none`. Bits of newer versions are not shown.
[[nodiscard]] std::string to_string(role_set roles);

} // namespace mfo::cluster
