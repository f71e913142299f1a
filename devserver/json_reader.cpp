#include "devserver/json_reader.hpp"

#include <algorithm>

namespace mfo::devserver {

namespace {

namespace od = simdjson::ondemand;

static_assert(core::json_padding >= simdjson::SIMDJSON_PADDING);

simdjson::padded_string_view padded(const std::string& body) {
  return simdjson::padded_string_view(body.data(), body.size(),
                                      body.capacity());
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last == text.npos ? 0 : last + 1);
}

/// The value of a string; the text of a number if that is `allowed`.
std::string text_of(od::value value, bool number_allowed) {
  od::json_type type;
  std::string_view text;
  if (value.type().get(type))
    return {};
  if (type == od::json_type::number && number_allowed)
    return std::string(trimmed(value.raw_json_token()));
  if (type == od::json_type::string && !value.get_string().get(text))
    return std::string(text);
  return {};
}

event_summary summary_of(od::object members) {
  event_summary summary;
  for (auto item : members) {
    od::field member;
    std::string_view name;
    if (std::move(item).get(member) || member.unescaped_key().get(name))
      break;
    if (name == "id" && summary.id.empty())
      summary.id = text_of(member.value(), true);
    else if (name == "type" && summary.type.empty())
      summary.type = text_of(member.value(), false);
    if (!summary.id.empty() && !summary.type.empty())
      break; // the rest, a payload most likely, is not looked at
  }
  return summary;
}

} // namespace

std::optional<event_summary> json_reader::inspect(std::string& body) {
  body.reserve(body.size() + core::json_padding);
  if (checker_.check(body) != core::json_verdict::good)
    return std::nullopt;
  od::document document;
  od::object members;
  if (parser_.iterate(padded(body)).get(document) ||
      document.get_object().get(members))
    return event_summary{};
  return summary_of(members);
}

std::optional<std::vector<std::string>>
json_reader::elements(std::string& body, std::size_t most) {
  body.reserve(body.size() + core::json_padding);
  od::document document;
  od::array items;
  if (parser_.iterate(padded(body)).get(document) ||
      document.get_array().get(items))
    return std::nullopt;
  std::vector<std::string> found;
  for (auto item : items) {
    od::value value;
    std::string_view text;
    // NOLINTNEXTLINE(performance-move-const-arg): it wants an rvalue.
    if (found.size() == most || std::move(item).get(value) ||
        simdjson::to_json_string(value).get(text))
      return std::nullopt;
    found.emplace_back(trimmed(text));
  }
  return found;
}

std::optional<std::string_view> json_reader::member(std::string& body,
                                                    std::string_view name) {
  body.reserve(body.size() + core::json_padding);
  od::document document;
  od::value value;
  std::string_view text;
  if (parser_.iterate(padded(body)).get(document) ||
      document.find_field_unordered(name).get(value) ||
      simdjson::to_json_string(value).get(text))
    return std::nullopt;
  return trimmed(text);
}

} // namespace mfo::devserver
