#include "config/secret_field.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

namespace mfo::config {

void require_one(const section_view& view, const std::vector<std::string>& keys,
                 reader& in) {
  const auto is_given = [&](const auto& key) {
    return view.given(key);
  };
  if (std::ranges::any_of(keys, is_given)) {
    refuse_several(view, keys, in);
    return;
  }
  in.report(view.self().key_where, join_path(view.self().path, keys.front()),
            "missing required key",
            fmt::format("or {} in its place",
                        fmt::join(std::span(keys).subspan(1), " or ")));
}

void refuse_several(const section_view& view,
                    const std::vector<std::string>& keys, reader& in) {
  const std::string* first = nullptr;
  for (const auto& key : keys) {
    const auto found = view.find(key);
    if (!found)
      continue;
    if (first == nullptr)
      first = &key;
    else
      in.report(found->key_where, found->path,
                fmt::format("cannot stand beside {}", *first),
                "give one of them");
  }
}

std::string hide_password(const std::string& url) {
  constexpr std::string_view hidden = "***";
  auto shown = url.substr(0, url.find('?'));
  const auto scheme = shown.find("://");
  const auto at = shown.rfind('@');
  if (scheme == std::string::npos || at == std::string::npos)
    return shown;
  const auto begin = scheme + 3;
  const auto colon = shown.find(':', begin);
  const auto from = colon < at ? colon + 1 : begin;
  return shown.replace(from, at - from, hidden);
}

} // namespace mfo::config
