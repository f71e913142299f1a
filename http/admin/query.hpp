#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::http {

/// The fields of a query, decoded. What is not in `known`, comes twice, or is
/// no UTF-8 is an error, a sentence: a filter that is misspelt must not be one
/// that is not there.
[[nodiscard]] tl::expected<std::map<std::string, std::string>, std::string>
read_query(std::string_view query, const std::vector<std::string_view>& known);

/// How many are to be listed: 1 to 10,000.
[[nodiscard]] tl::expected<std::size_t, std::string>
read_limit(std::string_view text);

} // namespace mfo::http
