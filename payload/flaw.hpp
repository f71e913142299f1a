#pragma once

#include "core/errc.hpp"

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace mfo::payload {

/// Why a body is not taken.
struct flaw {
  core::errc code;
  std::string detail; ///< for the node's log; nothing of the body
};

inline tl::unexpected<flaw> flawed(core::errc code, std::string detail) {
  return tl::unexpected{flaw{code, std::move(detail)}};
}

} // namespace mfo::payload
