#include "payload/media_type.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace mfo::payload {

namespace {

std::string_view essence_of(std::string_view content_type) noexcept {
  auto essence = content_type.substr(0, content_type.find(';'));
  while (essence.ends_with(' ') || essence.ends_with('\t'))
    essence.remove_suffix(1);
  return essence;
}

/// type/subtype, both tokens (RFC 9110, section 8.3.1).
bool is_media_type(std::string_view essence) noexcept {
  constexpr std::string_view token{"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz"
                                   "0123456789!#$%&'*+-.^_`|~"};
  const auto slash = essence.find_first_not_of(token);
  return slash != 0 && slash != std::string_view::npos &&
         essence[slash] == '/' && slash + 1 < essence.size() &&
         essence.find_first_not_of(token, slash + 1) == std::string_view::npos;
}

bool is(std::string_view content_type, std::string_view type) noexcept {
  return core::equal_ignoring_case(essence_of(content_type), type);
}

} // namespace

bool is_json(std::string_view content_type) noexcept {
  constexpr std::string_view suffix{"+json"};
  const auto essence = essence_of(content_type);
  return is(content_type, "application/json") ||
         (essence.size() > suffix.size() &&
          core::equal_ignoring_case(
              essence.substr(essence.size() - suffix.size()), suffix) &&
          is_media_type(essence));
}

bool is_form(std::string_view content_type) noexcept {
  return is(content_type, "application/x-www-form-urlencoded");
}

bool is_cloud_event(std::string_view content_type) noexcept {
  return is(content_type, "application/cloudevents+json");
}

bool is_cloud_batch(std::string_view content_type) noexcept {
  return is(content_type, "application/cloudevents-batch+json");
}

bool is_of_cloud_events(std::string_view content_type) noexcept {
  constexpr std::string_view start{"application/cloudevents"};
  const auto essence = essence_of(content_type);
  return core::equal_ignoring_case(
      essence.substr(0, std::min(essence.size(), start.size())), start);
}

} // namespace mfo::payload
