#pragma once

#include "config/section.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

/// JSON Schemas for editors, made of the tables by which files are read.
namespace mfo::schema {

/// Keys stay in the order of the tables.
using ordered_json = nlohmann::ordered_json;

/// YAML makes numbers and booleans of texts that look like them; the reader
/// takes them as texts again.
[[nodiscard]] ordered_json scalar();
[[nodiscard]] ordered_json list_of(ordered_json items);
[[nodiscard]] ordered_json either(ordered_json one, ordered_json other);
[[nodiscard]] ordered_json definition(std::string_view name);
/// Names are those that config::parse_id takes.
[[nodiscard]] ordered_json named(ordered_json values);

/// The schema of a value whose `type` the tables of one file alone have;
/// nothing for any other.
using own_form =
    std::function<std::optional<ordered_json>(const config::key_spec&)>;

/// An object with these keys and no others.
[[nodiscard]] ordered_json object_of(const std::vector<config::key_spec>& keys,
                                     const own_form& own);

} // namespace mfo::schema
