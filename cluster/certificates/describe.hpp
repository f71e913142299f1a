#pragma once

#include "cluster/certificates/failure.hpp"
#include "cluster/certificates/handles.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace mfo::cluster::certificates {

/// What a certificate says. It may be anybody's, and hold any bytes.
struct description {
  std::string subject; ///< as RFC 2253 has it: `CN=node-1`
  std::string issuer;  ///< likewise
  /// Subject alternative names: `DNS:node-1`, `IP:10.0.0.1`, `URI:…`,
  /// `email:…`; `other` for each of another kind.
  std::vector<std::string> names;
  std::chrono::sys_seconds not_before;
  std::chrono::sys_seconds not_after; ///< from then on it is not valid
};

/// Of the first certificate of a file.
expected<description> describe(const std::string& file);

/// Of one that was read from `file`.
expected<description> describe(const X509* certificate,
                               const std::string& file);

/// Whole days until it is not valid any more: 0 on the last, and negative
/// afterwards.
[[nodiscard]] long days_left(const description& of,
                             std::chrono::sys_seconds now);

} // namespace mfo::cluster::certificates
