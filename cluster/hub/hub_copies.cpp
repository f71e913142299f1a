#include "cluster/hub/hub_copies.hpp"

#include <utility>

namespace mfo::cluster {

namespace {

/// Of the second that a node has for what is left when it stops.
constexpr std::chrono::milliseconds handed_within{750};

/// Until it is tried again to have an event held that was taken over.
constexpr std::chrono::milliseconds copied_again_after{1'000};

/// Of those, in one tick, so that thousands are not sent at once.
constexpr std::size_t copied_at_once = 100;

} // namespace

hub_copies::hub_copies(pointer self, hub_deps_ptr deps,
                       const hub_rules_ptr& rules, peer_talk& talk)
  : self_(self), deps_(std::move(deps)), rules_(rules), talk_(talk),
    desk_({deps_->card.name, deps_->card.born.process}, deps_->copies, *this) {}

std::optional<core::outcome> hub_copies::begin(const core::event_ptr& event) {
  const auto& endpoint = *event->endpoint;
  if (endpoint.ack != config::ack_mode::replicated)
    return std::nullopt;
  if (inherited_.contains(event->id)) {
    copy_anew(event);
    return std::nullopt;
  }
  const auto by = event->received_at + endpoint.timeout;
  const auto begun =
      desk_.begin(event, endpoint.copies, by, self_->clock().now());
  if (!begun && begun.error() == begin_refusal::known_id)
    return core::refused(core::errc::in_progress);
  if (!begun && endpoint.too_few_copies == config::shortfall::refuse)
    return core::refused(core::errc::too_few_copies,
                         std::string{to_string(begun.error())});
  unanswered_.insert_or_assign(event->id, event);
  return std::nullopt;
}

void hub_copies::hand_over(const core::event_ptr& event) {
  if (desk_.has_holder(event->id))
    return deps_->handed_over(event->id, true);
  const auto now = self_->clock().now();
  if (desk_.is_awaited(event->id) ||
      desk_.begin(event, 1, now + handed_within, now))
    handed_.insert(event->id);
  else
    deps_->handed_over(event->id, false);
}

void hub_copies::settled(const std::string& id) {
  unanswered_.erase(id);
  desk_.done(id);
  if (const auto mine = inherited_.extract(id))
    for (const auto& origin : mine.mapped())
      desk_.concluded(origin, id);
}

void hub_copies::tick() {
  desk_.sweep(self_->clock().now());
  admit_inherited();
  copy_overdue();
  answer_overdue();
  note_numbers();
}

void hub_copies::note_numbers() {
  auto& shown = deps_->report->copies;
  shown.open.store(desk_.open(), std::memory_order_relaxed);
  shown.held.store(desk_.replicas(), std::memory_order_relaxed);
  shown.bytes.store(desk_.replica_bytes(), std::memory_order_relaxed);
  deps_->report->show(desk_.counts());
}

/// Their senders were told that they are taken, so they wait until there is
/// room.
void hub_copies::admit_inherited() {
  while (!to_admit_.empty() && deps_->take_over(to_admit_.front().event))
    to_admit_.pop_front();
}

/// Its sender was told that others hold it: so they are to, wherever it is. As
/// many as there can be, as it runs in any case.
void hub_copies::copy_anew(const core::event_ptr& event) {
  const auto now = self_->clock().now();
  for (auto copies = event->endpoint->copies; copies > 0; --copies) {
    const auto begun =
        desk_.begin(event, copies, clock::time_point::max(), now);
    if (begun || begun.error() == begin_refusal::known_id)
      return;
  }
  to_copy_.push_back({event, now + copied_again_after});
}

void hub_copies::copy_overdue() {
  const auto now = self_->clock().now();
  for (auto left = copied_at_once;
       left > 0 && !to_copy_.empty() && to_copy_.front().at <= now; --left) {
    const auto event = std::move(to_copy_.front().event);
    to_copy_.pop_front();
    if (inherited_.contains(event->id)) // it has not ended meanwhile
      copy_anew(event);
  }
}

/// Of an event that nobody else holds the sender hears how it ended; by its
/// time-out if that is not known.
void hub_copies::answer_overdue() {
  const auto now = self_->clock().now();
  std::erase_if(unanswered_, [&](const auto& each) {
    const auto& event = each.second;
    if (now < event->received_at + event->endpoint->timeout)
      return false;
    deps_->answer_late(event);
    return true;
  });
}

void hub_copies::send(const std::string& peer, std::string bytes) {
  talk_.send<copies_atom>(peer, std::move(bytes));
}

void hub_copies::flush_soon(const std::string& peer) {
  talk_.flush_soon(peer);
}

void hub_copies::held(const core::event_ptr& event) {
  if (handed_.erase(event->id) > 0)
    return deps_->handed_over(event->id, true);
  if (inherited_.contains(event->id))
    return; // its sender has been told long since
  unanswered_.erase(event->id);
  deps_->acknowledge(event);
}

void hub_copies::not_held(const core::event_ptr& event, give_up_cause why) {
  if (handed_.erase(event->id) > 0)
    deps_->handed_over(event->id, false);
  if (inherited_.contains(event->id))
    to_copy_.push_back({event, self_->clock().now() + copied_again_after});
  deps_->log->warn("event not replicated", {{"event_id", event->id},
                                            {"endpoint", event->endpoint->id},
                                            {"reason", to_string(why)}});
}

bool hub_copies::has_endpoint(std::string_view id) {
  return rules_->endpoint(id) != nullptr;
}

core::event_ptr hub_copies::revive(const wire_event& what) {
  return rules_->revive(what, deps_->depths, self_->clock().now());
}

void hub_copies::take_over(const node_life& origin,
                           const core::event_ptr& event) {
  deps_->log->warn("event taken over",
                   {{"event_id", event->id}, {"node", origin.name}});
  event->trail.came_from(origin.name);
  auto& origins = inherited_[event->id];
  origins.push_back(origin);
  if (origins.size() > 1)
    return; // it is under way
  to_admit_.push_back({origin, event});
  admit_inherited();
}

void hub_copies::cannot_run(const node_life& origin, std::string_view id) {
  deps_->log->error("event cannot be taken over",
                    {{"event_id", id}, {"node", origin.name}});
}

void hub_copies::faulty(const std::string& peer, std::string_view why) {
  talk_.faulty(peer, why);
}

} // namespace mfo::cluster
