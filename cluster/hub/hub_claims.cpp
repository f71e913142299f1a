#include "cluster/hub/hub_claims.hpp"

#include <utility>

namespace mfo::cluster {

hub_claims::hub_claims(pointer self, hub_deps_ptr deps, link_keeper& links)
  : self_(self), deps_(std::move(deps)), links_(links),
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

void hub_claims::settle(const core::event_ptr& event, bool taken) {
  if (const auto mine = numbers_.extract(event.get())) {
    pending_.erase(mine.mapped());
    desk_.settle(event->id, mine.mapped(), taken, self_->clock().now());
  }
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
  deps_->report->bytes_sent.fetch_add(bytes.size(), std::memory_order_relaxed);
  if (const auto gate = links_.gate_of(peer))
    self_->send(caf::actor_cast<gate_actor>(gate), claims_atom::value,
                links_.number_of(peer), std::move(bytes));
}

void hub_claims::flush_claims_soon(const std::string& peer) {
  self_->send(self_, flush_atom::value, peer);
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
  deps_->log->error("a peer breaks the rules",
                    {{"node", peer}, {"detail", why}});
  self_->send(self_, failed_atom::value, links_.number_of(peer), peer);
}

} // namespace mfo::cluster
