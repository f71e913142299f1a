#include "node/recorded_cases.hpp"

#include "node/json_cells.hpp"
#include "node/testing/case_sender.hpp"

#include "api/json_body.hpp"
#include "core/errc.hpp"
#include "core/form.hpp"
#include "core/printable.hpp"
#include "core/text.hpp"
#include "payload/redaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace mfo::node {

namespace {

using api::optional_text;
using core::errc;
using nlohmann::json;

/// Refusals of the moment: the same request may come to something else.
constexpr auto momentary = std::to_array<errc>(
    {errc::rate_limited, errc::too_many_connections, errc::too_much_at_once,
     errc::request_timeout, errc::saturated, errc::draining, errc::in_progress,
     errc::upstream_unreachable, errc::upstream_failed, errc::upstream_busy,
     errc::upstream_timeout, errc::circuit_open, errc::stage_unavailable,
     errc::internal_error, errc::taskflow_timeout, errc::taskflow_cancelled,
     errc::no_eligible_node, errc::too_few_copies});

/// Of clients and of proxies on the way; beside those of the connection.
constexpr auto of_the_way = std::to_array<std::string_view>(
    {"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language",
     "Cache-Control", "Pragma", "Date", "Forwarded", "Via", "X-Forwarded-For",
     "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-Ip",
     "traceparent", "tracestate"});

std::string slug_of(errc code) {
  return std::string{core::describe(code).slug};
}

int number_in(const json& from, std::string_view name) {
  const auto* member = api::find_member(from, name);
  return member != nullptr && member->is_number_integer() ? member->get<int>()
                                                          : 0;
}

/// Whether a case has any use for the field.
bool is_needed(const std::string& name, const std::string& value) {
  if (name.empty() || value == payload::redacted_text || is_of_connection(name))
    return false;
  if (core::equal_ignoring_case(name, "Content-Type"))
    return value != "application/json"; // which is there in any case
  return std::ranges::none_of(of_the_way, [&](std::string_view each) {
    return core::equal_ignoring_case(each, name);
  });
}

/// Without the hash of a body, which a signature adds.
std::string query_of(const json& from) {
  std::string query;
  const auto whole = optional_text(from, "query");
  core::for_each_form_field(whole, [&](auto name, auto value) {
    if (name != "bodySHA256")
      query += fmt::format("{}{}={}", query.empty() ? "" : "&", name, value);
  });
  return query;
}

casebook::request request_of(const json& from) {
  casebook::request made;
  const auto method = optional_text(from, "method");
  if (method != "POST" ||
      optional_text(from, "reason") == slug_of(errc::method_not_allowed))
    made.method = method;
  made.query = query_of(from);
  for (const auto& each : list_in(from, "headers")) {
    auto name = optional_text(each, "name");
    auto value = optional_text(each, "value");
    if (is_needed(name, value))
      made.headers.add(std::move(name), std::move(value));
  }
  made.body = optional_text(from, "body");
  return made;
}

casebook::expectation expectation_of(const json& from) {
  casebook::expectation made;
  made.given = true;
  made.status = number_in(from, "status");
  made.reason = optional_text(from, "reason");
  const auto outcome = optional_text(from, "outcome");
  const auto known = std::ranges::find(casebook::outcome_names, outcome);
  if (known != casebook::outcome_names.end())
    made.ends =
        static_cast<casebook::outcome>(known - casebook::outcome_names.begin());
  return made;
}

/// A line that tells it from others.
std::string name_of(const json& from) {
  const auto type = optional_text(from, "type");
  return core::printable(
      fmt::format("{} {} at {}", optional_text(from, "method"),
                  type.empty() ? optional_text(from, "path") : type,
                  optional_text(from, "at")));
}

/// Why there is no case of it; nothing: there is one.
std::optional<std::string> why_not(const json& from) {
  const auto reason = optional_text(from, "reason");
  if (std::ranges::any_of(momentary,
                          [&](errc each) { return slug_of(each) == reason; }))
    return "refused for the moment: " + reason;
  if (optional_text(from, "sign").empty())
    return "a public key, by which nothing can be signed";
  if (number_in(from, "status") == 0)
    return "nothing is known of the answer";
  return std::nullopt;
}

casebook::test_case case_of(const json& from) {
  casebook::step step;
  step.endpoint = optional_text(from, "endpoint");
  step.from = optional_text(from, "from");
  const auto sign = optional_text(from, "sign");
  step.sign = sign == "no"      ? casebook::signing::no
              : sign == "wrong" ? casebook::signing::wrong
                                : casebook::signing::yes;
  step.request = request_of(from);
  casebook::test_case made;
  made.name = name_of(from);
  const auto reason = optional_text(from, "reason");
  // It is one only after another.
  if (reason == slug_of(errc::duplicate))
    made.steps.push_back(step);
  step.expect = expectation_of(from);
  made.steps.push_back(std::move(step));
  const auto upstream = number_in(from, "upstream_status");
  if (reason == slug_of(errc::upstream_rejected) && upstream != 0) {
    casebook::stub answered;
    answered.operation = "event";
    answered.status = upstream;
    made.stubs.push_back(std::move(answered));
  }
  return made;
}

} // namespace

recorded_cases make_cases(const json& reply) {
  recorded_cases made;
  for (const auto& each : list_in(reply, "requests"))
    if (const auto why = why_not(each))
      ++made.left_out[*why];
    else
      made.cases.push_back(case_of(each));
  return made;
}

} // namespace mfo::node
