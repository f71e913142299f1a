#pragma once

#include "config/section.hpp"
#include "config/server_settings.hpp"

#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

/// Fields for secrets. Nothing of their values reaches a problem or what is
/// written. `put` takes the section and the secret; `get` gives the secrets
/// that the section has, of which only the number is used.
namespace mfo::config {

template <class S>
using secret_sink = std::function<void(S&, secret)>;

/// A secret in the file itself.
template <class S>
field<S> secret_text(key_spec spec, secret_sink<S> put) {
  spec.type = "secret";
  spec.secret = true;
  const auto key = spec.key;
  return {std::move(spec),
          [put](S& values, const cursor& at, reader& in) {
            if (auto found = in.read_secret(at))
              put(values, *std::move(found));
          },
          [key](const S&, YAML::Emitter& out) {
            write_key(out, key);
            write_hidden(out);
          }};
}

/// `url` without what is secret in it: the password of its user info, or all
/// of that where there is no user, and the query.
std::string hide_password(const std::string& url);

/// A URL that may hold a password. `get` gives it to be shown.
template <class S>
field<S> secret_url(key_spec spec, secret_sink<S> put,
                    std::function<secret(const S&)> get) {
  auto result = secret_text<S>(std::move(spec), std::move(put));
  result.spec.type = "URL, perhaps with a password";
  result.write = [get = std::move(get),
                  key = result.spec.key](const S& values, YAML::Emitter& out) {
    write_text(out, key, hide_password(get(values).reveal()));
  };
  return result;
}

/// A list of them, or, if `or_single`, one.
template <class S>
field<S> secret_list(key_spec spec, bool or_single, secret_sink<S> put,
                     std::function<std::size_t(const S&)> count) {
  // Each costs a digest for every event that carries a wrong signature.
  constexpr std::size_t most = 16;
  spec.type = or_single ? "secret or list of secrets" : "list of secrets";
  spec.range = "1 to " + std::to_string(most);
  spec.secret = true;
  const auto key = spec.key;
  return {std::move(spec),
          [put, or_single](S& values, const cursor& at, reader& in) {
            const bool single =
                or_single && at.value->kind != node_kind::sequence;
            const auto items =
                single ? std::vector{at} : in.read_list(at, most);
            for (const auto& item : items)
              if (auto found = in.read_secret(item))
                put(values, *std::move(found));
          },
          [key, count](const S& values, YAML::Emitter& out) {
            write_key(out, key);
            write_list(out, [&] {
              for (std::size_t i = 0; i < count(values); ++i)
                write_hidden(out);
            });
          }};
}

/// A secret in a file of its own. Never written: what it gave is shown by the
/// field that holds secrets in the file itself.
template <class S>
field<S> secret_file(key_spec spec, secret_sink<S> put) {
  spec.type = "path";
  return {std::move(spec),
          [put](S& values, const cursor& at, reader& in) {
            if (auto found = in.read_secret_file(at))
              put(values, *std::move(found));
          },
          [](const S&, YAML::Emitter&) {
          }};
}

/// A secret in the file itself, or in a file of its own that is read again
/// when it changes: two fields, `key` and `key`_file.
template <class S>
std::vector<field<S>> secret_or_file(const std::string& key, std::string help,
                                     std::string example,
                                     secret_source S::*member) {
  auto text = secret_text<S>({.key = key,
                              .help = std::move(help),
                              .example = std::move(example),
                              .default_text = "none"},
                             [member](S& values, secret given) {
                               (values.*member).value = std::move(given);
                             })
                  .only_if([member](const S& values) {
                    const auto& source = values.*member;
                    return !source.value.empty() && source.file.empty();
                  });
  field<S> file{
      {.key = key + "_file",
       .help = fmt::format("A file that holds the `{}`; read again when it "
                           "changes.",
                           key),
       .example = "/run/secrets/" + key,
       .default_text = "none",
       .type = "path"},
      [member](S& values, const cursor& at, reader& in) {
        auto found = in.read_secret_file(at);
        auto path = in.read_path(at);
        if (found && path)
          values.*member = {*std::move(found), *std::move(path)};
      },
      [member, key](const S& values, YAML::Emitter& out) {
        if (const auto& path = (values.*member).file; !path.empty())
          write_text(out, key + "_file", path);
      }};
  return {std::move(text), std::move(file)};
}

/// Reports unless exactly one of the keys is given; the first one is named if
/// none is.
void require_one(const section_view& view, const std::vector<std::string>& keys,
                 reader& in);

/// Reports if more than one of the keys is given.
void refuse_several(const section_view& view,
                    const std::vector<std::string>& keys, reader& in);

} // namespace mfo::config
