#pragma once

#include "config/secret_field.hpp"
#include "config/section.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <type_traits>

/// What several of the tables need.
namespace mfo::config {

inline constexpr std::size_t kib = 1024;
inline constexpr std::size_t mib = 1024 * kib;
inline constexpr std::size_t gib = 1024 * mib;
/// The most of whatever is counted.
inline constexpr std::size_t most_items = 1'000'000;

/// Reports unless `small <= large`, at the first of the two that is given.
template <class T>
void check_order(const section_view& view, std::string_view small_key, T small,
                 std::string_view large_key, T large, reader& in) {
  if (view.sound(small_key) && view.sound(large_key) && small > large)
    in.report(view.blame({small_key, large_key}),
              fmt::format("{} must not be more than {}", small_key, large_key));
}

/// Reports a key that is given without its other half.
inline void require_both(const section_view& view, std::string_view one,
                         std::string_view other, reader& in) {
  for (const auto& [here, missing] : {std::pair{one, other}, {other, one}})
    if (const auto given = view.find(here); given && !view.given(missing))
      in.report(given->key_where, given->path,
                fmt::format("means nothing without {}", missing));
}

/// The path of a file, perhaps none.
template <class S>
field<S> file_path(key_spec spec, std::string S::*member) {
  spec.type = "path";
  const auto key = spec.key;
  return {std::move(spec),
          [member](S& values, const cursor& at, reader& in) {
            if (auto path = in.read_path(at))
              values.*member = *std::move(path);
          },
          [member, key](const S& values, YAML::Emitter& out) {
            if (!(values.*member).empty())
              write_text(out, key, values.*member);
          }};
}

/// A list of values, 1 to `most` of them, in place of those that are the
/// default. `get` is as with the other fields.
template <class S, class Get, class T>
field<S> value_list(key_spec spec, Get get, codec<T> form, std::size_t most) {
  spec.type = fmt::format("list of {}{}", form.type,
                          form.type.ends_with('s') ? "es" : "s");
  spec.range = fmt::format("1 to {}{}{}", most,
                           form.range.empty() ? "" : "; each ", form.range);
  const auto key = spec.key;
  return {std::move(spec),
          [get, form, most](S& values, const cursor& at, reader& in) {
            auto& list = std::invoke(get, values);
            using item_type =
                typename std::remove_reference_t<decltype(list)>::value_type;
            list.clear();
            for (const auto& item : in.read_list(at, most)) {
              const auto text = in.read_text(item);
              if (!text)
                continue;
              if (auto parsed = form.parse(*text))
                list.push_back(static_cast<item_type>(*std::move(parsed)));
              else
                in.report(item, parsed.error());
            }
          },
          [get, form, key](const S& values, YAML::Emitter& out) {
            const auto& list = std::invoke(get, values);
            if (list.empty())
              return;
            write_key(out, key);
            write_list(out, [&] {
              for (const auto& each : list)
                write_item(out, form.show(static_cast<T>(each)));
            });
          }};
}

} // namespace mfo::config
