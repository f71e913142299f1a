// The path of a request target: a part of the target as sent, without a query,
// and nothing is decoded or put in order.

#include "fuzz/target.hpp"
#include "http/framing.hpp"

namespace mfo::fuzz {

void run(std::string_view input) {
  const auto path = http::target_path(input);
  require(path == "/" || input.find(path) != std::string_view::npos);
  require(path.find('?') == std::string_view::npos);
  if (input.starts_with('/'))
    require(path == input.substr(0, input.find('?')));
  require(http::target_path(path) == path || !path.starts_with('/'));
}

} // namespace mfo::fuzz
