#include "cluster/copies/peer_watch.hpp"

#include <utility>

namespace mfo::cluster {

namespace {

node_life life_in(const member_view& member) {
  return {.name = member.card->name, .incarnation = member.card->born.process};
}

bool is_said_to_live(const member_view& member) {
  return member.state == member_state::alive ||
         member.state == member_state::suspect;
}

} // namespace

peer_watch::peer_watch(std::string own_name,
                       std::chrono::milliseconds trust_link_for)
  : own_name_(std::move(own_name)), trust_link_for_(trust_link_for) {}

void peer_watch::set_view(std::shared_ptr<const view> members) {
  members_ = std::move(members);
  draining_ = members_->oneself().load->draining;
}

void peer_watch::link_opened(const node_life& peer, clock::time_point now) {
  gone_.erase(peer);
  links_.insert_or_assign(
      peer.name, link{.life = peer, .trusted_until = now + trust_link_for_});
}

void peer_watch::link_closed(const std::string& peer) {
  links_.erase(peer);
}

void peer_watch::gone(const node_life& peer) {
  gone_.insert(peer);
  const auto open = links_.find(peer.name);
  if (open != links_.end() && open->second.life == peer)
    open->second.trusted_until = {};
}

peer_watch::changes peer_watch::look(clock::time_point now) {
  std::erase_if(gone_,
                [&](const node_life& life) { return !lives_in_view(life); });
  const auto before = std::exchange(peers_, seen(now));
  changes found;
  for (const auto& [name, was] : before) {
    const auto is = peers_.find(name);
    if (is == peers_.end() || is->second.life != was.life)
      found.gone.push_back(was.life);
    else if (is->second.draining && !was.draining)
      found.leaving.push_back(was.life);
  }
  eligible_.clear();
  for (const auto& [name, is] : peers_) {
    if (!is.eligible)
      continue;
    eligible_.push_back(is.life);
    const auto was = before.find(name);
    if (was == before.end() || was->second.life != is.life ||
        !was->second.eligible)
      found.came.push_back(is.life);
  }
  return found;
}

bool peer_watch::is_alive(const node_life& peer) const {
  return incarnation_of(peer.name) == peer.incarnation;
}

std::optional<std::uint64_t>
peer_watch::incarnation_of(const std::string& name) const {
  const auto found = peers_.find(name);
  if (found == peers_.end())
    return std::nullopt;
  return found->second.life.incarnation;
}

bool peer_watch::is_draining(const std::string& name) const {
  const auto found = peers_.find(name);
  return found != peers_.end() && found->second.draining;
}

peer_watch::peers peer_watch::seen(clock::time_point now) const {
  peers all;
  if (members_ != nullptr) {
    for (const auto& member : members_->members()) {
      const auto life = life_in(member);
      if (life.name == own_name_ || !is_said_to_live(member) ||
          gone_.contains(life))
        continue;
      const auto open = links_.find(life.name);
      const bool linked = open != links_.end() && open->second.life == life;
      const bool draining = member.load->draining;
      all.emplace(life.name, seen_peer{.life = life,
                                       .draining = draining,
                                       .eligible = linked && !draining &&
                                                   member.is_reachable()});
    }
  }
  for (const auto& [name, open] : links_) {
    if (open.trusted_until <= now)
      continue;
    auto& known = all[name];
    if (known.life != open.life)
      known = seen_peer{.life = open.life};
  }
  return all;
}

bool peer_watch::lives_in_view(const node_life& life) const {
  if (members_ == nullptr)
    return false;
  const auto* member = members_->find(life.name);
  return member != nullptr && is_said_to_live(*member) &&
         life_in(*member) == life;
}

} // namespace mfo::cluster
