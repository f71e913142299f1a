#pragma once

#include "cluster/rules/credit_window.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace mfo::cluster {

/// What each peer may send to this node. Links come and go: a peer's window is
/// kept while it has a link, and then for as long as something of it is at
/// work; after that the next link begins with all of it. One owner, not
/// thread-safe.
class credit_windows {
public:
  /// `window` is that of each peer.
  explicit credit_windows(credit window);

  /// A new link from the peer; gives the first grant on it.
  credit_grant open(const std::string& peer, std::uint64_t link);

  /// The peer has no link any more.
  void close(const std::string& peer);

  /// Of a peer that has a link; valid until `close`.
  credit_receiver& of(const std::string& peer);

  /// Something that was accepted of the peer holds no memory any more. Gives
  /// the grant to be sent now, if it is worth a message and there is a link.
  std::optional<credit_grant> finish(const std::string& peer,
                                     std::size_t bytes);

private:
  struct window_of_peer {
    credit_receiver window;
    bool has_link = false;
  };
  using windows = std::map<std::string, window_of_peer, std::less<>>;

  void let_go(windows::iterator idle);

  credit window_;
  windows windows_;
};

} // namespace mfo::cluster
