#include "config/reader.hpp"

#include "config/address.hpp"
#include "config/file.hpp"
#include "config/interpolate.hpp"
#include "config/load.hpp"
#include "config/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace mfo::config {

namespace {

std::string_view kind_name(node_kind kind) {
  switch (kind) {
  case node_kind::null:
    return "nothing";
  case node_kind::scalar:
    return "a single value";
  case node_kind::sequence:
    return "a list";
  case node_kind::map:
    return "a map";
  }
  return "";
}

constexpr std::string_view quote_hint =
    "an empty value, or one that starts with #, & or *, must be quoted";

} // namespace

place cursor::where() const {
  return value->kind == node_kind::null ? key_where : value->where;
}

std::string join_path(const std::string& parent, std::string_view key) {
  return parent.empty() ? std::string(key) : fmt::format("{}.{}", parent, key);
}

reader::reader(std::string file_name, const environment& variables,
               payload_schema_check schema_check, dollar_sign dollar)
  : file_name_(std::move(file_name)), variables_(variables),
    schema_check_(std::move(schema_check)), dollar_(dollar) {}

void reader::report(place where, std::string key, std::string message,
                    std::string hint) {
  problems_.push_back({file_name_, where.line, where.column, std::move(key),
                       std::move(message), std::move(hint)});
}

void reader::report_absent(const cursor& at, std::string message) {
  if (absent_secrets_ == nullptr)
    return report(at, std::move(message));
  const auto [line, column] = at.where();
  absent_secrets_->push_back(
      {file_name_, line, column, at.path, std::move(message), {}});
}

void reader::report(const cursor& at, std::string message, std::string hint) {
  report(at.where(), at.path, std::move(message), std::move(hint));
}

std::size_t reader::problem_count() const {
  return problems_.size();
}

std::vector<diagnostic> reader::take_problems() {
  std::ranges::stable_sort(problems_, {}, [](const diagnostic& problem) {
    return std::tuple(problem.line, problem.column);
  });
  return std::exchange(problems_, {});
}

std::optional<std::string> reader::read_text(const cursor& at) {
  if (at.value->kind == node_kind::null) {
    report(at, "has no value", std::string(quote_hint));
    return std::nullopt;
  }
  if (at.value->kind != node_kind::scalar) {
    report(at, fmt::format("must be a single value, not {}",
                           kind_name(at.value->kind)));
    return std::nullopt;
  }
  if (dollar_ == dollar_sign::stands_for_itself)
    return at.value->text;
  auto text = interpolate(at.value->text, variables_);
  if (!text) {
    report(at, text.error());
    return std::nullopt;
  }
  return *std::move(text);
}

std::optional<std::string> reader::read_path(const cursor& at) {
  const auto path = read_text(at);
  if (!path)
    return std::nullopt;
  // One of several lines is a mistake in YAML, and would make a message of two.
  if (path->empty() || first_control_character(*path) ||
      path->find_first_of("\t\r\n") != path->npos) {
    report(at, "must be the path of a file");
    return std::nullopt;
  }
  return beside(file_name_, *path);
}

std::optional<secret> reader::read_secret(const cursor& at) {
  auto text = read_text(at);
  if (!text)
    return std::nullopt;
  if (text->empty()) {
    report(at, "the secret is empty");
    return std::nullopt;
  }
  return secret(*std::move(text));
}

std::optional<secret> reader::read_secret_file(const cursor& at) {
  const auto path = read_path(at);
  if (!path)
    return std::nullopt;
  files_.push_back(*path);
  auto bytes = read_regular_file(*path, max_file_size);
  if (!bytes) {
    report_absent(at, fmt::format("cannot read {}: {}", *path, bytes.error()));
    return std::nullopt;
  }
  strip_line_break(*bytes);
  if (bytes->empty()) {
    report_absent(at, fmt::format("the secret in {} is empty", *path));
    return std::nullopt;
  }
  return secret(*std::move(bytes));
}

std::optional<secret> reader::read_secret_variable(const cursor& at) {
  const auto name = read_text(at);
  if (!name)
    return std::nullopt;
  if (!is_variable_name(*name)) {
    report(at, "must be the name of an environment variable");
    return std::nullopt;
  }
  auto value = variables_(*name);
  if (!value || value->empty()) {
    report_absent(at, fmt::format("the environment variable {} is {}", *name,
                                  value ? "empty" : "not set"));
    return std::nullopt;
  }
  return secret(*std::move(value));
}

std::vector<cursor> reader::read_list(const cursor& at, std::size_t most) {
  if (at.value->kind != node_kind::sequence &&
      at.value->kind != node_kind::null) {
    report(at,
           fmt::format("must be a list, not {}", kind_name(at.value->kind)));
    return {};
  }
  const auto& items = at.value->items;
  if (items.empty() || items.size() > most) {
    report(at, fmt::format("must be a list of 1 to {}", most));
    return {};
  }
  std::vector<cursor> result;
  for (const auto& item : items)
    result.push_back({item.get(), item->where,
                      fmt::format("{}[{}]", at.path, result.size())});
  return result;
}

std::vector<std::pair<std::string, cursor>> reader::read_map(const cursor& at,
                                                             std::size_t most) {
  return read_map(at, most, parse_id);
}

std::vector<std::pair<std::string, cursor>>
reader::read_map(const cursor& at, std::size_t most, const name_rule& rule) {
  if (at.value->kind != node_kind::map && at.value->kind != node_kind::null) {
    report(at, fmt::format("must be a map of names, not {}",
                           kind_name(at.value->kind)));
    return {};
  }
  const auto& entries = at.value->entries;
  if (entries.empty() || entries.size() > most) {
    report(at, fmt::format("must be a map of 1 to {} names", most));
    return {};
  }
  std::vector<std::pair<std::string, cursor>> result;
  std::map<std::string, place> seen;
  for (const auto& entry : entries) {
    const auto name = rule(entry.key);
    if (!name) {
      report(entry.where, at.path, "a name in it " + name.error());
      continue;
    }
    const auto [first, is_new] = seen.emplace(*name, entry.where);
    const auto path = join_path(at.path, *name);
    if (is_new)
      result.emplace_back(*name, cursor{entry.value.get(), entry.where, path});
    else
      report(entry.where, path,
             fmt::format("the name is given twice; first in line {}",
                         first->second.line));
  }
  return result;
}

} // namespace mfo::config
