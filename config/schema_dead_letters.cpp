#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace dead_letters_key {
constexpr auto type = "type";
constexpr auto path = "path";
constexpr auto url = "url";
constexpr auto max_file_size = "max_file_size";
constexpr auto max_size = "max_size";
constexpr auto stream = "stream";
constexpr auto max_length = "max_length";
constexpr auto queue = "queue";
constexpr auto timeout = "timeout";
} // namespace dead_letters_key

using s = dead_letter_sink_settings;

/// The keys that go with a type.
struct type_keys {
  dead_letter_sink type;
  std::string_view name;
  std::vector<std::string_view> required;
  std::vector<std::string_view> optional;
  /// What the URL starts with, any of these.
  std::vector<std::string_view> schemes;
};

const std::vector<type_keys>& types() {
  static const std::vector<type_keys> all{
      {dead_letter_sink::file,
       "file",
       {dead_letters_key::path},
       {dead_letters_key::max_file_size, dead_letters_key::max_size},
       {}},
      {dead_letter_sink::redis,
       "redis",
       {dead_letters_key::url},
       {dead_letters_key::stream, dead_letters_key::max_length,
        dead_letters_key::timeout},
       {"redis://"}},
      {dead_letter_sink::amqp,
       "amqp",
       {dead_letters_key::url},
       {dead_letters_key::queue, dead_letters_key::timeout},
       {"amqp://"}},
      {dead_letter_sink::http,
       "http",
       {dead_letters_key::url},
       {dead_letters_key::timeout},
       {"http://", "https://"}},
  };
  return all;
}

const type_keys& keys_of(dead_letter_sink type) {
  return *std::ranges::find(types(), type, &type_keys::type);
}

bool has(const std::vector<std::string_view>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

void check_url(const s& sink, const type_keys& mine, const section_view& view,
               reader& in) {
  const auto given = view.find(dead_letters_key::url);
  if (!given || !view.sound(dead_letters_key::url) || mine.schemes.empty())
    return;
  const auto& url = sink.url.reveal();
  const auto starts = [&](std::string_view scheme) {
    return url.starts_with(scheme);
  };
  if (std::ranges::none_of(mine.schemes, starts))
    in.report(*given, fmt::format("must start with {} for type {}",
                                  mine.schemes.front(), mine.name));
}

void finish_sink(s& sink, const section_view& view, reader& in) {
  if (!view.given(dead_letters_key::type) ||
      !view.sound(dead_letters_key::type))
    return;
  const auto& mine = keys_of(sink.type);
  for (const auto& name : mine.required)
    if (!view.given(name))
      in.report(view.self().key_where, join_path(view.self().path, name),
                "missing required key",
                fmt::format("type {} needs it", mine.name));
  for (const auto& spec : view.keys())
    if (const auto given = view.find(spec.key);
        given && spec.key != dead_letters_key::type && spec.key != "name" &&
        !has(mine.required, spec.key) && !has(mine.optional, spec.key))
      in.report(given->key_where, given->path,
                fmt::format("means nothing with type {}", mine.name));
  check_url(sink, mine, view, in);
  check_order(view, dead_letters_key::max_file_size, sink.max_file_size,
              dead_letters_key::max_size, sink.max_size, in);
}

/// Shows a field only with the types that have it.
auto with(std::string_view name) {
  return [name](const s& sink) {
    const auto& mine = keys_of(sink.type);
    return has(mine.required, name) || has(mine.optional, name);
  };
}

void put_url(s& sink, secret value) {
  sink.url = std::move(value);
}

std::vector<field<s>> file_fields() {
  return {
      file_path<s>({.key = dead_letters_key::path,
                    .help = "With `file`: the folder that holds the letters; "
                            "made if it is missing.",
                    .example = "/var/lib/mfo/dead-letters",
                    .default_text = "none"},
                   &s::path),
      value<s>({.key = dead_letters_key::max_file_size,
                .help = "With `file`: a file that has grown to this is "
                        "followed by a new one.",
                .example = "16MiB"},
               &s::max_file_size, size(4 * kib, gib))
          .only_if(with(dead_letters_key::max_file_size)),
      value<s>({.key = dead_letters_key::max_size,
                .help = "With `file`: bytes of all files together; beyond it "
                        "the sink is full.",
                .example = "10GiB"},
               &s::max_size, size(4 * kib, 1024 * gib))
          .only_if(with(dead_letters_key::max_size)),
  };
}

} // namespace

section<dead_letter_sink_settings> dead_letter_table() {
  std::vector<field<s>> fields{
      value<s>({.key = "name",
                .help = "A unique name; it labels metrics and is what the "
                        "command line calls the sink.",
                .example = "disk",
                .required = true},
               &s::name, text("name", "1 to 64 of a-z, 0-9, _, -", parse_id)),
      value<s>({.key = dead_letters_key::type,
                .help = "`file`: JSON lines in a folder; `redis`: a stream; "
                        "`amqp`: RabbitMQ; `http`: another URL.",
                .example = "redis",
                .required = true},
               &s::type,
               one_of<dead_letter_sink>({{"file", dead_letter_sink::file},
                                         {"redis", dead_letter_sink::redis},
                                         {"amqp", dead_letter_sink::amqp},
                                         {"http", dead_letter_sink::http}})),
  };
  for (auto& each : file_fields())
    fields.push_back(std::move(each));
  fields.push_back(
      secret_url<s>({.key = dead_letters_key::url,
                     .help = "With the others: "
                             "`redis://[:password@]host[:port][/db]`, "
                             "`amqp://user:password@host[:port]/vhost`, "
                             "`http://…` or `https://…`.",
                     .example = "redis://127.0.0.1:6379",
                     .default_text = "none"},
                    put_url, [](const s& sink) { return sink.url; })
          .only_if(with(dead_letters_key::url)));
  fields.push_back(
      value<s>({.key = dead_letters_key::stream,
                .help = "With `redis`: the key of the stream.",
                .example = "dead"},
               &s::stream,
               text("text", "visible characters", parse_visible_text))
          .only_if(with(dead_letters_key::stream)));
  fields.push_back(
      value<s>({.key = dead_letters_key::max_length,
                .help = "With `redis`: letters; beyond it the sink is full.",
                .example = "10000"},
               &s::max_length, integer<std::size_t>(1, 1'000'000'000))
          .only_if(with(dead_letters_key::max_length)));
  fields.push_back(
      value<s>({.key = dead_letters_key::queue,
                .help = "With `amqp`: a durable queue, made if it is missing.",
                .example = "dead"},
               &s::queue,
               text("text", "visible characters", parse_visible_text))
          .only_if(with(dead_letters_key::queue)));
  fields.push_back(value<s>({.key = dead_letters_key::timeout,
                             .help = "With all but `file`: for one write.",
                             .example = "1s"},
                            &s::timeout, duration(1ms, 10min))
                       .only_if(with(dead_letters_key::timeout)));
  return make_section<s>(std::move(fields), finish_sink);
}

} // namespace mfo::config
