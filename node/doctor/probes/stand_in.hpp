#pragma once

#include "config/settings.hpp"
#include "signatures/probe.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace mfo::node::doctor {

/// Listens in the place of a node that does not run, with the node's own
/// listener and TLS, and answers probes. Whatever else comes meanwhile gets
/// 503, so that its sender comes again: nothing is taken.
class stand_in {
public:
  /// The error is one line.
  [[nodiscard]] static tl::expected<std::unique_ptr<stand_in>, std::string>
  open(const config::settings& settings, signatures::probe_identity who);

  virtual ~stand_in() = default; ///< stops
};

} // namespace mfo::node::doctor
