#include "http/access.hpp"

#include <algorithm>
#include <utility>

namespace mfo::http {

namespace {

using std::chrono::milliseconds;

std::optional<core::token_rate> rate_of(const config::rate_settings& rate) {
  if (rate.per_second <= 0)
    return std::nullopt;
  return core::token_rate{rate.per_second, rate.burst};
}

/// How many addresses each endpoint knows that limits them: so many that they
/// take some megabytes of all endpoints together, and never too few to tell
/// senders apart.
std::size_t share_of(const std::vector<config::endpoint_settings>& endpoints) {
  constexpr std::size_t least = 1'024;
  const auto limited = static_cast<std::size_t>(
      std::ranges::count_if(endpoints, [](const auto& endpoint) {
        return endpoint.access.rate_limit_per_address.per_second > 0;
      }));
  constexpr auto all = core::rate_limiter::usual_capacity;
  return std::max(least, all / std::max<std::size_t>(limited, 1));
}

} // namespace

access::access(const std::vector<config::endpoint_settings>& endpoints,
               std::uint64_t seed) {
  const auto capacity = share_of(endpoints);
  for (const auto& endpoint : endpoints) {
    const auto& settings = endpoint.access;
    auto& mine = entries_.emplace_back();
    mine.id = endpoint.id;
    mine.rate_of_all = settings.rate_limit;
    mine.rate_of_each = settings.rate_limit_per_address;
    mine.allowed = config::network_set{settings.allow_from};
    if (const auto rate = rate_of(settings.rate_limit))
      mine.all.emplace(limit{*rate, {}});
    if (const auto rate = rate_of(settings.rate_limit_per_address))
      mine.each.emplace(*rate, seed, capacity);
  }
}

void access::go_on_from(access& former) {
  for (auto& mine : entries_) {
    const auto theirs = std::ranges::find(former.entries_, mine.id, &entry::id);
    if (theirs == former.entries_.end())
      continue;
    if (mine.rate_of_all == theirs->rate_of_all)
      mine.all = theirs->all;
    if (mine.rate_of_each == theirs->rate_of_each)
      mine.each = std::move(theirs->each);
  }
}

bool access::allows(std::size_t endpoint,
                    const config::ip_address& client) const {
  const auto& allowed = entries_[endpoint - 1].allowed;
  return allowed.empty() || allowed.contains(client);
}

std::optional<access::refusal> access::examine(std::size_t endpoint,
                                               const config::ip_address& client,
                                               clock::time_point now) {
  if (!allows(endpoint, client))
    return refusal{core::errc::source_not_allowed};
  auto& mine = entries_[endpoint - 1];
  auto* own = mine.each ? &mine.each->bucket(client, now) : nullptr;
  auto wait = clock::duration::zero();
  if (own != nullptr)
    wait = own->wait(mine.each->rate(), now);
  if (mine.all)
    wait = std::max(wait, mine.all->bucket.wait(mine.all->rate, now));
  if (wait > clock::duration::zero())
    return refusal{core::errc::rate_limited,
                   std::chrono::ceil<milliseconds>(wait)};
  if (own != nullptr)
    own->take(mine.each->rate(), now);
  if (mine.all)
    mine.all->bucket.take(mine.all->rate, now);
  return std::nullopt;
}

} // namespace mfo::http
