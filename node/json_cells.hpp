#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Members of what a node answered, as the cells of a table; whatever it is, it
/// makes no harm.
namespace mfo::node {

/// A member as text; "-" where there is none.
[[nodiscard]] std::string text_in(const nlohmann::json& from,
                                  std::string_view name);

/// A member with milliseconds, for people; "-".
[[nodiscard]] std::string time_in(const nlohmann::json& from,
                                  std::string_view name);

/// The elements of a list; none where it is no list.
[[nodiscard]] std::vector<nlohmann::json> list_in(const nlohmann::json& from,
                                                  std::string_view name);

/// The same as texts.
[[nodiscard]] std::vector<std::string> words_in(const nlohmann::json& from,
                                                std::string_view name);

} // namespace mfo::node
