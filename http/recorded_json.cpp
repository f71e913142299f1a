#include "http/recorded_json.hpp"

#include "config/delivery_id_fields.hpp"
#include "core/rfc3339.hpp"
#include "core/text.hpp"
#include "payload/inflate.hpp"
#include "payload/media_type.hpp"
#include "signatures/signer.hpp"
#include "signatures/verifier.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::http {

namespace {

using core::equal_ignoring_case;
using nlohmann::json;

/// What a compressed body may become here; larger ones count as unreadable.
constexpr payload::inflate_bounds inflated{.max_bytes = 16 * 1024 * 1024,
                                           .max_ratio = 100};
constexpr std::string_view coding_field{"Content-Encoding"};

bool is_among(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(names, [&](const std::string& each) {
    return equal_ignoring_case(each, name);
  });
}

std::string_view only_value(const recorded_request& request,
                            std::string_view name) {
  std::string_view value;
  for (const auto& [its, text] : request.headers)
    if (equal_ignoring_case(its, name)) {
      if (!value.empty())
        return {};
      value = text;
    }
  return value;
}

/// A body as others may see it.
struct shown_body {
  std::string text;
  bool inflated = false;
};

shown_body body_of(const recorded_request& request,
                   const payload::redaction& rules) {
  if (request.body.empty())
    return {};
  std::optional<std::string> plain;
  if (const auto how = payload::parse_coding(only_value(request, coding_field)))
    if (auto bytes = payload::inflate(request.body, *how, inflated))
      plain = *std::move(bytes);
  const auto& body = plain ? *plain : request.body;
  const auto type = only_value(request, "Content-Type");
  std::optional<std::string> text;
  if (payload::is_form(type))
    text = rules.form(body);
  else if (type.empty() || payload::is_json(type))
    text = rules.json(body);
  return {text ? *std::move(text) : payload::placeholder_of(body.size()),
          plain.has_value()};
}

/// The names of the fields by which the endpoint's senders prove who they are.
std::vector<std::string> proof_fields(const config::endpoint_settings& of) {
  auto names = signatures::fields_of(of.signature);
  auto ids = config::delivery_id_fields(of.signature);
  ids.push_back(of.delivery_id_header);
  std::erase_if(names,
                [&](const std::string& each) { return is_among(ids, each); });
  return names;
}

json headers_of(const recorded_request& request, bool was_inflated,
                const payload::redaction& rules) {
  const auto proof = proof_fields(*request.endpoint);
  auto list = json::array();
  for (const auto& [name, value] : request.headers) {
    if (was_inflated && equal_ignoring_case(name, coding_field))
      continue;
    const bool hidden = rules.hides(name) || is_among(proof, name);
    list.push_back({{"name", name},
                    {"value", hidden ? std::string{payload::redacted_text}
                                     : rules.text(value)}});
  }
  return list;
}

/// How the request is to be signed to come to the same again; empty: it cannot
/// be, as there is but a public key.
std::string_view signing_of(const recorded_request& request) {
  const auto& signature = request.endpoint->signature;
  const bool is_bad = request.reason == core::errc::bad_signature;
  if (signatures::can_sign(signature))
    return is_bad ? "wrong" : "yes";
  if (is_bad)
    return "no";
  return {};
}

} // namespace

json to_json(const recorded_request& request, const payload::redaction& rules) {
  auto body = body_of(request, rules);
  json value{{"endpoint", request.endpoint->id},
             {"at", core::to_rfc3339(request.at)},
             {"from", request.from.to_string()},
             {"method", request.method},
             {"path", request.path},
             {"query", rules.form(request.query)},
             {"headers", headers_of(request, body.inflated, rules)},
             {"size", request.body.size()}};
  value["body"] = std::move(body.text);
  if (!request.type.empty())
    value["type"] = payload::without_addresses(request.type);
  if (const auto sign = signing_of(request); !sign.empty())
    value["sign"] = sign;
  if (request.status > 0)
    value["status"] = request.status;
  if (request.reason)
    value["reason"] = core::describe(*request.reason).slug;
  if (request.outcome)
    value["outcome"] = telemetry::to_string(*request.outcome);
  if (request.upstream_status > 0)
    value["upstream_status"] = request.upstream_status;
  return value;
}

} // namespace mfo::http
