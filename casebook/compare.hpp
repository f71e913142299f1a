#pragma once

#include "casebook/case.hpp"
#include "casebook/match.hpp"
#include "casebook/seen.hpp"
#include "config/server_settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mfo::casebook {

/// All that is not as it was expected, in the order of the keys.
[[nodiscard]] std::vector<mismatch> compare(const expectation& expected,
                                            const seen& got);

/// Whether the stub is for the call.
[[nodiscard]] bool fits(const stub& what, const seen_call& call);

/// What the call with this method and path asks of the API, by the paths of the
/// server; empty where it is none of them. `path` is without the query.
[[nodiscard]] std::string_view operation_of(const config::path_settings& paths,
                                            std::string_view method,
                                            std::string_view path,
                                            std::string_view body);

/// A call in one line, for people.
[[nodiscard]] std::string to_string(const seen_call& call);

} // namespace mfo::casebook
