#pragma once

#include <string_view>

namespace mfo::http {

/// http/admin/openapi.json: the admin listener in OpenAPI 3.1.
extern const std::string_view openapi_document;

} // namespace mfo::http
