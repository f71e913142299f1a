#pragma once

#include "cluster/transport/tls_session.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace mfo::cluster::wire {

struct tls_files {
  std::string certificate{}; ///< PEM, with its chain
  std::string key{};         ///< PEM, without a pass phrase
  std::string ca{};          ///< PEM: whom it trusts, and nobody else
  /// Whose certificate it must be; empty: its first name is the node's.
  std::string name{};
};

/// Who this node is to its peers, and whom it takes for one: TLS 1.3 alone,
/// both sides with a certificate of the cluster's CA, no resumption, so that
/// every link is checked by the files of today. Thread-safe.
class tls_identity {
public:
  /// The error names the file and says what is wrong with it.
  [[nodiscard]] static tl::expected<std::shared_ptr<tls_identity>, std::string>
  load(tls_files files);

  /// Reads the files again. Sessions from now on are by what is in them, and
  /// those that are there stay as they are. With an error, which is as that of
  /// `load`, all stays as it was.
  [[nodiscard]] tl::expected<void, std::string> reload();

  /// This node's name in its certificate.
  [[nodiscard]] std::string own_name() const;

  /// When this node's certificate ends.
  [[nodiscard]] std::chrono::sys_seconds expires() const;

  /// A session over a socket, which must outlive it.
  [[nodiscard]] std::unique_ptr<tls_session>
  open_session(direction way, int socket,
               tls_session::identity_check check) const;

private:
  struct state {
    ssl_context_ptr context;
    std::string own_name;
    std::chrono::sys_seconds expires;
  };

  tls_identity(tls_files files, state first);

  [[nodiscard]] static tl::expected<state, std::string>
  read(const tls_files& files);
  [[nodiscard]] state current() const;

  tls_files files_;
  mutable std::mutex mutex_; ///< of what follows
  state state_;
};

} // namespace mfo::cluster::wire
