#include "dead_letters/letter_json.hpp"

#include "config/text.hpp"
#include "core/json_text.hpp"
#include "core/rfc3339.hpp"
#include "core/text_encoding.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace mfo::dead_letters {

namespace {

using nlohmann::json;

/// The texts, in the order in which they are written.
constexpr std::array<std::pair<const char*, std::string letter::*>, 7> texts{{
    {"event_id", &letter::event_id},
    {"type", &letter::type},
    {"endpoint", &letter::endpoint},
    {"server", &letter::server},
    {"node", &letter::node},
    {"reason", &letter::reason},
    {"detail", &letter::detail},
}};

constexpr std::array<std::pair<const char*, unix_ms letter::*>, 2> times{{
    {"received_at", &letter::received_at},
    {"dead_at", &letter::dead_at},
}};

void append_text(std::string& out, std::string_view name,
                 std::string_view value) {
  out += fmt::format("\"{}\":", name);
  core::append_json_string(out, value);
  out += ',';
}

void append_body(std::string& out, std::string_view body) {
  if (!config::first_invalid_utf8(body)) {
    out += "\"body\":";
    core::append_json_string(out, body);
    return;
  }
  out += "\"body_base64\":\"";
  out += core::encode_base64(
      {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()});
  out += '"';
}

tl::unexpected<std::string> wrong(const char* name, std::string_view expected) {
  return tl::unexpected(fmt::format("{} is not {}", name, expected));
}

/// Fills `to` from a text member; what is missing is left.
tl::expected<void, std::string> read_text(json& from, const char* name,
                                          std::string& to) {
  const auto found = from.find(name);
  if (found == from.end())
    return {};
  if (!found->is_string())
    return wrong(name, "a string");
  to = std::move(found->get_ref<std::string&>());
  return {};
}

tl::expected<void, std::string> read_time(json& from, const char* name,
                                          unix_ms& to) {
  std::string text;
  if (auto read = read_text(from, name, text); !read || text.empty())
    return read;
  const auto at = core::parse_rfc3339(text);
  if (!at)
    return wrong(name, "a time of RFC 3339");
  to = *at;
  return {};
}

template <class Integer>
tl::expected<void, std::string> read_number(const json& from, const char* name,
                                            Integer& to) {
  const auto found = from.find(name);
  if (found == from.end())
    return {};
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > 1'000'000)
    return wrong(name, "a number from 0 to 1000000");
  to = found->get<Integer>();
  return {};
}

tl::expected<void, std::string> read_body(json& from, std::string& to) {
  if (from.contains("body"))
    return read_text(from, "body", to);
  std::string encoded;
  if (!from.contains("body_base64"))
    return tl::unexpected(std::string{"there is neither body nor body_base64"});
  if (auto read = read_text(from, "body_base64", encoded); !read)
    return read;
  const auto bytes = core::decode_base64(encoded);
  if (!bytes)
    return wrong("body_base64", "base64");
  to.assign(bytes->begin(), bytes->end());
  return {};
}

tl::expected<void, std::string> read_members(json& from, letter& to) {
  tl::expected<void, std::string> good;
  for (const auto& [name, member] : texts)
    if (good)
      good = read_text(from, name, to.*member);
  for (const auto& [name, member] : times)
    if (good)
      good = read_time(from, name, to.*member);
  if (good)
    good = read_number(from, "attempts", to.attempts);
  if (good)
    good = read_number(from, "last_status", to.last_status);
  if (good)
    good = read_text(from, "traceparent", to.traceparent);
  if (good)
    good = read_text(from, "tracestate", to.tracestate);
  if (good)
    good = read_body(from, to.body);
  return good;
}

} // namespace

std::string to_json(const letter& value) {
  std::string out{'{'};
  out.reserve(value.body.size() + value.body.size() / 8 + 1024);
  for (const auto& [name, member] : texts)
    append_text(out, name, value.*member);
  out += fmt::format("\"attempts\":{},\"last_status\":{},", value.attempts,
                     value.last_status);
  for (const auto& [name, member] : times)
    append_text(out, name, core::to_rfc3339(value.*member));
  append_text(out, "traceparent", value.traceparent);
  if (!value.tracestate.empty())
    append_text(out, "tracestate", value.tracestate);
  append_body(out, value.body);
  out += '}';
  return out;
}

tl::expected<letter, std::string> parse_letter(std::string_view text) {
  auto from = json::parse(text, nullptr, false);
  if (!from.is_object())
    return tl::unexpected(std::string{"it is not a JSON object"});
  letter result;
  if (auto read = read_members(from, result); !read)
    return tl::unexpected(std::move(read.error()));
  if (result.event_id.empty())
    return tl::unexpected(std::string{"there is no event_id"});
  return result;
}

} // namespace mfo::dead_letters
