#pragma once

#include "http/admin/console_files.hpp"
#include "http/admin/request.hpp"
#include "http/answer.hpp"

#include <span>
#include <string_view>

/// The console: files that hold no data and are for everybody. What they show,
/// they ask the admin API for, as anybody else would.
namespace mfo::http {

/// What `/` is.
inline constexpr std::string_view console_index{"index.html"};

/// Null: there is none.
[[nodiscard]] const embedded_file* find_file(std::span<const embedded_file> all,
                                             std::string_view name) noexcept;

/// 304 where the browser has it.
[[nodiscard]] answer show_file(const embedded_file& file,
                               const admin_request& request);

} // namespace mfo::http
