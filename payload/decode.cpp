#include "payload/decode.hpp"

#include "core/text.hpp"
#include "payload/form.hpp"
#include "payload/media_type.hpp"

namespace mfo::payload {

namespace {

bool is_identity(std::string_view coding) noexcept {
  return coding.empty() || core::equal_ignoring_case(coding, "identity");
}

decoded as_event(cloud_event event) {
  auto data = std::move(event.data);
  return {std::move(data), std::move(event)};
}

/// What is to be taken apart must be JSON.
std::optional<flaw> check(core::json_checker& checker, std::string& text) {
  const auto size = text.size();
  text.append(core::json_padding, ' ');
  auto wrong = flaw_of(checker.check({text.data(), size}));
  text.resize(size);
  return wrong;
}

tl::expected<std::vector<decoded>, flaw>
decode_cloud_events(std::string_view content_type, std::string body,
                    core::json_checker& checker) {
  if (auto wrong = check(checker, body))
    return tl::unexpected{*std::move(wrong)};
  std::vector<decoded> found;
  if (is_cloud_batch(content_type)) {
    auto events = read_batch(body);
    if (!events)
      return tl::unexpected{std::move(events.error())};
    for (auto& each : *events)
      found.push_back(as_event(std::move(each)));
  } else {
    auto event = read_structured(body);
    if (!event)
      return tl::unexpected{std::move(event.error())};
    found.push_back(as_event(*std::move(event)));
  }
  return found;
}

bool in_cloud_format(std::string_view content_type,
                     const config::payload_settings& settings) noexcept {
  return (settings.cloud_events && is_cloud_event(content_type)) ||
         (settings.cloud_batch && is_cloud_batch(content_type));
}

} // namespace

bool takes(std::string_view content_type, std::string_view content_encoding,
           bool has_ce_version,
           const config::payload_settings& settings) noexcept {
  if (!is_identity(content_encoding) && !parse_coding(content_encoding))
    return false;
  if (is_of_cloud_events(content_type) && !is_cloud_event(content_type))
    return settings.cloud_batch && is_cloud_batch(content_type);
  if (is_form(content_type))
    return settings.form;
  // A sender that says nothing is taken at its word: the body is checked.
  const bool json_taken =
      settings.json || (settings.cloud_events && has_ce_version);
  return in_cloud_format(content_type, settings) ||
         (json_taken && (content_type.empty() || is_json(content_type)));
}

bool is_plain(std::string_view content_type, std::string_view content_encoding,
              const core::header_fields& fields,
              const config::payload_settings& settings) noexcept {
  return is_identity(content_encoding) && !is_form(content_type) &&
         !in_cloud_format(content_type, settings) &&
         !(settings.cloud_events && is_binary(fields));
}

tl::expected<std::vector<decoded>, flaw>
decode(const received_body& received, const config::payload_settings& settings,
       const inflate_bounds& bounds, core::json_checker& checker) {
  std::string body;
  if (const auto how = parse_coding(received.content_encoding)) {
    auto inflated = inflate(received.body, *how, bounds);
    if (!inflated)
      return tl::unexpected{std::move(inflated.error())};
    body = *std::move(inflated);
  } else {
    body = received.body;
  }
  if (in_cloud_format(received.content_type, settings))
    return decode_cloud_events(received.content_type, std::move(body), checker);
  if (is_form(received.content_type)) {
    auto json = form_to_json(body);
    if (!json)
      return tl::unexpected{std::move(json.error())};
    body = *std::move(json);
  }
  std::vector<decoded> found;
  if (settings.cloud_events && is_binary(received.fields)) {
    if (body.empty())
      body = "null"; // an event may have no data
    auto event =
        read_binary(received.fields, received.content_type, std::move(body));
    if (!event)
      return tl::unexpected{std::move(event.error())};
    found.push_back(as_event(*std::move(event)));
  } else {
    found.push_back({std::move(body), std::nullopt});
  }
  return found;
}

std::optional<flaw> flaw_of(core::json_verdict verdict) {
  switch (verdict) {
  case core::json_verdict::good:
    return std::nullopt;
  case core::json_verdict::too_complex:
    return flaw{core::errc::too_complex, "more depth or tokens than the limits "
                                         "allow"};
  case core::json_verdict::malformed:
    break;
  }
  return flaw{core::errc::malformed_json, ""};
}

} // namespace mfo::payload
