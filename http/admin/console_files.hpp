#pragma once

#include <span>
#include <string_view>

namespace mfo::http {

/// A file that is compiled in. All texts live as long as the program.
struct embedded_file {
  std::string_view name;
  std::string_view text;
  std::string_view tag; ///< hex; other texts have others
};

/// http/admin/console, by name.
std::span<const embedded_file> console_files() noexcept;

} // namespace mfo::http
