#include "devserver/replies_file.hpp"

#include "config/file.hpp"
#include "config/load.hpp"
#include "config/schema_common.hpp"
#include "config/yaml_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace mfo::devserver {

namespace {

using config::cursor;
using config::field;
using config::key_spec;
using config::make_section;
using config::reader;

/// As many as the server keeps of each.
constexpr std::size_t most = 10'000;

std::optional<std::string> read_json(const cursor& at, reader& in) {
  auto text = config::to_json(*at.value);
  if (text)
    return *std::move(text);
  in.report(text.error().where, at.path, text.error().message);
  return std::nullopt;
}

/// Any value.
template <class S>
field<S> json_value(key_spec spec, std::string S::*member) {
  return config::reading<S>(std::move(spec),
                            [member](S& values, const cursor& at, reader& in) {
                              if (auto text = read_json(at, in))
                                values.*member = *std::move(text);
                            });
}

/// Any values, by names of any kind.
field<replies> json_map(key_spec spec,
                        std::map<std::string, std::string> replies::*member) {
  return config::reading<replies>(
      std::move(spec), [member](replies& values, const cursor& at, reader& in) {
        if (at.value->kind != config::node_kind::map)
          return in.report(at, "must be a map of names and values");
        for (const auto& entry : at.value->entries) {
          const auto path = config::join_path(at.path, entry.key);
          auto text = read_json({entry.value.get(), entry.where, path}, in);
          if (!text)
            continue;
          const auto [first, is_new] =
              (values.*member).emplace(entry.key, *std::move(text));
          if (!is_new)
            in.report(entry.where, path, "the name is given twice");
        }
      });
}

config::section<chat_reply> chat_table() {
  using s = chat_reply;
  return make_section<s>({
      config::value<s>({.key = "contains"}, &s::contains, config::plain_text()),
      config::value<s>({.key = "content", .required = true}, &s::content,
                       config::plain_text()),
  });
}

config::section<job_reply> job_table() {
  using s = job_reply;
  return make_section<s>({
      config::value<s>({.key = "polls"}, &s::polls,
                       config::integer<std::uint64_t>(0, most)),
      config::value<s>({.key = "fail"}, &s::fails, config::yes_or_no()),
      json_value<s>({.key = "result"}, &s::result),
  });
}

/// Whatever keys it has besides its id.
void read_resource(replies& values, const cursor& at, reader& in) {
  const auto& entries = at.value->entries;
  const auto id = std::ranges::find(entries, "id", &config::map_entry::key);
  const bool is_text = id != entries.end() && !id->value->text.empty() &&
                       config::to_json(*id->value).value_or("")[0] == '"';
  if (!is_text)
    return in.report(at, "must be a map with an id, a text that is not empty");
  auto body = read_json(at, in);
  if (!body)
    return;
  values.resources.push_back({id->value->text, *std::move(body)});
}

field<replies> resource_list() {
  return config::reading<replies>(
      {.key = "resources"}, [](replies& values, const cursor& at, reader& in) {
        for (const auto& item : in.read_list(at, most))
          read_resource(values, item, in);
      });
}

config::section<replies> replies_table() {
  using s = replies;
  return make_section<s>({
      json_map({.key = "tools"}, &s::tools),
      config::list_of<s>({.key = "chat"}, &s::chat, chat_table(), most),
      json_map({.key = "memory"}, &s::memory),
      resource_list(),
      config::map_of<s>({.key = "jobs"}, &s::jobs, &job_reply::id, job_table(),
                        most),
  });
}

auto failed(config::diagnostic problem) {
  return tl::make_unexpected(std::vector{std::move(problem)});
}

} // namespace

void read_replies(replies& into, const cursor& at, reader& in) {
  config::read_section(replies_table(), into, at, in);
}

replies_result read_replies(const std::string& path) {
  const auto text = config::read_file(path, config::max_file_size);
  if (!text)
    return failed({path, 0, 0, {}, "cannot be read: " + text.error(), {}});
  return parse_replies(*text, path);
}

replies_result parse_replies(std::string_view text,
                             const std::string& file_name) {
  const auto root = config::parse_document(text, file_name);
  if (!root)
    return failed(root.error());
  const config::environment no_variables = [](std::string_view) {
    return std::nullopt;
  };
  reader in(file_name, no_variables, {},
            config::dollar_sign::stands_for_itself);
  replies result;
  read_replies(result, {root->get(), config::place{}, {}}, in);
  if (auto problems = in.take_problems(); !problems.empty())
    return tl::make_unexpected(std::move(problems));
  return result;
}

} // namespace mfo::devserver
