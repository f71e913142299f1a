#include "payload/form.hpp"

#include "core/form.hpp"
#include "core/json_text.hpp"

#include <simdjson.h>

#include <map>
#include <vector>

namespace mfo::payload {

namespace {

/// The values of each name, the names in the order of the form.
struct fields {
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::string>> values;
  std::size_t count = 0;
};

/// Whether it begins as an object or an array does; other JSON would be hard
/// to tell from text.
bool looks_like_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos &&
         (text[first] == '{' || text[first] == '[');
}

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string to_json(const fields& form) {
  std::string out{"{"};
  for (const auto& name : form.names) {
    if (out.size() > 1)
      out += ',';
    core::append_json_string(out, name);
    out += ':';
    const auto& values = form.values.at(name);
    if (values.size() > 1)
      out += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0)
        out += ',';
      core::append_json_string(out, values[i]);
    }
    if (values.size() > 1)
      out += ']';
  }
  return out += '}';
}

} // namespace

tl::expected<std::string, flaw> form_to_json(std::string_view body) {
  fields form;
  bool good = true;
  core::for_each_form_field(body, [&](auto name, auto value) {
    if (++form.count > max_form_fields)
      return;
    auto text = core::decode_form_text(name);
    auto decoded = core::decode_form_text(value);
    good = good && is_utf8(text) && is_utf8(decoded);
    auto& values = form.values[text];
    if (values.empty())
      form.names.push_back(std::move(text));
    values.push_back(std::move(decoded));
  });
  if (form.count > max_form_fields)
    return flawed(core::errc::too_complex, "the form has too many fields");
  if (!good)
    return flawed(core::errc::malformed_body, "the form's text is not UTF-8");
  if (form.count == 1 && form.names.front() == "payload" &&
      looks_like_json(form.values["payload"].front()))
    return std::move(form.values["payload"].front());
  return to_json(form);
}

} // namespace mfo::payload
