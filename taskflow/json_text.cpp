#include "taskflow/json_text.hpp"

namespace mfo::taskflow {

std::string as_text(const json& value) {
  if (const auto* text = value.get_ptr<const std::string*>())
    return *text;
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string_view type_of(const json& value) noexcept {
  switch (value.type()) {
  case json::value_t::object:
    return "an object";
  case json::value_t::array:
    return "a list";
  case json::value_t::string:
    return "a text";
  case json::value_t::boolean:
    return value.get_ref<const bool&>() ? "true" : "false";
  case json::value_t::number_integer:
  case json::value_t::number_unsigned:
  case json::value_t::number_float:
    return "a number";
  default:
    return "null";
  }
}

} // namespace mfo::taskflow
