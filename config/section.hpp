#pragma once

#include "config/codec.hpp"
#include "config/reader.hpp"

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace YAML {
class Emitter;
}

/// A section of the file is a table: a field for each key. The functions here
/// read a section by its table, and write one; config/schema.cpp holds the
/// tables.
namespace mfo::config {

/// What a table says of a key in words, for the reference and for messages.
struct key_spec {
  // Every member has an initializer, so that a table may leave any one out.
  std::string key{};
  std::string help{};
  std::string example{};
  bool required = false; ///< its absence is a problem
  /// As in the reference; filled in from the settings' own default if empty.
  std::string default_text{};
  std::string type{};
  std::string range{};
  bool secret = false;
  std::vector<key_spec> keys{}; ///< of a nested section
};

/// The keys that a section of the file gave.
class section_view {
public:
  section_view(const cursor& at, const std::vector<key_spec>& keys);

  /// True if the file has the key, be its value right or wrong.
  [[nodiscard]] bool given(std::string_view key) const;

  /// True unless the value that the file has for the key is wrong.
  [[nodiscard]] bool sound(std::string_view key) const;

  void set_unsound(std::string_view key);

  /// The first of the keys that is given; the section itself if none is.
  [[nodiscard]] cursor
  blame(std::initializer_list<std::string_view> keys) const;

  [[nodiscard]] const cursor& self() const;

  [[nodiscard]] const std::vector<key_spec>& keys() const;

  /// The value that the key is first given, or nothing.
  [[nodiscard]] std::optional<cursor> find(std::string_view key) const;

private:
  cursor self_;
  const std::vector<key_spec>& keys_;
  std::set<std::string, std::less<>> unsound_;
};

/// The value of a key of a map; the map itself where it does not have it.
[[nodiscard]] cursor key_of(const cursor& map, std::string_view key);

template <class S>
struct field {
  key_spec spec;
  /// Sets the value, or reports why not.
  std::function<void(S&, const cursor&, reader&)> read;
  /// Writes key and value, or nothing if there is nothing to show.
  std::function<void(const S&, YAML::Emitter&)> write;

