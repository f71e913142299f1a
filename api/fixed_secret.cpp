#include "api/fixed_secret.hpp"

#include <fmt/format.h>

namespace mfo::api {

std::optional<auth_provider::credentials_set>
fixed_secret::credentials(time now) {
  if (secret_.refresh(now))
    ++generation_;
  return credentials_set{{field_(secret_.value().reveal())}, generation_};
}

bool fixed_secret::refused(std::uint64_t generation, time now) {
  if (secret_.refresh(now))
    ++generation_;
  return generation != generation_;
}

tl::expected<std::unique_ptr<auth_provider>, std::string>
make_fixed_secret(const config::secret_source& source, secret_reader reader,
                  std::string_view what, secret_file::check fault,
                  fixed_secret::field_of field) {
  secret_file secret{source, std::move(reader), fault};
  const auto& value = secret.value();
  if (value.empty())
    return tl::unexpected(fmt::format("{} is missing", what));
  if (const auto why = fault(value.reveal()); !why.empty())
    return tl::unexpected(fmt::format("{} {}", what, why));
  return std::make_unique<fixed_secret>(std::move(secret), std::move(field));
}

} // namespace mfo::api
