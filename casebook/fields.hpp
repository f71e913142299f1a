#pragma once

#include "casebook/case.hpp"

#include "config/schema_common.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// The kinds of values that a file of cases has besides those of a
/// configuration.
namespace mfo::casebook {

/// The value as JSON; reports where it is none.
[[nodiscard]] std::optional<json> read_json(const config::cursor& at,
                                            config::reader& in);

/// Names and texts; of one name perhaps a list of them.
[[nodiscard]] http::header_list read_headers(const config::cursor& at,
                                             config::reader& in);

/// Names of any kind and a text for each.
[[nodiscard]] std::map<std::string, std::string, std::less<>>
read_texts(const config::cursor& at, config::reader& in);

/// A moment (RFC 3339), in milliseconds since 1970.
[[nodiscard]] config::codec<milliseconds> moment();

/// A duration, perhaps with a minus in front of it.
[[nodiscard]] config::codec<milliseconds> shift();

/// A path that a request may have, or one with `*` in it.
[[nodiscard]] config::codec<std::string> path_pattern();

[[nodiscard]] config::codec<std::string> method_name();

/// The status of an answer.
[[nodiscard]] config::codec<int> status_number();

/// The value of a key, JSON. `get` gives an optional json.
template <class S, class Get>
config::field<S> json_of(config::key_spec spec, Get get) {
  spec.type = "any value";
  return config::reading<S>(
      std::move(spec),
      [get](S& values, const config::cursor& at, config::reader& in) {
        std::invoke(get, values) = read_json(at, in);
      });
}

template <class S, class Get>
config::field<S> headers_of(config::key_spec spec, Get get) {
  spec.type = "headers";
  return config::reading<S>(
      std::move(spec),
      [get](S& values, const config::cursor& at, config::reader& in) {
        std::invoke(get, values) = read_headers(at, in);
      });
}

/// A value that may be absent. `get` gives an optional one.
template <class S, class Get, class T>
config::field<S> perhaps(config::key_spec spec, Get get,
                         const config::codec<T>& form) {
  spec.type = form.type;
  spec.range = form.range;
  return config::reading<S>(
      std::move(spec),
      [get, form](S& values, const config::cursor& at, config::reader& in) {
        const auto text = in.read_text(at);
        if (!text)
          return;
        if (auto parsed = form.parse(*text))
          std::invoke(get, values) = *std::move(parsed);
        else
          in.report(at, parsed.error());
      });
}

/// A text of any kind.
template <class S>
config::field<S> text_of(config::key_spec spec, std::string S::*member) {
  return config::value<S>(std::move(spec), member, config::plain_text());
}

/// A list of sections, none included. `get` gives an optional vector.
template <class S, class Get, class Inner>
config::field<S> perhaps_list(config::key_spec spec, Get get,
                              config::section<Inner> table, std::size_t most) {
  spec.type = "list of maps, or []";
  spec.keys = table.keys;
  return config::reading<S>(
      std::move(spec), [get, table, most](S& values, const config::cursor& at,
                                          config::reader& in) {
        auto& list = std::invoke(get, values).emplace();
        if (at.value->kind == config::node_kind::sequence &&
            at.value->items.empty())
          return;
        for (const auto& item : in.read_list(at, most))
          config::read_section(table, list.emplace_back(), item, in);
      });
}

} // namespace mfo::casebook
