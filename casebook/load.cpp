#include "casebook/load.hpp"

#include "casebook/fields.hpp"
#include "casebook/tables.hpp"

#include "config/file.hpp"
#include "devserver/replies_file.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mfo::casebook {

namespace {

using config::cursor;
using config::field;
using config::reader;

/// Of files that do not say when they take place: 2026-01-01T00:00:00Z.
constexpr milliseconds usual_time{1'767'225'600'000};
/// Of one file.
constexpr std::size_t largest_file = 16 * config::mib;

void read_replies_file(devserver::replies& into, const cursor& at, reader& in) {
  const auto path = in.read_path(at);
  if (!path)
    return;
  auto read = devserver::read_replies(*path);
  if (read)
    return add(into, *std::move(read));
  for (const auto& each : read.error())
    in.report(at, config::to_string(each));
}

/// A map of them, or the path of a file, or a list of such.
void read_any_replies(devserver::replies& into, const cursor& at, reader& in) {
  if (at.value->kind == config::node_kind::map)
    return devserver::read_replies(into, at, in);
  if (at.value->kind != config::node_kind::sequence)
    return read_replies_file(into, at, in);
  for (const auto& item : in.read_list(at, most_stubs))
    read_replies_file(into, item, in);
}

template <class S>
field<S> replies_of(std::string help) {
  return config::reading<S>(
      {.key = "replies", .help = std::move(help), .type = "map, path or paths"},
      [](S& values, const cursor& at, reader& in) {
        read_any_replies(values.replies, at, in);
      });
}

template <class S>
field<S> stubs_of(std::string help) {
  return config::list_of<S>({.key = "stubs", .help = std::move(help)},
                            &S::stubs, stub_table(), most_stubs);
}

template <class S>
field<S> texts_of(config::key_spec spec,
                  std::map<std::string, std::string, std::less<>> S::*member) {
  spec.type = "map of texts";
  return config::reading<S>(std::move(spec),
                            [member](S& values, const cursor& at, reader& in) {
                              values.*member = read_texts(at, in);
                            });
}

void check_case(draft_case& values, const config::section_view& view,
                reader& in) {
  values.where = view.self().where();
  check_step(view, in);
  if (view.given("steps")) {
    for (const auto& each : step_fields<step>(std::identity{}))
      if (const auto given = view.find(each.spec.key))
        in.report(given->key_where, given->path,
                  "goes into the steps where there are some");
  } else if (view.sound("expect") && !values.only.expect.given) {
    in.report(view.blame({"expect"}), "nothing is expected");
  }
}

config::section<draft_case> case_table() {
  using s = draft_case;
  std::vector<field<s>> fields{config::value<s>(
      {.key = "name", .help = "What it shows.", .required = true}, &s::name,
      config::text("text", "not empty", [](std::string_view given) {
        return given.empty() ? tl::make_unexpected("must not be empty")
                             : tl::expected<std::string, std::string>{given};
      }))};
  std::ranges::move(step_fields<s>(&s::only), std::back_inserter(fields));
  fields.push_back(config::list_of<s>(
      {.key = "steps",
       .help = "Several requests to one node, one after the other, in place of "
               "`request` and `expect`."},
      &s::steps,
      config::make_section<step>(step_fields<step>(std::identity{}),
                                 [](step&, const config::section_view& view,
                                    reader& in) { check_step(view, in); }),
      most_steps));
  fields.push_back(stubs_of<s>("Before those of the file."));
  fields.push_back(replies_of<s>("Before those of the file."));
  fields.push_back(texts_of<s>({.key = "answers",
                                .help = "To the questions of tasks, by their "
                                        "paths."},
                               &s::answers));
  fields.push_back(
      perhaps<s>({.key = "now", .help = "When it begins."}, &s::now, moment()));
  return config::make_section<s>(std::move(fields), check_case);
}

/// With what its file says for all.
test_case make_case(draft_case from, const draft_book& all) {
  test_case made{.name = std::move(from.name),
                 .where = from.where,
                 .steps = std::move(from.steps),
                 .stubs = std::move(from.stubs),
                 .replies = std::move(from.replies),
                 .answers = {},
                 .now = from.now.value_or(all.now)};
  if (made.steps.empty())
    made.steps.push_back(std::move(from.only));
  std::ranges::copy(all.stubs, std::back_inserter(made.stubs));
  add(made.replies, all.replies);
  made.answers.insert(from.answers.begin(), from.answers.end());
  made.answers.insert(all.answers.begin(), all.answers.end());
  return made;
}

auto failed(config::diagnostic problem) {
  return tl::make_unexpected(std::vector{std::move(problem)});
}

} // namespace

draft_book::draft_book() : now(usual_time) {}

const config::section<draft_book>& book_table() {
  using s = draft_book;
  static const auto table = config::make_section<s>(
      {config::file_path<s>({.key = "config",
                             .help = "The configuration, seen from here; "
                                     "--config says another.",
                             .example = "node.yaml"},
                            &s::config),
       texts_of<s>({.key = "env",
                    .help = "The environment's variables, for the "
                            "configuration; before those that are there."},
                   &s::env),
       config::value<s>({.key = "now", .help = "When each case begins."},
                        &s::now, moment()),
       replies_of<s>("What the stand-in server answers, as `dev-server "
                     "--replies` has it."),
       stubs_of<s>("What is answered to calls in its place; the first that "
                   "fits."),
       texts_of<s>({.key = "answers",
                    .help = "To the questions of tasks, by their paths."},
                   &s::answers),
       config::list_of<s>(
           {.key = "cases", .help = "The cases.", .required = true}, &s::cases,
           case_table(), most_cases)});
  return table;
}

load_result load_file(const std::string& path) {
  const auto text = config::read_file(path, largest_file);
  if (!text)
    return failed({path, 0, 0, {}, "cannot be read: " + text.error(), {}});
  return load_text(*text, path);
}

load_result load_text(std::string_view text, const std::string& file_name) {
  const auto root = config::parse_document(text, file_name);
  if (!root)
    return failed(root.error());
  const config::environment no_variables = [](std::string_view) {
    return std::nullopt;
  };
  reader in(file_name, no_variables, {},
            config::dollar_sign::stands_for_itself);
  draft_book draft;
  config::read_section(book_table(), draft, {root->get(), config::place{}, {}},
                       in);
  if (auto problems = in.take_problems(); !problems.empty())
    return tl::make_unexpected(std::move(problems));
  book made{
      .file = file_name, .config = draft.config, .env = draft.env, .cases = {}};
  for (auto& each : draft.cases)
    made.cases.push_back(make_case(std::move(each), draft));
  return made;
}

} // namespace mfo::casebook
