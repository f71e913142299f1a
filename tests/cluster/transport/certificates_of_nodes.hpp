#pragma once

#include "cluster/transport/transport_settings.hpp"
#include "tests/support/http_certificates.hpp"
#include "tests/support/temporary_folder.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace mfo::cluster::test {

/// What a node has on its disk: its certificate and key, and its CA's.
struct node_files {
  std::string certificate;
  std::string key;
  std::string ca;
};

/// Makes them, in a folder that goes with this.
class certificates_of_nodes {
public:
  /// For the node of that name, by this cluster's CA.
  node_files of(const std::string& name) {
    return issue(name, authority_, request_for(name));
  }

  /// The same, that ended an hour ago.
  node_files expired(const std::string& name) {
    auto request = request_for(name);
    request.valid_from = std::chrono::hours{-2};
    request.valid_to = std::chrono::hours{-1};
    return issue(name, authority_, request);
  }

  /// By the CA of another cluster, while the node itself trusts this one.
  node_files of_stranger(const std::string& name) {
    auto files = issue(name, stranger_, request_for(name));
    files.ca = folder_.write(name + ".ca", authority_.certificate());
    return files;
  }

  /// Of another cluster, whole.
  node_files of_other_cluster(const std::string& name) {
    return issue(name, stranger_, request_for(name));
  }

  const support::temporary_folder& folder() const {
    return folder_;
  }

  std::string authority() const {
    return authority_.certificate();
  }

  mfo::test::identity identity_of(const std::string& name) const {
    return authority_.issue(request_for(name));
  }

private:
  static mfo::test::certificate_request request_for(const std::string& name) {
    mfo::test::certificate_request request;
    request.names = {"DNS:" + name};
    request.common_name = name;
    return request;
  }

  node_files issue(const std::string& name, const mfo::test::authority& by,
                   const mfo::test::certificate_request& request) {
    const auto identity = by.issue(request);
    return {folder_.write(name + ".crt", identity.certificate),
            folder_.write(name + ".key", identity.key),
            folder_.write(name + ".ca", by.certificate())};
  }

  support::temporary_folder folder_;
  mfo::test::authority authority_;
  mfo::test::authority stranger_;
};

} // namespace mfo::cluster::test
