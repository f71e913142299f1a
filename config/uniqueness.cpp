#include "config/uniqueness.hpp"

#include <fmt/format.h>

namespace mfo::config {

void uniqueness::add(const std::string& text, const cursor& at) {
  if (text.empty())
    return;
  const auto [first, is_new] = seen_.emplace(text, at.where());
  if (!is_new)
    in_.report(at, fmt::format("must be unique; line {} has it already",
                               first->second.line));
}

} // namespace mfo::config
