// What is answered to calls.

#include "casebook/fields.hpp"
#include "casebook/tables.hpp"

#include "api/operation.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace mfo::casebook {

namespace {

using config::cursor;
using config::reader;
using http::client_errc;

config::codec<client_errc> failure_word() {
  return config::one_of<client_errc>(
      {{"timeout", client_errc::timeout},
       {"unreachable", client_errc::connect_failed},
       {"unresolved", client_errc::resolve_failed},
       {"tls", client_errc::tls_failed},
       {"broken", client_errc::reply_broken},
       {"too_large", client_errc::reply_too_large}});
}

void read_json_reply(stub& values, const cursor& at, reader& in) {
  if (const auto value = read_json(at, in))
    values.body = value->dump();
}

void check(stub& values, const config::section_view& view, reader& in) {
  if (view.given("fails"))
    for (const std::string_view key : {"status", "headers", "json", "body"})
      if (view.given(key))
        in.report(view.blame({key}), "there is no reply where a call fails");
  if (view.given("json") && view.given("body"))
    in.report(view.blame({"body"}), "there is a body already: json");
  if (view.given("json") && values.headers.first("Content-Type").empty())
    values.headers.add("Content-Type", "application/json");
}

} // namespace

config::codec<std::string> operation_word() {
  return config::text(
      "word", fmt::format("{}", fmt::join(api::operation_names, ", ")),
      [](std::string_view text) -> tl::expected<std::string, std::string> {
        if (std::ranges::find(api::operation_names, text) !=
            api::operation_names.end())
          return std::string{text};
        return tl::make_unexpected(fmt::format(
            "must be one of {}", fmt::join(api::operation_names, ", ")));
      });
}

config::section<stub> stub_table() {
  using s = stub;
  return config::make_section<s>(
      {text_of<s>({.key = "server",
                   .help = "The name of the server that is called; default: "
                           "any.",
                   .example = "billing"},
                  &s::server),
       config::value<s>({.key = "operation",
                         .help = "What the call asks of the API; default: "
                                 "anything.",
                         .example = "tool"},
                        &s::operation, operation_word()),
       config::value<s>(
           {.key = "method", .help = "Default: any.", .example = "POST"},
           &s::method, method_name()),
       config::value<s>({.key = "path",
                         .help = "With the query, if there is one; `*` stands "
                                 "for any text. Default: any.",
                         .example = "/api/tools/*"},
                        &s::path, path_pattern()),
       text_of<s>({.key = "url",
                   .help = "Of an http_call; `*` stands for any text.",
                   .example = "https://api.example.com/*"},
                  &s::url),
       text_of<s>({.key = "contains",
                   .help = "Is in the body; default: anything.",
                   .example = "refund"},
                  &s::contains),
       perhaps<s>({.key = "times",
                   .help = "How often it counts; default: always.",
                   .example = "2"},
                  &s::times, config::integer<unsigned>(1, most_stubs)),
       config::value<s>({.key = "delay",
                         .help = "How long the answer takes, by the test's "
                                 "clock.",
                         .example = "2s"},
                        &s::delay, shift()),
       perhaps<s>({.key = "fails",
                   .help = "There is no reply: this is why.",
                   .example = "timeout"},
                  &s::failure, failure_word()),
       config::value<s>(
           {.key = "status", .help = "Of the reply.", .example = "503"},
           &s::status, status_number()),
       headers_of<s>({.key = "headers", .help = "Of the reply."}, &s::headers),
       config::reading<s>({.key = "json",
                           .help = "The reply's body, any value.",
                           .type = "any value"},
                          read_json_reply),
       text_of<s>({.key = "body", .help = "The reply's body, as it stands."},
                  &s::body)},
      check);
}

} // namespace mfo::casebook
