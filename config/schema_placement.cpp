#include "config/label_field.hpp"
#include "config/schema.hpp"

namespace mfo::config {

section<placement_settings> placement_table() {
  using s = placement_settings;
  return make_section<s>({
      labels<s>({.key = "require",
                 .help = "Labels that a node must have. Where no node has them "
                         "all, an event is answered 503.",
                 .example = "{team: crm}",
                 .default_text = "none"},
                &s::require, label_owner::nodes_wanted),
      labels<s>({.key = "prefer",
                 .help = "Labels that a node had better have: of the nodes "
                         "with room, those with the most of them.",
                 .example = "{region: $self}",
                 .default_text = "none"},
                &s::prefer, label_owner::nodes_wanted),
  });
}

} // namespace mfo::config
