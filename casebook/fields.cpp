#include "casebook/fields.hpp"

#include "config/address.hpp"
#include "config/yaml_json.hpp"
#include "core/rfc3339.hpp"

#include <functional>

namespace mfo::casebook {

namespace {

using config::cursor;
using config::reader;

constexpr int least_status = 100;
constexpr int most_status = 599;
constexpr std::size_t longest_text = 8192;

using text_result = tl::expected<std::string, std::string>;

} // namespace

std::optional<json> read_json(const cursor& at, reader& in) {
  const auto text = config::to_json(*at.value);
  if (text)
    return json::parse(*text);
  in.report(text.error().where, at.path, text.error().message);
  return std::nullopt;
}

http::header_list read_headers(const cursor& at, reader& in) {
  http::header_list list;
  if (at.value->kind != config::node_kind::map) {
    in.report(at, "must be a map of names and values");
    return list;
  }
  for (const auto& entry : at.value->entries) {
    const auto path = config::join_path(at.path, entry.key);
    if (auto name = config::parse_header_name(entry.key); !name) {
      in.report(entry.where, path, name.error());
      continue;
    }
    const cursor value{entry.value.get(), entry.where, path};
    const bool several = entry.value->kind == config::node_kind::sequence;
    for (const auto& each :
         several ? in.read_list(value, config::most_items) : std::vector{value})
      if (auto text = in.read_text(each))
        list.add(entry.key, *text);
  }
  return list;
}

std::map<std::string, std::string, std::less<>> read_texts(const cursor& at,
                                                           reader& in) {
  std::map<std::string, std::string, std::less<>> all;
  const auto any_name = [](std::string_view name) -> text_result {
    if (name.empty())
      return tl::make_unexpected("the name must not be empty");
    return std::string{name};
  };
  for (const auto& [name, value] :
       in.read_map(at, config::most_items, any_name))
    if (auto text = in.read_text(value))
      all.emplace(name, *std::move(text));
  return all;
}

config::codec<milliseconds> moment() {
  return {"moment", "RFC 3339, as 2026-01-05T09:00:00Z",
          [](std::string_view text) -> tl::expected<milliseconds, std::string> {
            if (const auto time = core::parse_rfc3339(text))
              return *time;
            return tl::make_unexpected(
                "must be a time as 2026-01-05T09:00:00Z");
          },
          [](const milliseconds& value) {
            return core::to_rfc3339(value);
          }};
}

config::codec<milliseconds> shift() {
  return {"duration", "such as 10m or -10m",
          [](std::string_view text) -> tl::expected<milliseconds, std::string> {
            const bool back = text.starts_with('-');
            auto size = config::parse_duration(text.substr(back ? 1 : 0));
            return back && size ? -*size : size;
          },
          [](const milliseconds& value) {
            return (value.count() < 0 ? "-" : "") +
                   config::format_duration(std::chrono::abs(value));
          }};
}

config::codec<std::string> path_pattern() {
  return config::text(
      "URL path", "starts with / or *", [](std::string_view text) {
        const bool good = text.starts_with('/') || text.starts_with('*');
        return good && text.size() <= longest_text
                   ? text_result{std::string{text}}
                   : tl::make_unexpected(std::string{"must start with / or *"});
      });
}

config::codec<std::string> method_name() {
  return config::text("method", "capital letters", [](std::string_view text) {
    const bool good =
        !text.empty() && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
                             std::string_view::npos;
    return good ? text_result{std::string{text}}
                : tl::make_unexpected(std::string{"must be a method as POST"});
  });
}

config::codec<int> status_number() {
  const auto form = config::integer<unsigned>(least_status, most_status);
  return {form.type, form.range,
          [form](std::string_view text) {
            return form.parse(text).map(
                [](unsigned value) { return static_cast<int>(value); });
          },
          [](const int& value) {
            return std::to_string(value);
          }};
}

} // namespace mfo::casebook
