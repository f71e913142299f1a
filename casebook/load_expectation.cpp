// What is to come of a request.

#include "casebook/fields.hpp"
#include "casebook/tables.hpp"

#include "core/errc.hpp"
#include "taskflow/outcome.hpp"

#include <algorithm>

namespace mfo::casebook {

namespace {

using config::reader;

constexpr std::size_t most_items_expected = 10'000;
constexpr std::uint64_t most_events = 1'000'000;

using text_result = tl::expected<std::string, std::string>;

config::codec<std::string> reason_word() {
  return config::text(
      "reason", "as in docs/reference/metrics.md",
      [](std::string_view text) -> text_result {
        const auto all = core::all_errors();
        if (std::ranges::find(all, text, &core::errc_description::slug) !=
            all.end())
          return std::string{text};
        return tl::make_unexpected(
            "must be a reason, as docs/reference/metrics.md has them");
      });
}

config::codec<std::string> outcome_of_run() {
  std::vector<std::pair<std::string, std::string>> words;
  for (const auto& each : taskflow::task_outcome_names)
    words.emplace_back(each, each);
  return config::one_of<std::string>(std::move(words));
}

config::section<expected_call> call_table() {
  using s = expected_call;
  return config::make_section<s>(
      {text_of<s>({.key = "server",
                   .help = "The name of the server that is called.",
                   .example = "billing"},
                  &s::server),
       config::value<s>({.key = "operation",
                         .help = "What the call asks of the API.",
                         .example = "event"},
                        &s::operation, operation_word()),
       config::value<s>({.key = "method", .help = "", .example = "POST"},
                        &s::method, method_name()),
       config::value<s>({.key = "path",
                         .help = "With the query, if there is one; `*` stands "
                                 "for any text.",
                         .example = "/api/events"},
                        &s::path, path_pattern()),
       text_of<s>({.key = "url",
                   .help = "Of an http_call; `*` stands for any text.",
                   .example = "https://api.example.com/*"},
                  &s::url),
       headers_of<s>({.key = "headers", .help = "Those that are looked at."},
                     &s::headers),
       json_of<s>({.key = "body",
                   .help = "JSON that the body has, be there more; or the text "
                           "that it is."},
                  &s::body),
       config::value<s>(
           {.key = "exact", .help = "The body has nothing besides."}, &s::exact,
           config::yes_or_no())});
}

config::section<expected_run> run_table() {
  using s = expected_run;
  return config::make_section<s>(
      {text_of<s>({.key = "workflow", .help = "Its name."}, &s::workflow),
       text_of<s>({.key = "taskflow", .help = "Its id."}, &s::taskflow),
       config::value<s>(
           {.key = "outcome", .help = "How it ended.", .example = "Succeeded"},
           &s::outcome, outcome_of_run()),
       text_of<s>({.key = "error", .help = "Its code."}, &s::error),
       json_of<s>({.key = "result", .help = "JSON that its output has."},
                  &s::result)});
}

config::section<expected_letter> letter_table() {
  using s = expected_letter;
  return config::make_section<s>(
      {text_of<s>({.key = "endpoint", .help = "That took the event in."},
                  &s::endpoint),
       text_of<s>({.key = "server", .help = "That it was for."}, &s::server),
       text_of<s>({.key = "type", .help = "Of the event."}, &s::type),
       config::value<s>({.key = "reason",
                         .help = "Why it was not delivered.",
                         .example = "upstream_rejected"},
                        &s::reason, reason_word()),
       json_of<s>({.key = "body",
                   .help = "JSON that is in what would have been sent."},
                  &s::body)});
}

config::field<expectation>
count_of(std::string key, std::string help,
         std::optional<std::uint64_t> expectation::*member) {
  return perhaps<expectation>(
      {.key = std::move(key), .help = std::move(help), .example = "1"}, member,
      config::integer<std::uint64_t>(0, most_events));
}

} // namespace

config::section<expectation> expectation_table() {
  using s = expectation;
  return config::make_section<s>(
      {perhaps<s>({.key = "status", .help = "Of the answer.", .example = "202"},
                  &s::status, status_number()),
       headers_of<s>({.key = "headers", .help = "Of the answer."}, &s::headers),
       json_of<s>({.key = "body",
                   .help = "JSON that the answer has, be there more; or the "
                           "text that it is."},
                  &s::body),
       config::value<s>({.key = "reason",
                         .help = "Why an event was refused, or became a dead "
                                 "letter.",
                         .example = "bad_signature"},
                        &s::reason, reason_word()),
       perhaps<s>({.key = "outcome",
                   .help = "How all of its events ended.",
                   .example = "delivered"},
                  &s::ends,
                  config::one_of<outcome>(
                      {{"delivered", outcome::delivered},
                       {"refused", outcome::refused},
                       {"dead_lettered", outcome::dead_lettered}})),
       count_of("received",
                "How many events came, those of taskflows included.",
                &s::received),
       count_of("delivered", "How many were delivered.", &s::delivered),
       count_of("refused", "How many were refused.", &s::refused),
       count_of("dead_lettered", "How many became dead letters.",
                &s::dead_lettered),
       perhaps_list<s>(
           {.key = "calls", .help = "What is called, all of it, in order."},
           &s::calls, call_table(), most_items_expected),
       perhaps_list<s>(
           {.key = "runs", .help = "What runs, in the order of the ends."},
           &s::runs, run_table(), most_items_expected),
       perhaps_list<s>(
           {.key = "dead_letters", .help = "What is not delivered, and kept."},
           &s::dead_letters, letter_table(), most_items_expected)},
      [](s& values, const config::section_view& view, reader&) {
        values.given = view.self().value->kind == config::node_kind::map &&
                       !view.self().value->entries.empty();
      });
}

} // namespace mfo::casebook
