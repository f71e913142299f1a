#pragma once

#include "config/cluster_settings.hpp"
#include "config/section.hpp"

#include <cstdint>
#include <string>
#include <utility>

/// Labels: `{region: eu, team: crm}`.
namespace mfo::config {

/// Whose labels they are.
enum class label_owner : std::uint8_t {
  this_node,
  nodes_wanted, ///< a value may be `value_of_self`
};

/// 1 to 16 labels. A key is 1 to 64 of a-z, 0-9, `.`, `_`, `-` and `/`; a value
/// is 1 to 64 visible ASCII characters, the first one not `$`. What is wrong is
/// reported, and left out.
[[nodiscard]] node_labels read_labels(label_owner whose, const cursor& at,
                                      reader& in);

/// Nothing, if there are none.
void write_labels(const std::string& key, const node_labels& labels,
                  YAML::Emitter& out);

/// `get` is as with the other fields.
template <class S, class Get>
field<S> labels(key_spec spec, Get get, label_owner whose) {
  spec.type = "labels";
  spec.range = "1 to 16";
  const auto key = spec.key;
  return {std::move(spec),
          [get, whose](S& values, const cursor& at, reader& in) {
            std::invoke(get, values) = read_labels(whose, at, in);
          },
          [get, key](const S& values, YAML::Emitter& out) {
            write_labels(key, std::invoke(get, values), out);
          }};
}

} // namespace mfo::config
