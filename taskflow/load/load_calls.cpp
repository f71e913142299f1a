#include "config/address.hpp"
#include "config/schema_common.hpp"
#include "taskflow/load/task_draft.hpp"

#include <fmt/format.h>

#include <algorithm>

using namespace std::chrono_literals;

namespace mfo::taskflow {

using config::make_section;
using config::reader;
using config::section_view;

namespace {

/// What a parser of config/address.hpp says of a text.
template <class Parse>
auto flaw_by(Parse parse) {
  return [parse](const json& value) {
    const auto parsed = parse(value.get_ref<const std::string&>());
    return parsed ? std::string() : parsed.error();
  };
}

std::string flaw_of_headers(const json& headers) {
  for (const auto& [name, value] : headers.items()) {
    if (const auto parsed = config::parse_header_name(name); !parsed)
      return "each key " + parsed.error();
    if (!value.is_string())
      return fmt::format("the value of {} must be text: quote it", name);
  }
  return {};
}

task_kind job_wait() {
  using t = job_wait_task;
  using s = config_draft<t>;
  return kind_of<t>(
      "Waits for a job of the server to end, and gives its result.",
      make_section<s>(
          {filled_in<s>({.key = "job_id",
                         .help = "The job.",
                         .example = "start.result.job_id",
                         .required = true},
                        in_settings(&t::job_id), {.kind = shape::text}),
           config::value<s>({.key = "poll_interval",
                             .help = "How often the server is asked.",
                             .example = "2s"},
                            in_settings(&t::poll_interval),
                            config::duration(10ms, 1h))}));
}

task_kind forward_event() {
  using t = forward_event_task;
  using s = config_draft<t>;
  return kind_of<t>(
      "Sends an event to the server.",
      make_section<s>(
          {filled_in<s>({.key = "type",
                         .help = "Its type, a dotted name.",
                         .example = "ticket.done",
                         .default_text = "that of the trigger's event"},
                        in_settings(&t::type),
                        {.kind = shape::text,
                         .flaw = flaw_by(config::parse_event_type)}),
           filled_in<s>({.key = "payload",
                         .help = "What it holds.",
                         .example = "{ticket: file.result.id}",
                         .default_text = "that of the trigger's event"},
                        in_settings(&t::payload), {})}));
}

using http_draft = config_draft<http_call_task>;

std::vector<config::field<http_draft>> request_fields() {
  using t = http_call_task;
  using s = http_draft;
  return {
      config::value<s>(
          {.key = "method", .help = "The method.", .example = "POST"},
          in_settings(&t::method),
          config::one_of<std::string>({{"GET", "GET"},
                                       {"HEAD", "HEAD"},
                                       {"POST", "POST"},
                                       {"PUT", "PUT"},
                                       {"PATCH", "PATCH"},
                                       {"DELETE", "DELETE"}})),
      filled_in<s>({.key = "url",
                    .help = "An absolute URL. May hold `${SECRETS.name}`, as "
                            "may `headers` and `body`.",
                    .example = "https://tickets.example.com/new",
                    .required = true},
                   in_settings(&t::url),
                   {.kind = shape::text,
                    .takes_secrets = true,
                    .flaw = [](const json& value) -> std::string {
                      const auto& url = value.get_ref<const std::string&>();
                      const auto parsed = config::parse_callback_url(
                          url.substr(0, url.find_first_of("?#")));
                      return parsed ? "" : parsed.error();
                    }}),
      filled_in<s>(
          {.key = "headers",
           .help = "A map of names and texts.",
           .example = "{Authorization: \"Bearer ${SECRETS.tickets}\"}",
           .default_text = "{}"},
          in_settings(&t::headers),
          {.kind = shape::map, .takes_secrets = true, .flaw = flaw_of_headers}),
      filled_in<s>({.key = "body",
                    .help = "A text is sent as it is, anything else as JSON.",
                    .example = "{subject: INPUT.subject}",
                    .default_text = "none"},
                   in_settings(&t::body), {.takes_secrets = true}),
  };
}

task_kind http_call() {
  using t = http_call_task;
  using s = http_draft;
  constexpr std::size_t most_statuses = 100;
  auto fields = request_fields();
  fields.push_back(config::value_list<s>(
      {.key = "accept_statuses",
       .help = "Statuses that are a success.",
       .example = "[200, 404]",
       .default_text = "any 2xx"},
      in_settings(&t::accept_statuses), config::integer<unsigned>(100, 599),
      most_statuses));
  return kind_of<t>(
      "Calls any HTTP server that the node's configuration allows.",
      make_section<s>(std::move(fields), [](s& draft, const section_view& view,
                                            reader& in) {
        if (!view.given("headers"))
          draft.settings.headers = value_template::constant(json::object());
        const auto body = view.find("body");
        const auto& method = draft.settings.method;
        if (body && view.sound("method") &&
            (method == "GET" || method == "HEAD"))
          in.report(body->key_where, body->path,
                    "means nothing with method " + method, "use POST");
      }));
}

task_kind ask_user() {
  using t = ask_user_task;
  using s = config_draft<t>;
  constexpr std::size_t most_choices = 100;
  return kind_of<t>(
      "Asks a person, and waits for the answer.",
      make_section<s>(
          {filled_in<s>({.key = "question",
                         .help = "What is asked.",
                         .example = "File ${INPUT.subject}?",
                         .required = true},
                        in_settings(&t::question), {.kind = shape::text}),
           config::value_list<s>({.key = "choices",
                                  .help = "The answers there are.",
                                  .example = "[\"yes\", \"no\"]",
                                  .default_text = "any text"},
                                 in_settings(&t::choices), free_text(),
                                 most_choices),
           filled_in<s>({.key = "default",
                         .help =
                             "What no answer in the task's `timeout` counts "
                             "as.",
                         .example = "\"no\"",
                         .default_text = "none: the task fails"},
                        in_settings(&t::fallback), {.kind = shape::text})},
          [](s& draft, const section_view& view, reader& in) {
            const auto& [question, choices, fallback] = draft.settings;
            const auto* answer = fallback ? fallback->as_constant() : nullptr;
            if (answer != nullptr && !choices.empty() &&
                view.sound("choices") &&
                std::ranges::find(choices, answer->get<std::string>()) ==
                    choices.end())
              in.report(view.blame({"default"}), "must be one of choices");
          }));
}

} // namespace

std::vector<task_kind> call_kinds() {
  return {job_wait(), forward_event(), http_call(), ask_user()};
}

} // namespace mfo::taskflow
