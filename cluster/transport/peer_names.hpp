#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster::wire {

/// The names that peers may have. Case of letters does not matter (RFC 4343).
class peer_names {
public:
  /// Each exact, `*.suffix` for all names below one, or `*` for all.
  explicit peer_names(std::vector<std::string> allowed);

  [[nodiscard]] bool allows(std::string_view name) const;

  /// The first of a certificate's names that is allowed.
  [[nodiscard]] std::optional<std::string>
  first_allowed(const std::vector<std::string>& names) const;

private:
  std::vector<std::string> allowed_; ///< lower case
};

} // namespace mfo::cluster::wire
