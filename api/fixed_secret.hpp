#pragma once

#include "api/auth_provider.hpp"
#include "api/secret_file.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mfo::api {

/// The one header field that a secret makes, without the server's help: what
/// bearer, api_key and basic have in common. When the secret's file changes,
/// that is a new generation; there is nothing to log in to.
class fixed_secret final : public auth_provider {
public:
  /// The field for a secret that is good.
  using field_of =
      std::function<std::pair<std::string, std::string>(const std::string&)>;

  fixed_secret(secret_file secret, field_of field)
    : secret_(std::move(secret)), field_(std::move(field)) {}

  std::optional<credentials_set> credentials(time now) override;
  bool refused(std::uint64_t generation, time now) override;

private:
  secret_file secret_;
  field_of field_;
  std::uint64_t generation_ = 1;
};

/// The error names what the configuration has to change.
tl::expected<std::unique_ptr<auth_provider>, std::string>
make_fixed_secret(const config::secret_source& source, secret_reader reader,
                  std::string_view what, secret_file::check fault,
                  fixed_secret::field_of field);

} // namespace mfo::api
