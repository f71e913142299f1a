#include "http/request_fields.hpp"

#include "core/text.hpp"
#include "http/framing.hpp"
#include "payload/decode.hpp"
#include "payload/event_type.hpp"

#include <algorithm>
#include <utility>

namespace mfo::http {

namespace {

bool begins_with_ce(std::string_view name) {
  constexpr std::string_view prefix{"ce-"};
  return name.size() > prefix.size() &&
         core::equal_ignoring_case(name.substr(0, prefix.size()), prefix);
}

} // namespace

std::string_view field(const restinio::http_request_header_t& header,
                       restinio::string_view_t name) {
  std::string_view value;
  bool found = false;
  header.for_each_value_of(name, [&](restinio::string_view_t each) {
    value = found ? "," : std::string_view{each.data(), each.size()};
    found = true;
    return restinio::http_header_fields_t::continue_enumeration();
  });
  return value;
}

std::string_view only_field(const restinio::http_request_header_t& header,
                            const std::string& name) {
  std::string_view value;
  unsigned count = 0;
  header.for_each_value_of(name, [&](restinio::string_view_t each) {
    value = {each.data(), each.size()};
    ++count;
    return restinio::http_header_fields_t::continue_enumeration();
  });
  return count == 1 ? value : std::string_view{};
}

std::string joined_fields(const restinio::http_request_header_t& header,
                          const std::string& name) {
  std::string all;
  header.for_each_value_of(name, [&](restinio::string_view_t each) {
    if (!all.empty())
      all += ',';
    all.append(each.data(), each.size());
    return restinio::http_header_fields_t::continue_enumeration();
  });
  return all;
}

bool repeats_any(const restinio::http_request_header_t& header,
                 const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [&](const std::string& name) {
    unsigned count = 0;
    header.for_each_value_of(name, [&](restinio::string_view_t) {
      ++count;
      return restinio::http_header_fields_t::continue_enumeration();
    });
    return count > 1;
  });
}

std::string_view first_field(const restinio::http_request_header_t& header,
                             const std::vector<std::string>& names) {
  for (const auto& each : names)
    if (const auto value = only_field(header, each); !value.empty())
      return value;
  return {};
}

core::header_fields needed_fields(const restinio::http_request_header_t& header,
                                  const door::endpoint& endpoint,
                                  const request_head& head) {
  const auto& payload = endpoint.settings->payload;
  core::header_fields fields;
  header.for_each_field([&](const restinio::http_header_field_t& each) {
    const auto& names = endpoint.fields;
    const auto known =
        std::any_of(names.begin(), names.end(), [&](const std::string& name) {
          return core::equal_ignoring_case(each.name(), name);
        });
    if (known || (payload.cloud_events && begins_with_ce(each.name())))
      fields.add(each.name(), each.value());
  });
  if (!payload::is_plain(head.content_type, head.content_encoding, fields,
                         payload)) {
    fields.add("Content-Type", head.content_type);
    fields.add("Content-Encoding", head.content_encoding);
  }
  return fields;
}

std::string type_of(const restinio::http_request_header_t& header,
                    const config::event_type_source& source) {
  if (source.header.empty())
    return {};
  return payload::type_from_header(source, only_field(header, source.header));
}

recorded_request
recorded(const restinio::request_t& request,
         std::shared_ptr<const config::endpoint_settings> endpoint,
         const config::ip_address& client, std::chrono::milliseconds at) {
  const auto& header = request.header();
  const std::string_view target{header.request_target()};
  const auto query = std::min(target.find('?'), target.size() - 1) + 1;
  recorded_request made{.endpoint = std::move(endpoint),
                        .method = header.method().c_str(),
                        .path = std::string{target_path(target)},
                        .query = std::string{target.substr(query)},
                        .headers = {},
                        .body = request.body(),
                        .from = client,
                        .at = at};
  header.for_each_field([&](const restinio::http_header_field_t& each) {
    made.headers.emplace_back(each.name(), each.value());
  });
  return made;
}

} // namespace mfo::http
