#pragma once

#include "cluster/membership/address.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mfo::cluster {

/// Where a node may find its cluster, and what was found there. Not
/// thread-safe.
class seed_list {
public:
  static constexpr std::size_t most = 64;

  struct seed {
    address where;
    std::optional<std::string> member{}; ///< who answered there, once it did
    bool oneself = false;                ///< it was this node
  };

  /// What the seeds resolve to now; what is known of those that stay is kept.
  /// An empty list changes nothing: the name service may be away. Returns how
  /// many were left out, because there are more than `most`.
  std::size_t assign(const std::vector<address>& resolved);

  /// `where` led to this member.
  void found(const address& where, const std::string& member);

  /// `where` led to this node itself.
  void found_oneself(const address& where);

  [[nodiscard]] const std::vector<seed>& all() const noexcept {
    return seeds_;
  }

private:
  seed* find(const address& where);

  std::vector<seed> seeds_;
};

} // namespace mfo::cluster
