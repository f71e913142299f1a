#include "http/door.hpp"

#include "signatures/verifier.hpp"

#include <boost/beast/core/string.hpp>

namespace mfo::http {

namespace {

bool iequals(std::string_view a, std::string_view b) noexcept {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

bool iends_with(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() &&
         iequals(text.substr(text.size() - end.size()), end);
}

/// application/json, or a type with the +json suffix (RFC 6839). A sender that
/// says nothing is taken at its word: the body is checked anyway.
bool is_json(std::string_view content_type) noexcept {
  auto essence = content_type.substr(0, content_type.find(';'));
  while (essence.ends_with(' ') || essence.ends_with('\t'))
    essence.remove_suffix(1);
  const auto slash = essence.find('/');
  const bool typed = slash != 0 && slash != std::string_view::npos;
  return content_type.empty() || iequals(essence, "application/json") ||
         (typed && iends_with(essence, "+json"));
}

/// Standard Webhooks come under two names (signatures/standard_webhooks.cpp).
std::vector<std::string>
delivery_ids_of(const config::endpoint_settings& endpoint) {
  if (endpoint.delivery_id_header.empty())
    return {};
  if (endpoint.signature.scheme ==
          config::signature_scheme::standard_webhooks &&
      iequals(endpoint.delivery_id_header, "webhook-id"))
    return {endpoint.delivery_id_header, "svix-id"};
  return {endpoint.delivery_id_header};
}

} // namespace

door::door(const std::vector<config::endpoint_settings>& endpoints) {
  std::size_t index = 0;
  for (const auto& each : endpoints)
    by_path_.emplace(
        each.path,
        endpoint{
            ++index, std::make_shared<const config::endpoint_settings>(each),
            signatures::fields_of(each.signature),
            signatures::signs_target(each.signature), delivery_ids_of(each)});
}

const door::endpoint* door::find(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found != by_path_.end() ? &found->second : nullptr;
}

std::optional<core::errc> door::examine(const request_head& head) {
  if (!head.is_post)
    return core::errc::method_not_allowed;
  if (!is_json(head.content_type) ||
      (!head.content_encoding.empty() &&
       !iequals(head.content_encoding, "identity")))
    return core::errc::unsupported_media_type;
  return std::nullopt;
}

} // namespace mfo::http
