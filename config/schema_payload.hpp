#pragma once

#include "config/section.hpp"
#include "config/settings.hpp"

/// The fields of an endpoint that say what its bodies may be.
namespace mfo::config {

field<endpoint_settings> formats_field();
field<endpoint_settings> event_type_field();
section<handshake_settings> handshake_table();

} // namespace mfo::config
