// The framing of HTTP/1.1 requests: however the bytes of a connection are cut,
// the same requests are found, and no more bytes are used than were given.

#include "fuzz/cuts.hpp"
#include "fuzz/target.hpp"
#include "http/framing.hpp"

#include <string>
#include <vector>

namespace mfo::fuzz {

namespace {

using http::framing;
using verdict = framing::verdict;

constexpr framing::bounds bounds{.max_header = 600, .max_body = 300};

struct reading {
  std::vector<std::string> paths; ///< of complete requests
  std::vector<std::uint64_t> bodies;
  bool refused = false;
  core::errc error{};
  std::string refused_path;

  friend bool operator==(const reading&, const reading&) = default;
};

/// As the connection does: what is not used is held, and given again with more
/// behind.
reading read(const std::vector<std::string_view>& pieces) {
  framing parser{bounds};
  reading result;
  std::string held;
  for (const auto piece : pieces) {
    held.append(piece);
    while (!held.empty()) {
      const auto step = parser.feed(held);
      require(step.used <= held.size());
      if (step.what == verdict::refused) {
        result.refused = true;
        result.error = parser.error();
        result.refused_path = parser.path();
        require(parser.feed(held).what == verdict::refused);
        return result;
      }
      require(step.what != verdict::complete || parser.between_requests());
      require(step.what != verdict::head || !parser.between_requests());
      require(parser.body_announced() <= bounds.max_body);
      held.erase(0, step.used);
      if (step.what == verdict::incomplete)
        break;
      require(step.used > 0);
      if (step.what == verdict::complete) {
        result.paths.push_back(parser.path());
        result.bodies.push_back(parser.body_announced());
      }
    }
    require(held.size() <= bounds.max_header + 4);
  }
  return result;
}

} // namespace

void run(std::string_view input) {
  const cuts cut{input};
  const auto whole = read({cut.text()});
  require(read(cut.pieces()) == whole);
  require(read(cut.bytes()) == whole);
}

} // namespace mfo::fuzz
