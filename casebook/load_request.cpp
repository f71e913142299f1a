// What is sent: a request, and what its sender adds.

#include "casebook/fields.hpp"
#include "casebook/tables.hpp"

#include "config/file.hpp"
#include "core/text_encoding.hpp"

namespace mfo::casebook {

namespace {

using config::cursor;
using config::field;
using config::key_spec;
using config::reader;

constexpr std::size_t largest_body = 64 * config::mib;

void read_file_body(request& values, const cursor& at, reader& in) {
  const auto path = in.read_path(at);
  if (!path)
    return;
  if (auto bytes = config::read_regular_file(*path, largest_body))
    values.body = *std::move(bytes);
  else
    in.report(at, *path + ": " + bytes.error());
}

void read_base64_body(request& values, const cursor& at, reader& in) {
  const auto text = in.read_text(at);
  if (!text)
    return;
  if (const auto bytes = core::decode_base64(*text))
    values.body.assign(bytes->begin(), bytes->end());
  else
    in.report(at, "must be base64");
}

void read_json_body(request& values, const cursor& at, reader& in) {
  if (const auto value = read_json(at, in))
    values.body = value->dump();
}

/// One way alone.
void check_body(request&, const config::section_view& view, reader& in) {
  std::string_view first;
  for (const std::string_view key : {"body", "json", "file", "base64"}) {
    if (!view.given(key))
      continue;
    if (!first.empty())
      in.report(view.blame({key}),
                fmt::format("there is a body already: {}", first));
    else
      first = key;
  }
}

} // namespace

config::section<request> request_table() {
  using s = request;
  return config::make_section<s>(
      {config::value<s>({.key = "method",
                         .help = "Default: the endpoint's.",
                         .example = "POST"},
                        &s::method, method_name()),
       config::value<s>({.key = "path",
                         .help = "Default: the endpoint's.",
                         .example = "/hooks/github"},
                        &s::path, path_pattern()),
       text_of<s>(
           {.key = "query", .help = "What follows the `?`.", .example = "a=1"},
           &s::query),
       headers_of<s>({.key = "headers",
                      .help = "Besides those of the signature; a list where "
                              "one comes several times. Content-Type is "
                              "application/json unless it is here."},
                     &s::headers),
       text_of<s>({.key = "body", .help = "The body, as it stands."}, &s::body),
       config::reading<s>({.key = "json",
                           .help = "The body, any value; it is sent as JSON.",
                           .type = "any value"},
                          read_json_body),
       config::reading<s>(
           {.key = "file", .help = "A file with the body.", .type = "path"},
           read_file_body),
       config::reading<s>({.key = "base64",
                           .help = "The body, where it is no text.",
                           .type = "text"},
                          read_base64_body)},
      check_body);
}

template <class S, class Get>
std::vector<field<S>> step_fields(Get get) {
  const auto of = [get](auto member) {
    return [get, member](auto& values) -> decltype(auto) {
      return (std::invoke(get, values).*member);
    };
  };
  const auto text = [&](key_spec spec, std::string step::*member) {
    return config::value<S>(std::move(spec), of(member), config::plain_text());
  };
  return {
      text({.key = "endpoint",
            .help = "Its id, its path, or a webhook's WORKFLOW/TRIGGER or "
                    "TRIGGER; default: the first.",
            .example = "github"},
           &step::endpoint),
      config::nested<S>({.key = "request", .help = "What is sent."},
                        of(&step::request), request_table()),
      config::value<S>(
          {.key = "sign",
           .help = "Whether it is signed as the endpoint wants it; `wrong`: "
                   "with another secret.",
           .default_text = "yes"},
          of(&step::sign),
          config::one_of<signing>({{"yes", signing::yes},
                                   {"true", signing::yes},
                                   {"no", signing::no},
                                   {"false", signing::no},
                                   {"wrong", signing::wrong}})),
      config::value<S>({.key = "skew",
                        .help = "By how much the sender's clock is ahead.",
                        .example = "-10m"},
                       of(&step::skew), shift()),
      config::value<S>(
          {.key = "from",
           .help = "The sender's address.",
           .example = "203.0.113.7"},
          of(&step::from),
          config::text("address", "",
                       [](std::string_view given)
                           -> tl::expected<std::string, std::string> {
                         if (const auto address =
                                 config::ip_address::parse(given))
                           return address->to_string();
                         return tl::make_unexpected("must be an address");
                       })),
      text({.key = "tick",
            .help = "In place of a request: this schedule is due, "
                    "WORKFLOW/TRIGGER.",
            .example = "nightly_report/nightly"},
           &step::tick),
      text({.key = "start",
            .help = "In place of a request: somebody starts this by hand, "
                    "WORKFLOW/TASKFLOW.",
            .example = "nightly_report/report"},
           &step::start),
      json_of<S>({.key = "input", .help = "Of what is started."},
                 of(&step::input)),
      config::value<S>({.key = "after",
                        .help = "How long the clock runs before it.",
                        .example = "25h"},
                       of(&step::after), shift()),
      config::nested<S>({.key = "expect", .help = "What is to come of it."},
                        of(&step::expect), expectation_table())};
}

void check_step(const config::section_view& view, reader& in) {
  const auto refuse = [&](std::string_view key, std::string_view other) {
    if (const auto given = view.find(key))
      in.report(given->key_where, given->path,
                fmt::format("means nothing with {}", other));
  };
  for (const std::string_view other : {"tick", "start"}) {
    if (!view.given(other))
      continue;
    for (const std::string_view key :
         {"endpoint", "request", "sign", "skew", "from"})
      refuse(key, other);
    if (other == "tick") {
      refuse("start", other);
      refuse("input", other);
    }
  }
  if (const auto given = view.find("input"); given && !view.given("start"))
    in.report(given->key_where, given->path, "means nothing without start");
}

template std::vector<field<step>> step_fields<step>(std::identity);
template std::vector<field<draft_case>>
step_fields<draft_case>(step draft_case::*);

} // namespace mfo::casebook
