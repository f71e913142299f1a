#include "cluster/hub/hub_claims.hpp"

#include <utility>

namespace mfo::cluster {

hub_claims::hub_claims(pointer self, hub_deps_ptr deps, peer_talk& talk)
  : self_(self), deps_(std::move(deps)), talk_(talk),
    desk_({deps_->card.name, deps_->card.born.process}, deps_->claims, *this) {}

std::optional<claim_verdict> hub_claims::claim(const core::event_ptr& event,
                                               verdict_function later) {
  const auto number = ++last_number_;
  const auto verdict =
      desk_.claim(event->id, number, event->deadline, self_->clock().now());
  if (!verdict)
    pending_.emplace(number, question{event, std::move(later)});
  if (verdict.value_or(claim_verdict::fresh) == claim_verdict::fresh)
    numbers_.insert_or_assign(event.get(), number);
  return verdict;
}

void hub_claims::settle(const core::event_ptr& event, core::delivery_end end) {
  const auto mine = numbers_.find(event.get());
  if (mine == numbers_.end())
    return;
  const auto number = mine->second;
  if (end != core::delivery_end::held)
    numbers_.erase(mine);
  pending_.erase(number);
  desk_.settle(event->id, number, end, self_->clock().now());
}

void hub_claims::schedule_due(const tick_record& what) {
  if (desk_.tick(what, runners_, self_->clock().now(), deps_->unix_now()) ==
      tick_verdict::fire)
    deps_->fire(what);
}

void hub_claims::set_view(const view& members) {
  runners_.clear();
  for (const auto* each : members.alive_with(role::runner))
    runners_.push_back(each->card->name);
  desk_.set_view(members, self_->clock().now());
}

void hub_claims::tick() {
  desk_.sweep(self_->clock().now());
  deps_->report->show(desk_.counts());
  deps_->report->ids_owned.store(desk_.owned(), std::memory_order_relaxed);
}

void hub_claims::send_claims(const std::string& peer, std::string bytes) {
  talk_.send<claims_atom>(peer, std::move(bytes));
}

void hub_claims::flush_claims_soon(const std::string& peer) {
  talk_.flush_soon(peer);
}

void hub_claims::decided(std::uint64_t number, claim_verdict what) {
  const auto waits = pending_.extract(number);
  if (!waits)
    return;
  const auto& [event, later] = waits.mapped();
  if (what != claim_verdict::fresh)
    numbers_.erase(event.get());
  later(what);
}

void hub_claims::fire(const tick_record& tick) {
  deps_->fire(tick);
}

void hub_claims::faulty(const std::string& peer, std::string_view why) {
  talk_.faulty(peer, why);
}

} // namespace mfo::cluster
