#include "cluster/transport/door.hpp"

#include <utility>
#include <variant>

namespace mfo::cluster::wire {

namespace {

/// For CAF to let go of links when the node stops.
constexpr std::chrono::seconds stop_time{1};

} // namespace

std::vector<link_info> door::links() const {
  const std::lock_guard lock{links_mutex_};
  std::vector<link_info> result;
  for (const auto& [id, link] : links_)
    if (link.up)
      result.emplace_back(link.info).round_trip = link.scribe->round_trip();
  return result;
}

void door::read_inbox() {
  for (const auto& each : parts_.told->take())
    std::visit([this](const auto& what) { take(what); }, each);
}

void door::take(const dial_order& order) {
  dials_.push_back(order);
}

void door::take(const close_order& order) {
  const auto found = links_.find(order.link);
  if (found != links_.end())
    found->second.scribe->end(
        {end_reason::closed_here, "this node has closed the link"});
}

void door::take(const stop_order&) {
  if (stop_by_)
    return;
  stop_by_ = clock::now() + stop_time;
  parts_.told->refuse_dials();
  parts_.listener.reset();
  const end_cause cause{end_reason::stopped, "this node stops"};
  for (auto& each : incoming_.clear(cause))
    arrive(std::move(each));
  for (auto& each : outgoing_.clear(cause))
    arrive(std::move(each));
  for (auto& [id, link] : links_)
    link.scribe->end(cause);
}

void door::take(const closed_note& told) {
  lose(told.link, told.cause);
}

void door::take(const joined_note& told) {
  const auto found = links_.find(told.link);
  if (found == links_.end()) // it has ended already
    return;
  auto& link = found->second;
  if (told.failure) {
    link.scribe->end(*told.failure);
    return lose(told.link, *told.failure);
  }
  {
    const std::lock_guard lock{links_mutex_};
    link.up = true;
  }
  tell({.what = link_event::kind::linked,
        .link = told.link,
        .way = direction::dialled,
        .token = link.token,
        .peer = link.info.peer,
        .address = link.info.address,
        .node = told.gate->node(),
        .gate = told.gate});
}

void door::keep(live_link link) {
  const std::lock_guard lock{links_mutex_};
  links_.emplace(link.info.link, std::move(link));
}

/// Tells once of each: what comes later of the same link finds it no more.
void door::lose(link_id link, const end_cause& cause) {
  const auto found = links_.find(link);
  if (found == links_.end())
    return;
  const auto taken = [&] {
    const std::lock_guard lock{links_mutex_};
    return links_.extract(found);
  }();
  const auto& lost = taken.mapped();
  table_.ended(link);
  if (!lost.up)
    return fail(lost.token, lost.info.peer, lost.info.address, cause);
  parts_.counts->count(cause.reason);
  tell({.what = link_event::kind::lost,
        .link = link,
        .way = lost.info.way,
        .token = lost.token,
        .peer = lost.info.peer,
        .address = lost.info.address,
        .reason = cause.reason,
        .text = cause.text});
}

void door::tell(link_event event) {
  parts_.observer(event);
}

bool door::finished(clock::time_point now) const {
  return stop_by_ && ((links_.empty() && dials_.empty()) || now >= *stop_by_);
}

} // namespace mfo::cluster::wire
