#pragma once

#include "devserver/header_block.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::devserver {

/// A whole request, apart from the connection that it came by.
struct request {
  std::string method;
  std::string target; ///< origin form: path and query, still encoded
  header_block headers;
  std::string body;

  [[nodiscard]] std::string_view path() const noexcept;

  /// The decoded value of the first query parameter `name`, or nothing.
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;

  /// The query parameter `name` as a number, or `otherwise` where it is
  /// missing; nothing if it is no number.
  [[nodiscard]] std::optional<std::uint64_t>
  query_number(std::string_view name, std::uint64_t otherwise) const;
};

/// Decodes %XX (RFC 3986, section 2.1); what is no such triplet stays as it is.
std::string percent_decoded(std::string_view text);

/// The decoded value of the first `name` in a query or a form
/// (application/x-www-form-urlencoded), or nothing. "+" stays as it is.
std::optional<std::string> form_value(std::string_view form,
                                      std::string_view name);

/// Whether `path` is below /__control: never the contract, never faulted.
bool is_control(std::string_view path) noexcept;

} // namespace mfo::devserver
