#pragma once

#include "config/section.hpp"
#include "taskflow/load/draft.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The kinds of values that a workflow file has besides those of a
/// configuration. Nothing here is ever written back.
namespace mfo::taskflow {

/// What a value must be, once it is filled in.
enum class shape : std::uint8_t { any, text, map, list };

struct value_rule {
  shape kind = shape::any;
  bool takes_secrets = false;
  /// What is wrong with a value in which nothing is to be filled in, or "".
  std::function<std::string(const json&)> flaw{};
};

[[nodiscard]] std::string type_of(shape kind);

/// The place of a byte of a text that stands in one line; else of the text.
[[nodiscard]] config::place place_in(const config::node& text,
                                     std::size_t offset);

/// Both add to the notes what they refer to and what of them is to be compiled,
/// and report what is wrong.
[[nodiscard]] std::optional<value_template> read_value(const config::cursor& at,
                                                       const value_rule& rule,
                                                       task_notes& notes,
                                                       config::reader& in);
[[nodiscard]] std::optional<predicate>
read_predicate(const config::cursor& at, task_notes& notes, config::reader& in);

/// One name or a list of them, perhaps an empty one.
[[nodiscard]] std::vector<name_at> read_names(const config::cursor& at,
                                              config::reader& in);

/// A schema, the path of one, or `$ref` to one.
[[nodiscard]] draft_schema read_schema(const config::cursor& at,
                                       config::reader& in);

/// Text of any kind.
[[nodiscard]] config::codec<std::string> free_text();
/// 1 to 256 characters, which a model or a tool is known by elsewhere.
[[nodiscard]] config::codec<std::string> foreign_name();
/// What something of the file is known by.
[[nodiscard]] config::codec<std::string> id_text();
/// What a part of CONTEXT, or a variable of a prompt, is known by.
[[nodiscard]] config::codec<std::string> variable_name();

using config::reading;

/// `get` gives the value_template, or an optional one.
template <class S, class Get>
config::field<S> filled_in(config::key_spec spec, Get get, value_rule rule) {
  spec.type = type_of(rule.kind);
  return reading<S>(std::move(spec), [get, rule = std::move(rule)](
                                         S& values, const config::cursor& at,
                                         config::reader& in) {
    if (auto found = read_value(at, rule, values.notes, in))
      std::invoke(get, values) = *std::move(found);
  });
}

/// `get` gives an optional predicate.
template <class S, class Get>
config::field<S> when_holds(config::key_spec spec, Get get) {
  spec.type = "condition";
  return reading<S>(std::move(spec), [get](S& values, const config::cursor& at,
                                           config::reader& in) {
    if (auto found = read_predicate(at, values.notes, in))
      std::invoke(get, values) = *std::move(found);
  });
}

/// `take` is given the section and the names.
template <class S, class Take>
config::field<S> names(config::key_spec spec, Take take) {
  spec.type = "name or list of names";
  return reading<S>(std::move(spec), [take](S& values, const config::cursor& at,
                                            config::reader& in) {
    take(values, read_names(at, in));
  });
}

/// A single name of something else, with its place.
template <class S, class Take>
config::field<S> name_of(config::key_spec spec, Take take) {
  spec.type = "name";
  return reading<S>(std::move(spec), [take](S& values, const config::cursor& at,
                                            config::reader& in) {
    if (auto text = in.read_text(at))
      take(values, name_at{*std::move(text), at});
  });
}

} // namespace mfo::taskflow
