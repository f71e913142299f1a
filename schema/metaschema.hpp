#pragma once

#include <string_view>

namespace mfo::schema {

/// The schema of the schemas of draft 7, and what it is called
/// (http://json-schema.org/draft-07/schema).
inline constexpr std::string_view metaschema_uri =
    "http://json-schema.org/draft-07/schema";
extern const std::string_view metaschema_text;

} // namespace mfo::schema
