#include "devserver/api.hpp"

#include "core/rfc3339.hpp"

#include <fmt/format.h>

#include <iterator>

/// Events, one at a time or in batches, and who is told of them.
namespace mfo::devserver {

namespace {

/// Of one batch. An event of one byte costs a hundred times that in the log.
constexpr std::size_t max_batch = 10'000;

bool is_event(const request& req) noexcept {
  return req.method == "POST" && req.path() == "/api/events";
}

bool is_array(std::string_view body) noexcept {
  const auto begin = body.find_first_not_of(" \t\r\n");
  return begin != body.npos && body[begin] == '[';
}

/// What speaks against the Content-Type of a body that is JSON, if it is a
/// CloudEvent's (CloudEvents 1.0, HTTP binding, section 3); empty: nothing.
std::string_view media_type_fault(std::string_view type, bool array) {
  type = type.substr(0, type.find_first_of("; \t"));
  if (type == "application/cloudevents+json" && array)
    return "a CloudEvent is a JSON object";
  if (type == "application/cloudevents-batch+json" && !array)
    return "a batch of CloudEvents is a JSON array";
  return {};
}

std::string outcome(std::string_view id, std::string_view status) {
  return fmt::format(R"({{"id":{},"status":"{}"}})", json_text(id), status);
}

} // namespace

bool api::subscription::wants(std::string_view type) const noexcept {
  if (!event.ends_with('*'))
    return type == event;
  return type.starts_with(std::string_view(event).substr(0, event.size() - 1));
}

reply api::post_event(request& req, const context& ctx) {
  auto summary = json_.inspect(req.body);
  if (!summary)
    return error_reply(400, "the body is not JSON");
  const bool array = is_array(req.body);
  const auto fault = media_type_fault(req.headers.find("content-type"), array);
  if (!fault.empty())
    return error_reply(400, fault);
  const int status = ctx.forced_status != 0 ? ctx.forced_status : 202;
  if (array)
    return post_batch(req, status);
  const auto id =
      event_id(std::move(summary->id), req.headers.find("idempotency-key"));
  record(id, summary->type, std::move(req.headers), std::move(req.body),
         status);
  return {.status = status, .body = outcome(id, "accepted")};
}

reply api::post_batch(request& req, int status) {
  auto events = json_.elements(req.body, max_batch);
  if (!events)
    return error_reply(400,
                       fmt::format("a batch has at most {} events", max_batch));
  std::string results;
  for (auto& event : *events) {
    auto summary = json_.inspect(event).value_or(event_summary{});
    const auto id = event_id(std::move(summary.id), {});
    const bool good = event.starts_with('{');
    results.append(results.empty() ? "" : ",")
        .append(outcome(id, good ? "accepted" : "rejected"));
    if (good)
      record(id, summary.type, req.headers, std::move(event), status);
    else
      record_rejected(id, summary.type, req.headers, event.size(), 400);
  }
  return {.status = status,
          .body = fmt::format(R"({{"results":[{}]}})", results)};
}

void api::reject(request& req, int status) {
  if (!is_event(req))
    return;
  auto summary = json_.inspect(req.body);
  auto events = summary && is_array(req.body)
                    ? json_.elements(req.body, max_batch)
                    : std::nullopt;
  if (!events) {
    auto known = std::move(summary).value_or(event_summary{});
    const auto key = req.headers.find("idempotency-key");
    auto id = event_id(std::move(known.id), key);
    return record_rejected(std::move(id), known.type, std::move(req.headers),
                           req.body.size(), status);
  }
  for (auto& event : *events) {
    auto known = json_.inspect(event).value_or(event_summary{});
    record_rejected(event_id(std::move(known.id), {}), known.type, req.headers,
                    event.size(), status);
  }
}

std::string api::event_id(std::string id_member, std::string_view otherwise) {
  if (!id_member.empty())
    return id_member;
  if (!otherwise.empty())
    return std::string(otherwise);
  return fmt::format("event-{}", ++made_up_);
}

void api::notify(std::string_view id, std::string_view type, std::size_t size,
                 int status) const {
  if (settings_.on_event)
    settings_.on_event({id, type, size, status});
}

void api::record(const std::string& id, std::string_view type,
                 header_block headers, std::string body, int status) {
  notify(id, type, body.size(), status);
  std::vector<std::string> told;
  subscriptions_.for_each([&](const std::string&, const subscription& one) {
    if (one.wants(type))
      told.push_back(one.callback_url);
  });
  const auto text = told.empty() ? std::string{} : notification(id, type, body);
  recorded_.append({std::chrono::system_clock::now(), id, std::move(headers),
                    std::move(body), status});
  for (const auto& url : told)
    callbacks_.post(url, text);
}

void api::record_rejected(std::string id, std::string_view type,
                          header_block headers, std::size_t size, int status) {
  notify(id, type, size, status);
  rejected_.append({std::chrono::system_clock::now(),
                    std::move(id),
                    std::move(headers),
                    {},
                    status});
}

std::string api::notification(const std::string& id, std::string_view type,
                              std::string& event) {
  // What the event is about: `payload`, a CloudEvent's `data`, or all of it.
  auto about = json_.member(event, "payload");
  if (!about)
    about = json_.member(event, "data");
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      settings_.clock().time_since_epoch());
  return fmt::format(R"({{"event":{},"data":{},"id":{},"timestamp":"{}"}})",
                     json_text(type), about.value_or(event), json_text(id),
                     core::to_rfc3339(now));
}

} // namespace mfo::devserver
