#include "api/events.hpp"

#include "api/error_shape.hpp"
#include "api/json_body.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace mfo::api {

namespace {

using config::event_format;

constexpr std::array<std::string_view, 16> words_for_success{
    "accepted", "acknowledged", "complete",   "completed",
    "created",  "delivered",    "done",       "duplicate",
    "ok",       "processed",    "processing", "queued",
    "received", "stored",       "succeeded",  "success"};

constexpr std::array<std::string_view, 8> words_for_failure{
    "denied", "error",   "failed",    "failure",
    "fatal",  "invalid", "malformed", "rejected"};

template <class Words>
bool contains(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

call post_events(const config::path_settings& paths, operation what,
                 std::string_view media_type, envelope_ptr body) {
  return {.what = what,
          .method = "POST",
          .target = paths.events,
          .content_type = std::string{media_type},
          .body = std::move(body)};
}

std::string id_of(const json& item) {
  auto id = optional_text(item, "id");
  return id.empty() ? optional_text(item, "event_id") : id;
}

api_error not_understood() {
  return {.code = api_errc::unavailable,
          .message = "the reply does not tell what became of the event"};
}

api_error item_error(const json& item, int status) {
  const auto* given = find_member(item, "error");
  auto said = given != nullptr ? read_error_value(*given) : error_shape{};
  if (said.message.empty())
    said.message = read_error_shape(item).message;
  if (status == 0)
    status = said.status;
  return {.code = status != 0 ? errc_of_status(status) : api_errc::rejected,
          .status = status,
          .server_code = std::move(said.code),
          .message = said.message.empty() ? "the server refused the event"
                                          : std::move(said.message)};
}

std::optional<api_error> read_error(const json& item) {
  if (!item.is_object())
    return not_understood();
  const int status = status_in(item);
  const bool fails_by_status = status != 0 && (status < 200 || status > 299);
  const auto word = core::lower_case(optional_text(item, "status"));
  if (fails_by_status || find_member(item, "error") != nullptr ||
      contains(words_for_failure, word))
    return item_error(item, fails_by_status ? status : 0);
  if (status != 0 || contains(words_for_success, word))
    return std::nullopt;
  return not_understood();
}

} // namespace

call make_event_call(const config::path_settings& paths,
                     const event_request& request) {
  return post_events(paths, operation::event,
                     request.format == event_format::cloudevents
                         ? "application/cloudevents+json"
                         : "application/json",
                     request.envelope);
}

call make_event_batch_call(const config::path_settings& paths,
                           const event_batch_request& request) {
  std::size_t size = 2;
  for (const auto& envelope : request.envelopes)
    size += envelope->size() + 1;
  std::string body;
  body.reserve(size);
  for (const auto& envelope : request.envelopes)
    body.append(body.empty() ? "[" : ",").append(*envelope);
  body.append(body.empty() ? "[]" : "]");
  return post_events(paths, operation::event_batch,
                     request.format == event_format::cloudevents
                         ? "application/cloudevents-batch+json"
                         : "application/json",
                     std::make_shared<const std::string>(std::move(body)));
}

tl::expected<event_reply, api_error>
parse_event_reply(const http::client_response& reply) {
  if (auto good = check_status(reply); !good)
    return tl::unexpected(std::move(good.error()));
  const auto body = parse_json(reply.body).value_or(json{});
  return event_reply{id_of(body), optional_text(body, "status")};
}

tl::expected<event_batch_reply, api_error>
parse_event_batch_reply(const http::client_response& reply) {
  if (auto good = check_status(reply); !good)
    return tl::unexpected(std::move(good.error()));
  const auto body = parse_json(reply.body).value_or(json{});
  const auto* results = body.is_array() ? &body : find_member(body, "results");
  event_batch_reply batch;
  if (results == nullptr || !results->is_array())
    return batch;
  batch.outcomes.reserve(results->size());
  for (const auto& item : *results)
    batch.outcomes.push_back({id_of(item), read_error(item)});
  return batch;
}

std::vector<event_outcome> match_outcomes(const event_batch_reply& reply,
                                          std::span<const std::string> ids) {
  std::vector<event_outcome> matched;
  matched.reserve(ids.size());
  const auto& given = reply.outcomes;
  const bool nameless =
      std::all_of(given.begin(), given.end(),
                  [](const auto& one) { return one.id.empty(); });
  if (nameless && !given.empty() && given.size() != ids.size()) {
    for (const auto& id : ids)
      matched.push_back({id, not_understood()});
    return matched;
  }
  std::map<std::string_view, const event_outcome*> by_id;
  for (const auto& one : given)
    by_id.try_emplace(one.id, &one);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::optional<api_error> error;
    if (nameless && !given.empty())
      error = given[i].error;
    else if (const auto found = by_id.find(ids[i]); found != by_id.end())
      error = found->second->error;
    else if (!given.empty())
      error = not_understood();
    matched.push_back({ids[i], std::move(error)});
  }
  return matched;
}

} // namespace mfo::api
