#pragma once

#include "cluster/certificates/describe.hpp"
#include "cluster/certificates/failure.hpp"
#include "cluster/certificates/files.hpp"
#include "cluster/certificates/handles.hpp"

#include <chrono>
#include <string>

namespace mfo::cluster::certificates {

struct authority_request {
  std::string cluster; ///< see check_cluster_name
  std::chrono::seconds lifetime = std::chrono::days{3650};
};

/// What was made, and where it is.
struct made {
  pair_files files;
  description certificate;
};

/// Makes the private CA of a cluster: `ca.crt`, which every node needs to
/// verify the others, and `ca.key`, which only `issue` needs. Whoever has the
/// key can make nodes of the cluster: it belongs on none of them.
///
/// Makes the folder if it is not there, and never overwrites: where one of the
/// files is there, nothing changes. After an error there is none of them.
expected<made> init_ca(const std::string& folder,
                       const authority_request& request,
                       std::chrono::sys_seconds now);

/// A CA that can vouch for nodes.
struct authority {
  certificate_ptr certificate;
  key_ptr key;
  description about;
};

/// Reads the CA of a folder, which may have been made elsewhere. Refuses one
/// that is not there, cannot be read, is encrypted, is no pair, is no CA, or is
/// not valid now.
expected<authority> load_authority(const std::string& folder,
                                   std::chrono::sys_seconds now);

} // namespace mfo::cluster::certificates
