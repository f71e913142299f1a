#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::http {

using query_fields = std::map<std::string, std::string>;

/// The fields of a query, decoded. What is not in `known`, comes twice, or is
/// no UTF-8 is an error, a sentence: a filter that is misspelt must not be one
/// that is not there.
[[nodiscard]] tl::expected<query_fields, std::string>
read_query(std::string_view query, const std::vector<std::string_view>& known);

/// Empty: there is none.
[[nodiscard]] std::string value_in(const query_fields& fields,
                                   const std::string& name);

/// The same of one that is empty or among `words`; else a sentence.
[[nodiscard]] tl::expected<std::string, std::string>
word_in(const query_fields& fields, const std::string& name,
        std::span<const std::string_view> words);

/// How many are to be listed: `limit`, 1 to 10,000, or the usual number.
[[nodiscard]] tl::expected<std::size_t, std::string>
limit_in(const query_fields& fields, std::size_t usual);

} // namespace mfo::http
