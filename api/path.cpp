#include "api/path.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::api {

namespace {

/// RFC 3986, section 2.3.
bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

auto refuse(std::string why) {
  return tl::make_unexpected(invalid_request(std::move(why)));
}

/// Both slashes count, since some servers take one for the other.
bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    const auto segment = path.substr(0, path.find_first_of("/\\"));
    if (segment == "." || segment == "..")
      return true;
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
  }
  return false;
}

tl::expected<std::string, api_error> bounded(std::string target) {
  if (target.size() > max_target)
    return refuse(fmt::format("the target is longer than {}", max_target));
  return target;
}

} // namespace

std::string percent_encoded(std::string_view text, slashes how) {
  constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c) || (c == '/' && how == slashes::kept)) {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 0xF];
    }
  }
  return out;
}

tl::expected<std::string, api_error>
fill_path(std::string_view path_template,
          std::initializer_list<path_value> values) {
  std::string path;
  auto rest = path_template;
  for (const auto& one : values)
    if (rest.find(fmt::format("{{{}}}", one.name)) == rest.npos)
      return refuse(
          fmt::format("the path {} lacks {{{}}}", path_template, one.name));
  for (auto open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
    path += rest.substr(0, open);
    rest.remove_prefix(open + 1);
    const auto name = rest.substr(0, rest.find('}'));
    const auto given =
        std::find_if(values.begin(), values.end(),
                     [&](const auto& one) { return one.name == name; });
    if (given == values.end() || name.size() == rest.size())
      return refuse(fmt::format("the path {} has a part in braces that "
                                "nothing is known for",
                                path_template));
    if (given->value.empty())
      return refuse(fmt::format("{} is empty", name));
    if (has_dot_segment(given->value))
      return refuse(fmt::format("a part of {} is . or ..", name));
    path += percent_encoded(given->value, given->how);
    rest.remove_prefix(name.size() + 1);
  }
  path += rest;
  return bounded(std::move(path));
}

tl::expected<std::string, api_error>
with_query(std::string target, std::string_view name, std::string_view value) {
  target += target.find('?') == std::string::npos ? '?' : '&';
  target += percent_encoded(name) + "=" + percent_encoded(value);
  return bounded(std::move(target));
}

} // namespace mfo::api
