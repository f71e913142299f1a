#pragma once

#include "cluster/certificates/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster::certificates {

/// Beside the name of the node itself.
inline constexpr std::size_t most_alternative_names = 64;

/// With ` cluster CA` behind it, it fits into a common name, which has at most
/// 64 characters (RFC 5280, appendix A.1, ub-common-name).
inline constexpr std::size_t longest_cluster_name = 53;

/// Good is what config::is_node_name takes, so that it can name files and no
/// other folder; but not `ca`, in any case, as the authority's files are named
/// so.
expected<void> check_node_name(std::string_view name);

/// Good is what config::is_node_name takes, `longest_cluster_name` at most.
expected<void> check_cluster_name(std::string_view name);

/// By what a node may be called: `DNS:` and a host's name, or `IP:` and an
/// address.
struct alternative_name {
  enum class kind : std::uint8_t { dns, ip };

  kind what = kind::dns;
  std::string text; ///< a name; or an address in its shortest form

  [[nodiscard]] std::string to_string() const;

  /// The same name: that of a host in any case (RFC 4343).
  friend bool operator==(const alternative_name& a, const alternative_name& b);
};

/// Takes an address for one, and anything else for a host's name; with `DNS:`
/// or `IP:` in front, as `to_string` writes them, only for that. No wildcards:
/// such a node could pose as any other.
expected<alternative_name> parse_alternative_name(std::string_view text);

/// The node's own name, then `others`, each once; at most
/// `most_alternative_names` of them.
expected<std::vector<alternative_name>>
all_names(std::string_view node, const std::vector<std::string>& others);

} // namespace mfo::cluster::certificates
