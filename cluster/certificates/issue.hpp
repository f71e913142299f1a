#pragma once

#include "cluster/certificates/authority.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace mfo::cluster::certificates {

struct node_request {
  std::string name; ///< see check_node_name
  /// Beside `DNS:<name>`, which it always has; see parse_alternative_name.
  std::vector<std::string> names{};
  std::chrono::seconds lifetime = std::chrono::days{90};
  bool renew = false;
  std::string output{}; ///< folder of the node's files; empty: the CA's
};

struct issued {
  made node;
  bool ends_with_ca; ///< the CA's end cut its lifetime short
};

/// Makes `<name>.key` and `<name>.crt` of a node, by the CA in `folder`; the
/// certificate is for both ends of a connection, and valid no longer than the
/// CA. Where one of the files is there, nothing changes.
///
/// With `renew` it makes a new certificate for the key that is there, and puts
/// it in the place of the old one by one rename. So a node that reads its files
/// again at any moment finds a pair, the old or the new: two files cannot be
/// replaced at one moment, and a node that met a new key beside an old
/// certificate would have to wait and try again. Owner and mode of the key stay
/// as they are. The names are those of the old certificate unless some are
/// given. For a new key, remove both files and issue anew.
///
/// The folder of the node's files is made if it is not there.
expected<issued> issue(const std::string& folder, const node_request& request,
                       std::chrono::sys_seconds now);

} // namespace mfo::cluster::certificates
