#pragma once

#include <tl/expected.hpp>

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

} // namespace mfo::http
