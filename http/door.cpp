#include "http/door.hpp"

#include "config/delivery_id_fields.hpp"
#include "core/header_fields.hpp"
#include "core/text.hpp"
#include "payload/decode.hpp"
#include "signatures/probe.hpp"
#include "signatures/verifier.hpp"

#include <algorithm>

namespace mfo::http {

namespace {

/// What the signature is verified by, and what a probe is known by.
std::vector<std::string> fields_of(const config::endpoint_settings& endpoint) {
  auto names = signatures::fields_of(endpoint.signature);
  names.emplace_back(signatures::probe_field);
  return names;
}

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
  std::size_t number = 0;
  for (const auto& each : endpoints) {
    ++number;
    if (each.path.empty()) // its events do not come by HTTP
      continue;
    by_path_.emplace(
        each.path,
        endpoint{number,
                 std::make_shared<const config::endpoint_settings>(each),
                 fields_of(each), signatures::signs_target(each.signature),
                 delivery_ids_of(each)});
  }
}

const door::endpoint* door::find(std::string_view path,
                                 std::string_view method) const {
  const auto [first, last] = by_path_.equal_range(path);
  const auto fitting = std::find_if(first, last, [method](const auto& each) {
    return each.second.settings->method == method;
  });
  if (fitting != last)
    return &fitting->second;
  return first != last ? &first->second : nullptr;
}

std::string door::methods_at(std::string_view path) const {
  std::string list;
  const auto [first, last] = by_path_.equal_range(path);
  for (auto each = first; each != last; ++each)
    list.append(list.empty() ? "" : ", ").append(each->second.settings->method);
  return list;
}

std::optional<core::errc> door::examine(const endpoint& at,
                                        const request_head& head) {
  if (head.method != at.settings->method)
    return core::errc::method_not_allowed;
  if (!payload::takes(head.content_type, head.content_encoding,
                      head.has_ce_version, at.settings->payload))
    return core::errc::unsupported_media_type;
  return std::nullopt;
}

} // namespace mfo::http
