#pragma once

#include "casebook/case.hpp"
#include "config/diagnostic.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mfo::casebook {

using load_result = tl::expected<book, std::vector<config::diagnostic>>;

/// A file of cases, as docs/reference/config-tests.md describes it: all of it,
/// or all that is wrong with it, in the order of the file. Reads the files that
/// it names too, but for the configuration.
[[nodiscard]] load_result load_file(const std::string& path);

/// The same for text that is at hand; `file_name` stands in diagnostics, and
/// relative paths start at its folder.
[[nodiscard]] load_result load_text(std::string_view text,
                                    const std::string& file_name);

} // namespace mfo::casebook
