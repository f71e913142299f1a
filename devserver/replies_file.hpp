#pragma once

#include "config/diagnostic.hpp"
#include "config/reader.hpp"
#include "devserver/replies.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mfo::devserver {

using replies_result = tl::expected<replies, std::vector<config::diagnostic>>;

/// Reads a file of replies, YAML or JSON, as README.md describes it: all of
/// it, or all that is wrong with it, each with its place.
[[nodiscard]] replies_result read_replies(const std::string& path);

/// The same for text that is at hand; `file_name` stands in diagnostics.
[[nodiscard]] replies_result parse_replies(std::string_view text,
                                           const std::string& file_name);

/// The same of a map in another file.
void read_replies(replies& into, const config::cursor& at, config::reader& in);

} // namespace mfo::devserver
