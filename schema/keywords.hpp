#pragma once

#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <string_view>

/// Where schemas stand in a schema (draft 7 validation, section 6).
namespace mfo::schema {

enum class holds : unsigned char {
  schema,
  schema_or_list,
  list,
  map,
  map_of_schemas_or_names, ///< `dependencies`
};

struct keyword {
  std::string_view name;
  holds what;
  bool same_value = false; ///< they are applied to the very same value
};

inline constexpr std::array schema_keywords{
    keyword{"additionalItems", holds::schema},
    keyword{"additionalProperties", holds::schema},
    keyword{"allOf", holds::list, true},
    keyword{"anyOf", holds::list, true},
    keyword{"contains", holds::schema},
    keyword{"definitions", holds::map},
    keyword{"dependencies", holds::map_of_schemas_or_names, true},
    keyword{"else", holds::schema, true},
    keyword{"if", holds::schema, true},
    keyword{"items", holds::schema_or_list},
    keyword{"not", holds::schema, true},
    keyword{"oneOf", holds::list, true},
    keyword{"patternProperties", holds::map},
    keyword{"properties", holds::map},
    keyword{"propertyNames", holds::schema},
    keyword{"then", holds::schema, true},
};

/// Appends a reference token to a JSON Pointer (RFC 6901, section 3).
inline void append_token(std::string& pointer, std::string_view token) {
  pointer += '/';
  for (const char c : token) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
}

/// Calls `visit(child, keyword, pointer)` for each schema that stands directly
/// in `schema`, an object. `pointer` is that of the child, seen from `schema`.
template <class Json, class Visitor>
void visit_subschemas(Json& schema, Visitor&& visit) {
  for (const auto& word : schema_keywords) {
    const auto found = schema.find(word.name);
    if (found == schema.end())
      continue;
    std::string pointer;
    append_token(pointer, word.name);
    const auto with = [&pointer](std::string_view token) {
      auto longer = pointer;
      append_token(longer, token);
      return longer;
    };
    auto& value = *found;
    const bool may_be_list =
        word.what == holds::list || word.what == holds::schema_or_list;
    if (may_be_list && value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i)
        visit(value[i], word, with(std::to_string(i)));
    } else if (word.what == holds::schema ||
               word.what == holds::schema_or_list) {
      visit(value, word, pointer);
    } else if (word.what != holds::list && value.is_object()) {
      for (auto member = value.begin(); member != value.end(); ++member)
        if (word.what == holds::map || !member->is_array())
          visit(*member, word, with(member.key()));
    }
  }
}

} // namespace mfo::schema
