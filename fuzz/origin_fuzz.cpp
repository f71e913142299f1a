// URLs of servers: what is read, written again, reads as the same; nothing in
// it could end a line of a request.

#include "fuzz/target.hpp"
#include "http/origin.hpp"

namespace mfo::fuzz {

namespace {

bool is_one_word(std::string_view text) {
  return text.find_first_of(std::string_view{" \t\r\n\0", 5}) ==
         std::string_view::npos;
}

} // namespace

void run(std::string_view input) {
  if (const auto one = http::parse_origin(input)) {
    require(!one->host.empty() && one->port != 0);
    require(is_one_word(one->authority()) && is_one_word(one->base_path));
    require(http::parse_origin(one->url()) == *one);
  } else {
    require(!one.error().empty());
  }
  if (const auto parts = http::parse_url(input)) {
    require(parts->target.starts_with('/') && is_one_word(parts->target));
    require(parts->server.base_path.empty());
    const auto again = http::parse_url(parts->server.url() + parts->target);
    require(again && again->server == parts->server &&
            again->target == parts->target);
  }
}

} // namespace mfo::fuzz
