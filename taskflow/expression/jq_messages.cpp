#include "taskflow/expression/jq_messages.hpp"

#include "config/text.hpp"
#include "core/text.hpp"
#include "taskflow/expression/one_line.hpp"
#include "taskflow/expression/reference_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mfo::taskflow {

namespace {

void drop(std::string& text, std::string_view part) {
  if (const auto at = text.find(part); at != text.npos)
    text.erase(at, part.size());
}

/// "jq: error: foo/0 is not defined at <top-level>, line 1:\n…" in a few words.
std::string cleaned(std::string message) {
  drop(message, "jq: error: ");
  drop(message, " (Unix shell quoting issues?)");
  message.resize(std::min(message.find(" at <top-level>"), message.size()));
  const auto rename = [&](std::string_view word, std::string_view to) {
    if (const auto at = message.find(word); at != message.npos)
      message.replace(at, word.size(), to);
  };
  rename("unexpected $end", "unexpected end");
  rename("INVALID_CHARACTER", "character");
  return one_line(message);
}

/// Those that people use, for hints.
constexpr std::string_view functions[] = {
    "add",          "all",        "any",       "ascii_downcase",
    "ascii_upcase", "capture",    "contains",  "del",
    "delpaths",     "empty",      "endswith",  "error",
    "explode",      "first",      "flatten",   "floor",
    "from_entries", "fromdate",   "fromjson",  "getpath",
    "group_by",     "gsub",       "has",       "implode",
    "index",        "inside",     "join",      "keys",
    "last",         "length",     "limit",     "ltrimstr",
    "map",          "map_values", "match",     "max",
    "max_by",       "min",        "min_by",    "not",
    "paths",        "range",      "recurse",   "reverse",
    "rtrimstr",     "scan",       "select",    "sort",
    "sort_by",      "split",      "sqrt",      "startswith",
    "strftime",     "sub",        "test",      "to_entries",
    "todate",       "tojson",     "tonumber",  "tostring",
    "type",         "unique",     "unique_by", "until",
    "values",       "walk",       "while",     "with_entries"};

std::string hint_for(const std::string& message) {
  constexpr std::string_view undefined = " is not defined";
  if (!message.ends_with(undefined))
    return {};
  if (message.starts_with('$'))
    return "there are $input, $trigger, $tasks, $context, $item, $index, "
           "$iteration and $error";
  const auto name = message.substr(0, message.find('/'));
  if (std::ranges::find(root_names, name) != root_names.end())
    return "in jq it is $" + core::lower_case(name);
  if (const auto near =
          config::nearest(name, {std::begin(functions), std::end(functions)}))
    return fmt::format("did you mean {}? The result of a task is "
                       "$tasks.<id>.result",
                       *near);
  return "the result of a task is $tasks.<id>.result in jq";
}

} // namespace

jq_program::problem jq_problem_of(const std::vector<std::string>& messages) {
  auto message = messages.empty() ? "jq cannot compile the expression"
                                  : cleaned(messages.front());
  auto hint = hint_for(message);
  return {std::move(message), std::move(hint)};
}

} // namespace mfo::taskflow
