#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace mfo::config {

/// All bytes of a file or a pipe, at most `limit` of them; a pipe is waited
/// for. The error is the system's text for errno, or that the file is too
/// large; it quotes neither the path nor a byte of the file.
[[nodiscard]] tl::expected<std::string, std::string>
read_file(const std::string& path, std::size_t limit);

/// Why `path`, links followed, is no regular file, in words that go on after
/// the name and a colon; or nothing. Opens nothing: to open a FIFO would wait
/// for who writes to it, and a device has no end.
[[nodiscard]] std::optional<std::string>
why_not_regular(const std::string& path);

/// All bytes of a regular file, as `read_file`; anything else is refused, and
/// never waited for.
[[nodiscard]] tl::expected<std::string, std::string>
read_regular_file(const std::string& path, std::size_t limit);

/// Takes away the line break at the end that an editor adds: one, LF or CR LF.
void strip_line_break(std::string& bytes);

/// `path` as seen from the folder of the configuration file: absolute paths
/// stay as they are.
[[nodiscard]] std::string beside(const std::string& config_file,
                                 const std::string& path);

} // namespace mfo::config
