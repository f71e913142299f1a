#include "api/error_shape.hpp"

#include "api/json_body.hpp"
#include "api/text.hpp"

#include <initializer_list>

namespace mfo::api {

namespace {

constexpr std::size_t max_code = 64;
constexpr std::size_t max_shape_message = 512;

/// The first of the members that is a text or a whole number.
std::string first_text(const json& object,
                       std::initializer_list<const char*> names) {
  for (const auto* name : names)
    if (auto text = optional_text(object, name); !text.empty())
      return text;
  return {};
}

/// RFC 9457, section 3.1.1: the type is a URI whose last part names the kind
/// of problem; about:blank says no more than the status.
std::string code_of_type(const std::string& type) {
  if (type.empty() || type == "about:blank")
    return {};
  return type.substr(type.find_last_of("/#:") + 1);
}

error_shape shape(const std::string& code, const std::string& message,
                  int status) {
  return {printable(code, max_code), printable(message, max_shape_message),
          status};
}

error_shape read_members(const json& object) {
  auto code = first_text(object, {"code"});
  if (code.empty())
    code = code_of_type(optional_text(object, "type"));
  return shape(code,
               first_text(object, {"message", "detail", "error_description",
                                   "description", "title"}),
               status_in(object));
}

} // namespace

int status_in(const json& object) {
  const auto* status = find_member(object, "status");
  if (status == nullptr || !status->is_number_integer())
    return 0;
  const auto number = status->get<std::int64_t>();
  return number >= 100 && number <= 599 ? static_cast<int>(number) : 0;
}

error_shape read_error_value(const json& error) {
  return error.is_object() ? read_members(error)
                           : shape({}, text_of(error).value_or(""), 0);
}

error_shape read_error_shape(const json& body) {
  const auto* error = find_member(body, "error");
  if (error == nullptr)
    return read_members(body);
  if (!error->is_string())
    return read_error_value(*error);
  // A text beside an explanation is a name, as in RFC 6749, section 5.2.
  auto outer = read_members(body);
  auto inner = read_error_value(*error);
  if (outer.message.empty())
    return {std::move(outer.code), std::move(inner.message), outer.status};
  if (outer.code.empty())
    outer.code = printable(inner.message, max_code);
  return outer;
}

} // namespace mfo::api
