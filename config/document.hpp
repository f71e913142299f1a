#pragma once

#include "config/diagnostic.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// YAML text as a tree that keeps what yaml-cpp's own tree loses: the place of
/// every key and value, and keys that are given twice.
namespace mfo::config {

/// 1-based; columns count bytes.
struct place {
  int line = 1;
  int column = 1;

  friend auto operator<=>(const place&, const place&) = default;
};

enum class node_kind : std::uint8_t { null, scalar, sequence, map };

struct node;
/// Shared, since an alias is the same node as its anchor.
using node_ptr = std::shared_ptr<const node>;

struct map_entry {
  place where; ///< of the key
  std::string key;
  node_ptr value;
};

struct node {
  node_kind kind = node_kind::null;
  place where;
  std::string text;               ///< of a scalar
  bool quoted = false;            ///< a scalar that can only be text
  std::vector<node_ptr> items;    ///< of a sequence
  std::vector<map_entry> entries; ///< of a map, in order, twice if given twice
};

/// Deeper nesting than this is refused.
inline constexpr std::size_t max_depth = 32;
/// More values than this, each use of an alias counted in full, are refused.
inline constexpr std::size_t max_nodes = 100'000;

/// The one document of `text`, whose root is a map; otherwise the first thing
/// that is wrong with it. Refuses what a configuration has no use for: text
/// that is not UTF-8, control characters, tags, keys that are not text, and
/// aliases that contain themselves.
[[nodiscard]] tl::expected<node_ptr, diagnostic>
parse_document(std::string_view text, const std::string& file_name);

} // namespace mfo::config
