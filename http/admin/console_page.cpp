#include "http/admin/console_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace mfo::http {

namespace {

constexpr std::pair<std::string_view, std::string_view> media_types[]{
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"}};

/// Nothing but what the console itself has, no script in its pages, and it in
/// no page of another.
constexpr std::string_view policy{
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"};

std::string_view media_type_of(std::string_view name) {
  for (const auto& [end, type] : media_types)
    if (name.ends_with(end))
      return type;
  return "application/octet-stream";
}

/// RFC 9110, section 13.1.2.
bool has_it(std::string_view if_none_match, std::string_view tag) {
  return if_none_match == "*" || if_none_match.find(tag) != tag.npos;
}

} // namespace

const embedded_file* find_file(std::span<const embedded_file> all,
                               std::string_view name) noexcept {
  const auto found = std::ranges::find(all, name, &embedded_file::name);
  return found == all.end() ? nullptr : &*found;
}

answer show_file(const embedded_file& file, const admin_request& request) {
  const auto tag = fmt::format("\"{}\"", file.tag);
  return {.status = has_it(request.if_none_match, tag) ? 304 : 200,
          .media_type = media_type_of(file.name),
          .body = std::string{file.text},
          .fields = {{"Cache-Control", "no-cache"},
                     {"ETag", tag},
                     {"Content-Security-Policy", std::string{policy}},
                     {"X-Content-Type-Options", "nosniff"},
                     {"Referrer-Policy", "no-referrer"}}};
}

} // namespace mfo::http