  /// Shows the field only for some settings.
  field only_if(std::function<bool(const S&)> shown) && {
    write = [inner = std::move(write),
             shown = std::move(shown)](const S& values, YAML::Emitter& out) {
      if (shown(values))
        inner(values, out);
    };
    return std::move(*this);
  }
};

template <class S>
struct section {
  std::vector<field<S>> fields;
  std::vector<key_spec> keys; ///< of the fields, in the same order
  /// What no single field can check or set; sees what has been read.
  std::function<void(S&, const section_view&, reader&)> finish;
};

template <class S>
section<S> make_section(
    std::vector<field<S>> fields,
    std::function<void(S&, const section_view&, reader&)> finish = {}) {
  section<S> result{std::move(fields), {}, std::move(finish)};
  result.keys.reserve(result.fields.size());
  for (const auto& f : result.fields)
    result.keys.push_back(f.spec);
  return result;
}

/// Reports keys that are unknown, twice there or missing. False, and one
/// report, if the value is no map; nothing at all is an empty one.
bool check_keys(const section_view& view, reader& in);

/// Reads a section by its table.
template <class S>
void read_section(const section<S>& table, S& values, const cursor& at,
                  reader& in) {
  section_view view(at, table.keys);
  if (!check_keys(view, in))
    return;
  for (const auto& f : table.fields) {
    const auto value = view.find(f.spec.key);
    if (!value)
      continue;
    const auto count = in.problem_count();
    f.read(values, *value, in);
    if (in.problem_count() != count)
      view.set_unsound(f.spec.key);
  }
  if (table.finish)
    table.finish(values, view, in);
}

// What a field's `write` is made of; they keep yaml-cpp out of the tables.
void write_text(YAML::Emitter& out, const std::string& key,
                const std::string& value);
void write_item(YAML::Emitter& out, const std::string& value);
void write_key(YAML::Emitter& out, const std::string& key);
void write_map(YAML::Emitter& out, const std::function<void()>& content);
void write_list(YAML::Emitter& out, const std::function<void()>& content);
void write_hidden(YAML::Emitter& out);

template <class S>
void write_section(const section<S>& table, const S& values,
                   YAML::Emitter& out) {
  write_map(out, [&] {
    for (const auto& f : table.fields)
      f.write(values, out);
  });
}

// Fields. `get` gives the member: a pointer to it, or a function that takes
// the section by reference, const or not.

template <class S, class Get, class T>
field<S> value(key_spec spec, Get get, codec<T> form) {
  spec.type = form.type;
  spec.range = form.range;
  const S defaults{};
  if (!spec.required && spec.default_text.empty())
    spec.default_text = form.show(std::invoke(get, defaults));
  const auto key = spec.key;
  return {std::move(spec),
          [get, form](S& values, const cursor& at, reader& in) {
            const auto text = in.read_text(at);
            if (!text)
              return;
            if (auto parsed = form.parse(*text))
              std::invoke(get, values) = *std::move(parsed);
            else if (*text != at.value->text)
              in.report(at, parsed.error(), "once variables are filled in");
            else
              in.report(at, parsed.error());
          },
          [get, form, key](const S& values, YAML::Emitter& out) {
            write_text(out, key, form.show(std::invoke(get, values)));
          }};
}

/// A field that is only read, and never written back. `read` takes the section,
/// the cursor and the reader.
template <class S, class Read>
field<S> reading(key_spec spec, Read read) {
  return {std::move(spec), std::move(read), [](const S&, YAML::Emitter&) {
          }};
}

/// A table for all copies of the field that has it.
template <class S>
std::shared_ptr<const section<S>> share(section<S> table) {
  return std::make_shared<const section<S>>(std::move(table));
}

/// A section in a section.
template <class S, class Get, class Inner>
field<S> nested(key_spec spec, Get get, section<Inner> table) {
  spec.type = "map";
  spec.keys = table.keys;
  const auto key = spec.key;
  const auto inner = share(std::move(table));
  return {std::move(spec),
          [get, inner](S& values, const cursor& at, reader& in) {
            read_section(*inner, std::invoke(get, values), at, in);
          },
          [get, inner, key](const S& values, YAML::Emitter& out) {
            write_key(out, key);
            write_section(*inner, std::invoke(get, values), out);
          }};
}

/// A list of sections, 1 to `most` of them. Every item of the file becomes an
/// element, also a wrong one, so that indexes agree.
template <class S, class Get, class Inner>
field<S> list_of(key_spec spec, Get get, section<Inner> table,
                 std::size_t most) {
  spec.type = "list of maps";
  spec.range = "1 to " + std::to_string(most);
  spec.keys = table.keys;
  const auto key = spec.key;
  const auto inner = share(std::move(table));
  return {std::move(spec),
          [get, inner, most](S& values, const cursor& at, reader& in) {
            for (const auto& item : in.read_list(at, most))
              read_section(*inner, std::invoke(get, values).emplace_back(),
                           item, in);
          },
          [get, inner, key](const S& values, YAML::Emitter& out) {
            if (std::invoke(get, values).empty())
              return;
            write_key(out, key);
            write_list(out, [&] {
              for (const auto& element : std::invoke(get, values))
                write_section(*inner, element, out);
            });
          }};
}

/// Named sections, 1 to `most` of them: a map whose keys are the names.
/// `name` is the member that takes the name.
template <class S, class Get, class Inner>
field<S> map_of(key_spec spec, Get get, std::string Inner::*name,
                section<Inner> table, std::size_t most) {
  spec.type = "map of maps";
  spec.range = "1 to " + std::to_string(most);
  spec.keys = table.keys;
  const auto key = spec.key;
  const auto inner = share(std::move(table));
  return {std::move(spec),
          [get, name, inner, most](S& values, const cursor& at, reader& in) {
            for (const auto& [item_name, item] : in.read_map(at, most)) {
              auto& element = std::invoke(get, values).emplace_back();
              element.*name = item_name;
              read_section(*inner, element, item, in);
            }
          },
          [get, name, inner, key](const S& values, YAML::Emitter& out) {
            if (std::invoke(get, values).empty())
              return;
            write_key(out, key);
            write_map(out, [&] {
              for (const auto& element : std::invoke(get, values)) {
                write_key(out, element.*name);
                write_section(*inner, element, out);
              }
            });
          }};
}

} // namespace mfo::config
