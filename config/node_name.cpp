#include "config/node_name.hpp"

namespace mfo::config {

tl::expected<std::string, std::string> parse_node_name(std::string_view text) {
  if (is_node_name(text))
    return std::string(text);
  return tl::make_unexpected(
      std::string("must be 1 to 64 of A-Z, a-z, 0-9, ., _ and -, the first one "
                  "a letter or digit"));
}

std::string to_node_name(std::string_view host) {
  std::string name(host);
  std::ranges::replace_if(
      name, [](char c) { return !is_name_part(c) && c != '.'; }, '-');
  // What cannot begin a name.
  name.erase(0, name.find_first_not_of("-._"));
  name.resize(std::min(name.size(), longest_node_name));
  return name.empty() ? "node" : name;
}

} // namespace mfo::config
