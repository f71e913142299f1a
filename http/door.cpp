#include "http/door.hpp"

#include "config/delivery_id_fields.hpp"
#include "core/header_fields.hpp"
#include "core/text.hpp"
#include "payload/decode.hpp"
#include "signatures/verifier.hpp"

#include <algorithm>

namespace mfo::http {

namespace {

/// Some senders have several names for their id. A request that is sent again
/// under another of them is the same delivery.
std::vector<std::string>
delivery_ids_of(const config::endpoint_settings& endpoint) {
  if (endpoint.delivery_id_header.empty())
    return {};
  auto usual = config::delivery_id_fields(endpoint.signature);
  if (std::ranges::any_of(usual, [&](const auto& each) {
        return core::equal_ignoring_case(each, endpoint.delivery_id_header);
      }))
    return usual;
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

std::optional<core::errc> door::examine(const endpoint& at,
                                        const request_head& head) {
  if (!head.is_post)
    return core::errc::method_not_allowed;
  if (!payload::takes(head.content_type, head.content_encoding,
                      head.has_ce_version, at.settings->payload))
    return core::errc::unsupported_media_type;
  return std::nullopt;
}

} // namespace mfo::http
