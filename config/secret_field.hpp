#pragma once

#include "config/section.hpp"

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

/// Reports unless exactly one of the keys is given; the first one is named if
/// none is.
void require_one(const section_view& view, const std::vector<std::string>& keys,
                 reader& in);

/// Reports if more than one of the keys is given.
void refuse_several(const section_view& view,
                    const std::vector<std::string>& keys, reader& in);

} // namespace mfo::config
