#pragma once

#include "config/diagnostic.hpp"
#include "config/environment.hpp"
#include "config/settings.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The way in: from a YAML file to settings that are complete and checked.
///
/// Both functions give either settings or all problems at once, in the order
/// of the file, never none and never an exception of a parser. They read the
/// file, the files that `*_file` keys name (a relative path starts at the
/// file's own folder) and the environment, and change nothing.
namespace mfo::config {

using load_result = tl::expected<settings, std::vector<diagnostic>>;

/// A file of at most this many bytes is read; also the bound for a secret.
inline constexpr std::size_t max_file_size = 1024 * 1024;

/// What a file may be that is read.
enum class source_kind : std::uint8_t {
  any,     ///< a pipe too, which is waited for
  regular, ///< a regular file or a link to one, anything else is refused: of a
           ///< pipe there is nothing left, or nobody who writes to it
};

/// `this_host` is what the node is called, and where its peers reach it, unless
/// the file says otherwise; `schema_check` finds what is wrong with a JSON
/// Schema in it.
[[nodiscard]] load_result
load_file(const std::string& path, const environment& variables,
          const std::string& this_host = host_name(),
          const payload_schema_check& schema_check = {},
          source_kind kind = source_kind::any);

/// The same for text that is at hand; `file_name` stands in diagnostics, and
/// relative paths start at its folder.
[[nodiscard]] load_result
load_text(std::string_view text, const std::string& file_name,
          const environment& variables,
          const std::string& this_host = host_name(),
          const payload_schema_check& schema_check = {});

} // namespace mfo::config
