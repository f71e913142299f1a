#pragma once

#include "api/auth_provider.hpp"
#include "api/secret_file.hpp"

#include "config/server_settings.hpp"

#include <memory>
#include <string>

namespace mfo::api {

/// The provider that the settings name. The error is a sentence without
/// secrets, about what the configuration has to change.
tl::expected<std::unique_ptr<auth_provider>, std::string>
make_auth_provider(const config::auth_settings& settings,
                   const config::path_settings& paths,
                   secret_reader reader = {});

} // namespace mfo::api
