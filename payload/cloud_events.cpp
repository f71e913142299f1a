#include "payload/cloud_events.hpp"

#include "core/json_slices.hpp"
#include "core/json_text.hpp"
#include "core/text.hpp"
#include "core/text_encoding.hpp"
#include "payload/media_type.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <set>

namespace mfo::payload {

namespace {

constexpr std::string_view prefix{"ce-"};

tl::unexpected<flaw> malformed(std::string detail) {
  return flawed(core::errc::malformed_body, std::move(detail));
}

/// Lower-case letters and digits (CloudEvents, "Naming conventions").
bool is_attribute_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

/// What a String of CloudEvents may hold ("Type System"): no control
/// characters, which in UTF-8 are below 0x20, 0x7F, and 0xC2 before 0x80 to
/// 0x9F. The bytes are UTF-8 already.
bool is_string_value(std::string_view text) {
  unsigned char before = 0;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool c1 = before == 0xC2 && byte < 0xA0;
    before = byte;
    return byte >= 0x20 && byte != 0x7F && !c1;
  });
}

/// Those of the specification that are texts, whatever the format.
bool is_text_attribute(std::string_view name) {
  constexpr std::string_view texts[]{
      "specversion", "id",   "source",     "type",
      "subject",     "time", "dataschema", "datacontenttype"};
  return std::find(std::begin(texts), std::end(texts), name) != std::end(texts);
}

/// Collects the attributes of one event and checks what every event must have.
class collector {
public:
  /// `value` is a JSON value. False: the name came before.
  bool add(const std::string& name, std::string_view value) {
    if (!seen_.insert(name).second)
      return false;
    json_.append(json_.empty() ? "{" : ",");
    core::append_json_string(json_, name);
    json_.append(":").append(value);
    if (name == "id")
      text_of(event_.id, value);
    else if (name == "source")
      text_of(event_.source, value);
    else if (name == "type")
      text_of(event_.type, value);
    else if (name == "specversion")
      text_of(version_, value);
    return true;
  }

  tl::expected<cloud_event, flaw> finish(std::string data) {
    if (version_ != "1.0")
      return malformed("a CloudEvent's specversion must be 1.0");
    for (const auto& [name, value] : {std::pair{"id", &event_.id},
                                      {"source", &event_.source},
                                      {"type", &event_.type}})
      if (value->empty())
        return malformed(fmt::format(
            "a CloudEvent must have {}, a text that is not empty", name));
    event_.attributes = std::move(json_) + "}";
    event_.data = std::move(data);
    return std::move(event_);
  }

private:
  static void text_of(std::string& to, std::string_view value) {
    to = core::string_value(value).value_or("");
  }

  cloud_event event_;
  std::string version_;
  std::string json_;
  std::set<std::string> seen_;
};

/// One round of percent-decoding, and the quotes that senders of older versions
/// put around it (HTTP binding, section 3.1.3.2). Nothing: the result is not
/// UTF-8, or has control characters.
std::optional<std::string> decode_value(std::string_view value) {
  std::string text;
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '\\' && i + 1 < value.size())
        ++i;
      text += value[i];
    }
    value = text;
  }
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '%') {
      const auto byte = core::decode_hex(value.substr(i + 1, 2));
      if (!byte || byte->size() != 1)
        return std::nullopt;
      out += static_cast<char>(byte->front());
      i += 2;
    } else {
      out += value[i];
    }
  }
  // Refuses overlong forms and surrogates, as RFC 3629 wants it.
  if (!simdjson::validate_utf8(out.data(), out.size()) || !is_string_value(out))
    return std::nullopt;
  return out;
}

/// Strings, numbers and booleans are attributes; nothing else is.
bool is_attribute_value(std::string_view name, std::string_view value) {
  if (value.empty() || value.front() == '{' || value.front() == '[')
    return false;
  if (value.front() != '"')
    return !is_text_attribute(name);
  const auto text = core::string_value(value); // none: a lone surrogate
  return text && is_string_value(*text);
}

