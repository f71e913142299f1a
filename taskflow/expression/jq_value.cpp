#include "taskflow/expression/jq_value.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

namespace mfo::taskflow {

namespace {

/// Leaves the conversion.
struct refusal {
  std::string why;
};

void check_depth(std::size_t depth) {
  if (depth > max_jq_depth)
    throw refusal{"the value is nested deeper than " +
                  std::to_string(max_jq_depth)};
}

int length_of(const std::string& text) {
  if (text.size() >= std::numeric_limits<int>::max())
    throw refusal{"a text is longer than jq can hold"};
  return static_cast<int>(text.size());
}

jq_value text_to_jq(const std::string& text) {
  return jq_value(jv_string_sized(text.data(), length_of(text)));
}

jq_value convert(const json& value, std::size_t depth);

jq_value list_to_jq(const json& value, std::size_t depth) {
  jq_value list(jv_array());
  for (const auto& item : value) {
    auto converted = convert(item, depth + 1);
    list = jq_value(jv_array_append(list.release(), converted.release()));
  }
  return list;
}

jq_value object_to_jq(const json& value, std::size_t depth) {
  jq_value object(jv_object());
  for (const auto& [key, member] : value.items()) {
    auto converted = convert(member, depth + 1);
    auto name = text_to_jq(key);
    object = jq_value(
        jv_object_set(object.release(), name.release(), converted.release()));
  }
  return object;
}

jq_value convert(const json& value, std::size_t depth) {
  check_depth(depth);
  switch (value.type()) {
  case json::value_t::object:
    return object_to_jq(value, depth);
  case json::value_t::array:
    return list_to_jq(value, depth);
  case json::value_t::string:
    return text_to_jq(value.get_ref<const std::string&>());
  case json::value_t::boolean:
    return jq_value(jv_bool(value.get<bool>() ? 1 : 0));
  case json::value_t::number_integer:
  case json::value_t::number_unsigned:
  case json::value_t::number_float:
    return jq_value(jv_number(value.get<double>()));
  default:
    return jq_value(jv_null());
  }
}

json number_from_jq(double number) {
  constexpr double exact = 9007199254740992; // 2^53
  if (!std::isfinite(number))
    throw refusal{std::isnan(number)
                      ? "the value holds not-a-number, which JSON has not"
                      : "the value holds an infinite number, which JSON has "
                        "not"};
  if (std::trunc(number) == number && std::abs(number) <= exact)
    return static_cast<std::int64_t>(number);
  return number;
}

std::string text_from_jq(const jq_value& value) {
  const auto length =
      static_cast<std::size_t>(jv_string_length_bytes(value.copy()));
  return {jv_string_value(value.get()), length};
}

json convert(const jq_value& value, std::size_t depth);

json list_from_jq(const jq_value& value, std::size_t depth) {
  auto list = json::array();
  const int size = jv_array_length(value.copy());
  for (int i = 0; i < size; ++i)
    list.push_back(convert(jq_value(jv_array_get(value.copy(), i)), depth + 1));
  return list;
}

json object_from_jq(const jq_value& value, std::size_t depth) {
  auto object = json::object();
  const auto map = value.get();
  for (int at = jv_object_iter(map); jv_object_iter_valid(map, at) != 0;
       at = jv_object_iter_next(map, at))
    object[text_from_jq(jq_value(jv_object_iter_key(map, at)))] =
        convert(jq_value(jv_object_iter_value(map, at)), depth + 1);
  return object;
}

json convert(const jq_value& value, std::size_t depth) {
  check_depth(depth);
  switch (value.kind()) {
  case JV_KIND_OBJECT:
    return object_from_jq(value, depth);
  case JV_KIND_ARRAY:
    return list_from_jq(value, depth);
  case JV_KIND_STRING:
    return text_from_jq(value);
  case JV_KIND_NUMBER:
    return number_from_jq(jv_number_value(value.get()));
  case JV_KIND_TRUE:
    return true;
  case JV_KIND_FALSE:
    return false;
  default:
    return nullptr;
  }
}

} // namespace

tl::expected<jq_value, std::string> to_jq(const json& value) {
  try {
    return convert(value, 0);
  } catch (refusal& reason) {
    return tl::make_unexpected(std::move(reason.why));
  }
}

tl::expected<json, std::string> from_jq(const jq_value& value) {
  try {
    return convert(value, 0);
  } catch (refusal& reason) {
    return tl::make_unexpected(std::move(reason.why));
  }
}

} // namespace mfo::taskflow
