#pragma once

#include "config/section.hpp"

#include <utility>

namespace mfo::config {

/// Writes nothing where there is no schema.
void write_payload_schema(YAML::Emitter& out, const std::string& key,
                          const payload_schema_settings& value);

/// A JSON Schema, or the path of a file with one.
template <class S>
field<S> payload_schema(key_spec spec, payload_schema_settings S::*member) {
  spec.type = "map or path";
  const auto key = spec.key;
  return {std::move(spec),
          [member](S& values, const cursor& at, reader& in) {
            if (auto schema = in.read_payload_schema(at))
              values.*member = *std::move(schema);
          },
          [member, key](const S& values, YAML::Emitter& out) {
            write_payload_schema(out, key, values.*member);
          }};
}

} // namespace mfo::config