/// `data_base64` as JSON.
std::optional<std::string> decode_data(std::string_view value,
                                       std::string_view data_type) {
  const auto text = core::string_value(value);
  const auto bytes = text ? core::decode_base64(*text) : std::nullopt;
  if (!bytes)
    return std::nullopt;
  if (!data_type.empty() && !is_json(data_type))
    return std::string{value};
  return std::string{bytes->begin(), bytes->end()};
}

} // namespace

bool is_binary(const core::header_fields& fields) noexcept {
  bool found = false;
  for (const auto& [name, value] : fields)
    found |= core::equal_ignoring_case(name, "ce-specversion");
  return found;
}

tl::expected<cloud_event, flaw> read_binary(const core::header_fields& fields,
                                            std::string_view content_type,
                                            std::string data) {
  collector attributes;
  std::string wrong;
  for (const auto& [field, value] : fields) {
    const auto name = core::lower_case(field);
    if (!name.starts_with(prefix) || !wrong.empty())
      continue;
    const auto attribute = name.substr(prefix.size());
    const auto text = decode_value(value);
    std::string json;
    if (text)
      core::append_json_string(json, *text);
    if (!is_attribute_name(attribute) || attribute == "data" ||
        attribute == "datacontenttype")
      wrong = "a field that begins with ce- names no attribute";
    else if (!text)
      wrong = fmt::format("ce-{} is not percent-encoded UTF-8", attribute);
    else if (!attributes.add(attribute, json))
      wrong = fmt::format("ce-{} is there several times", attribute);
  }
  if (!wrong.empty())
    return malformed(std::move(wrong));
  if (!content_type.empty()) {
    std::string json;
    core::append_json_string(json, content_type);
    attributes.add("datacontenttype", json);
  }
  return attributes.finish(std::move(data));
}

tl::expected<cloud_event, flaw> read_structured(std::string_view text) {
  const auto members = core::object_members(text);
  if (!members)
    return malformed("a CloudEvent is not a JSON object");
  collector attributes;
  std::optional<std::string_view> data;
  std::optional<std::string_view> base64;
  std::string data_type;
  for (const auto& [name, value] : *members) {
    if (name == "data" || name == "data_base64") {
      if (data || base64)
        return malformed("a CloudEvent has its data twice");
      (name == "data" ? data : base64) = value;
      continue;
    }
    if (value == "null")
      continue; // as good as absent (JSON format, section 2.2)
    if (!is_attribute_name(name) || !is_attribute_value(name, value))
      return malformed("a member of a CloudEvent is no attribute");
    if (!attributes.add(name, value))
      return malformed("a CloudEvent has an attribute twice");
    if (name == "datacontenttype")
      data_type = core::string_value(value).value_or("");
  }
  if (!base64)
    return attributes.finish(std::string{data.value_or("null")});
  auto decoded = decode_data(*base64, data_type);
  if (!decoded)
    return malformed("data_base64 is not base64");
  return attributes.finish(*std::move(decoded));
}

tl::expected<std::vector<cloud_event>, flaw> read_batch(std::string_view text) {
  const auto elements = core::array_elements(text);
  if (!elements)
    return malformed("a batch of CloudEvents is not a JSON array");
  if (elements->empty())
    return malformed("a batch of CloudEvents is empty");
  if (elements->size() > max_batch)
    return flawed(core::errc::too_complex,
                  fmt::format("a batch has more than {} events", max_batch));
  std::vector<cloud_event> events;
  events.reserve(elements->size());
  std::set<std::pair<std::string, std::string>> seen;
  std::size_t index = 0;
  for (const auto each : *elements) {
    auto event = read_structured(each);
    if (!event)
      return malformed(fmt::format("event {} of the batch: {}", index,
                                   event.error().detail));
    ++index;
    if (seen.emplace(event->source, event->id).second)
      events.push_back(*std::move(event));
  }
  return events;
}

} // namespace mfo::payload
