#include "outbound/client_shelf.hpp"

#include <algorithm>
#include <utility>

namespace mfo::outbound {

client_shelf::client_shelf(maker make, std::size_t kept)
  : make_(std::move(make)), kept_(kept) {}

client_shelf::~client_shelf() {
  for (const auto& each : places_)
    each.client->close();
}

std::list<client_shelf::place>::iterator
client_shelf::find(const http::origin& server) {
  return std::ranges::find(places_, server, &place::server);
}

tl::expected<std::shared_ptr<http::client>, std::string>
client_shelf::take(const http::origin& server) {
  auto found = find(server);
  if (found == places_.end()) {
    auto made = make_(server);
    if (!made)
      return tl::unexpected(std::move(made.error()));
    places_.push_front({server, *std::move(made)});
  } else {
    places_.splice(places_.begin(), places_, found);
  }
  ++places_.front().uses;
  return places_.front().client;
}

void client_shelf::give_back(const http::origin& server) {
  const auto found = find(server);
  --found->uses;
  places_.splice(places_.begin(), places_, found);
  trim();
}

void client_shelf::keep(std::size_t kept) {
  kept_ = kept;
  trim();
}

void client_shelf::trim() {
  auto room = kept_;
  std::erase_if(places_, [&room](const place& each) {
    if (each.uses > 0)
      return false;
    if (room > 0) {
      --room;
      return false;
    }
    each.client->close();
    return true;
  });
}

} // namespace mfo::outbound
