#include "devserver/faults.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace mfo::devserver {

namespace {

using nlohmann::json;

/// The most that numbers may be: ten minutes, 64 MiB.
constexpr std::int64_t max_latency_ms = 600'000;
constexpr std::int64_t max_bytes = 64 * 1024 * 1024;
constexpr std::int64_t max_count = std::int64_t{1} << 53;

std::optional<std::int64_t> whole(const json& value, std::int64_t min,
                                  std::int64_t max) {
  if (!value.is_number_integer())
    return std::nullopt;
  // An unsigned number beyond int64 turns negative here, out of range of all.
  const auto number = value.get<std::int64_t>();
  if (number < min || number > max)
    return std::nullopt;
  return number;
}

bool set_path(fault& one, const json& value) {
  if (!value.is_string() ||
      !value.get_ref<const std::string&>().starts_with('/'))
    return false;
  one.path = value.get<std::string>();
  return true;
}

bool set_latency(fault& one, const json& value) {
  const bool range = value.is_object() && value.size() == 2 &&
                     value.contains("min") && value.contains("max");
  const auto min = whole(range ? value["min"] : value, 0, max_latency_ms);
  const auto max = whole(range ? value["max"] : value, 0, max_latency_ms);
  if (!min || !max || *min > *max)
    return false;
  one.min_latency = std::chrono::milliseconds(*min);
  one.max_latency = std::chrono::milliseconds(*max);
  return true;
}

bool set_statuses(fault& one, const json& value) {
  if (!value.is_array() || value.empty())
    return false;
  for (const auto& item : value) {
    const auto status = whole(item, 200, 599);
    if (!status)
      return false;
    one.statuses.push_back(static_cast<int>(*status));
  }
  return true;
}

bool set_repeat(fault& one, const json& value) {
  one.repeat = value == json(true);
  return value.is_boolean();
}

/// Printable only: what ends a line would end the header field.
bool is_field_value(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

bool set_retry_after(fault& one, const json& value) {
  if (value.is_string())
    one.effect.retry_after = value.get<std::string>();
  else if (whole(value, 0, max_count))
    one.effect.retry_after = value.dump();
  else
    return false;
  return is_field_value(one.effect.retry_after);
}

constexpr std::array drops = {
    std::pair{"on_accept", drop_at::on_accept},
    std::pair{"before_reply", drop_at::before_reply},
    std::pair{"after_headers", drop_at::after_headers},
    std::pair{"mid_body", drop_at::mid_body},
};

bool set_drop(fault& one, const json& value) {
  const auto found =
      std::find_if(drops.begin(), drops.end(),
                   [&](const auto& d) { return value == d.first; });
  if (found == drops.end())
    return false;
  one.effect.drop = found->second;
  return true;
}

bool set_bytes_per_write(fault& one, const json& value) {
  const auto bytes = whole(value, 1, max_bytes);
  one.effect.bytes_per_write = static_cast<std::size_t>(bytes.value_or(0));
  return bytes.has_value();
}

bool set_length_error(fault& one, const json& value) {
  const auto error = whole(value, -max_bytes, max_bytes);
  one.effect.length_error = error.value_or(0);
  return error.has_value();
}

bool set_body_bytes(fault& one, const json& value) {
  const auto bytes = whole(value, 0, max_bytes);
  one.effect.body_bytes = static_cast<std::size_t>(bytes.value_or(0));
  return bytes.has_value();
}

bool set_count(fault& one, const json& value) {
  const auto count = whole(value, 1, max_count);
  one.count = static_cast<std::uint64_t>(count.value_or(0));
  return count.has_value();
}

bool set_silent(fault& one, const json& value) {
  one.effect.silent = value == json(true);
  return value.is_boolean();
}

struct key {
  std::string_view name;
  std::string_view expected;
  bool (*set)(fault&, const json&);
};

constexpr std::array keys = {
    key{"path", "a path that begins with /", set_path},
    key{"latency_ms", R"(0 to 600000, or {"min": …, "max": …})", set_latency},
    key{"statuses", "an array of HTTP statuses, 200 to 599", set_statuses},
    key{"repeat", "true or false", set_repeat},
    key{"retry_after", "a string or a number of seconds", set_retry_after},
    key{"drop", "on_accept, before_reply, after_headers or mid_body", set_drop},
    key{"reply_bytes_per_write", "1 to 67108864", set_bytes_per_write},
    key{"wrong_content_length", "-67108864 to 67108864", set_length_error},
    key{"body_bytes", "0 to 67108864", set_body_bytes},
    key{"count", "1 or more", set_count},
    key{"silent", "true or false", set_silent},
};

std::string unknown(const std::string& name) {
  std::vector<std::string_view> known;
  for (const auto& one : keys)
    known.push_back(one.name);
  return fmt::format("unknown key \"{}\"; known are {}", name,
                     fmt::join(known, ", "));
}

tl::expected<fault, std::string> parse_fault(const json& given) {
  if (!given.is_object())
    return tl::unexpected<std::string>("a fault is a JSON object");
  fault parsed;
  parsed.as_given = given;
  for (const auto& [name, value] : given.items()) {
    const auto found =
        std::find_if(keys.begin(), keys.end(),
                     [&name = name](const key& k) { return k.name == name; });
    if (found == keys.end())
      return tl::unexpected(unknown(name));
    if (!found->set(parsed, value))
      return tl::unexpected(
          fmt::format("\"{}\" must be {}", name, found->expected));
  }
  return parsed;
}

} // namespace

tl::expected<std::vector<fault>, std::string>
parse_faults(std::string_view text) {
  const auto given = json::parse(text, nullptr, false);
  if (given.is_discarded())
    return tl::unexpected<std::string>("not JSON");
  std::vector<fault> faults;
  for (const auto& one : given.is_array() ? given : json::array({given})) {
    auto parsed = parse_fault(one);
    if (!parsed)
      return tl::unexpected(std::move(parsed.error()));
    faults.push_back(std::move(*parsed));
  }
  return faults;
}

} // namespace mfo::devserver
