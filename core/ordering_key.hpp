#pragma once

#include "core/event.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// What tells which events run one after the other.
namespace mfo::core {

/// Bytes. So an event that waits costs little more than one that does not.
constexpr std::size_t longest_ordering_key = 256;

/// The key of an event, of what its sender gave for one. What is longer than a
/// key may be stands for itself by its SHA-256, "sha256:" and 64 hexadecimal
/// digits, so that no two are taken for one.
[[nodiscard]] std::string ordering_key_of(std::string_view given);

/// The same of an event whose key is in its payload, at `pointer` (RFC 6901):
/// a string, or a number, true or false as it is written. Empty where there is
/// nothing, null, or anything else. Requires: `payload` is JSON.
[[nodiscard]] std::string ordering_key_in(std::string_view payload,
                                          std::string_view pointer);

/// Whether the event runs in order.
[[nodiscard]] inline bool is_ordered(const event& ev) noexcept {
  return !ev.ordering_key.empty();
}

/// The events of one lane run one after the other: those of one endpoint and
/// one key. Requires: is_ordered.
[[nodiscard]] std::string lane_of(const event& ev);

} // namespace mfo::core
