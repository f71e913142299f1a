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

} // namespace mfo::config
