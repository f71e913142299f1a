#pragma once

#include "api/auth_provider.hpp"

#include <memory>

namespace mfo::api {

/// For a server that asks for nothing.
std::unique_ptr<auth_provider> make_none_auth();

} // namespace mfo::api
