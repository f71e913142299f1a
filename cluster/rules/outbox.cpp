#include "cluster/rules/outbox.hpp"

#include <algorithm>

namespace mfo::cluster {

std::string_view to_string(return_cause cause) noexcept {
  switch (cause) {
  case return_cause::peer_lost:
    return "peer_lost";
  case return_cause::unreceived:
    return "unreceived";
  case return_cause::silent:
    return "silent";
  case return_cause::handed_back:
    return "handed_back";
  }
  return "unknown";
}

std::string_view to_string(hand_refusal why) noexcept {
  switch (why) {
  case hand_refusal::too_many_events:
    return "too_many_events";
  case hand_refusal::too_many_bytes:
    return "too_many_bytes";
  case hand_refusal::known_id:
    return "known_id";
  }
  return "unknown";
}

outbox::outbox(bounds limits) : limits_(limits) {}

tl::expected<std::uint64_t, hand_refusal>
outbox::hand(const parcel& event, const std::string& peer, std::uint64_t link,
             unsigned moves, deadlines by) {
  if (entries_.contains(event.id))
    return tl::unexpected(hand_refusal::known_id);
  if (entries_.size() >= limits_.max_events)
    return tl::unexpected(hand_refusal::too_many_events);
  if (event.bytes > limits_.max_bytes - std::min(bytes_, limits_.max_bytes))
    return tl::unexpected(hand_refusal::too_many_bytes);
  const line_key at{peer, link};
  auto& line = lines_[at];
  const auto number = ++line.last;
  line.open.emplace(number, event.id);
  entries_.emplace(event.id, entry{.event = event,
                                   .at = at,
                                   .number = number,
                                   .moves = moves,
                                   .by = by});
  bytes_ += event.bytes;
  return number;
}

void outbox::received(const std::string& peer, std::uint64_t link,
                      std::uint64_t number) {
  const auto line = lines_.find({peer, link});
  if (line == lines_.end())
    return;
  auto& known = line->second.received;
  known = std::max(known, std::min(number, line->second.last));
}

std::optional<parcel> outbox::conclude(std::string_view id) {
  const auto found = entries_.find(std::string{id});
  if (found == entries_.end())
    return std::nullopt;
  lines_[found->second.at].open.erase(found->second.number);
  return extract(found->first).event;
}

std::optional<outbox::returned> outbox::hand_back(const std::string& peer,
                                                  std::string_view id) {
  const auto found = entries_.find(std::string{id});
  if (found == entries_.end() || found->second.at.first != peer)
    return std::nullopt;
  lines_[found->second.at].open.erase(found->second.number);
  return give_back(extract(found->first), return_cause::handed_back);
}

std::vector<outbox::returned> outbox::lost(const std::string& peer,
                                           std::uint64_t link) {
  std::vector<returned> back;
  const auto found = lines_.find({peer, link});
  if (found == lines_.end())
    return back;
  for (const auto& [number, id] : found->second.open)
    back.push_back(give_back(extract(id), return_cause::peer_lost));
  lines_.erase(found);
  return back;
}

std::vector<outbox::returned> outbox::sweep(clock::time_point now) {
  std::vector<returned> back;
  for (auto& [at, line] : lines_) {
    for (auto next = line.open.begin(); next != line.open.end();) {
      const auto& by = entries_.find(next->second)->second.by;
      const bool silent = by.concluded <= now;
      const bool unreceived = next->first > line.received && by.received <= now;
      if (!silent && !unreceived) {
        ++next;
        continue;
      }
      back.push_back(
          give_back(extract(next->second),
                    silent ? return_cause::silent : return_cause::unreceived));
      next = line.open.erase(next);
    }
  }
  return back;
}

outbox::entry outbox::extract(const std::string& id) {
  auto node = entries_.extract(id);
  bytes_ -= node.mapped().event.bytes;
  return std::move(node.mapped());
}

outbox::returned outbox::give_back(entry out, return_cause cause) const {
  const auto moves = out.moves + 1;
  return {.event = std::move(out.event),
          .moves = moves,
          .too_often = moves > limits_.max_moves,
          .peer = std::move(out.at.first),
          .cause = cause};
}

} // namespace mfo::cluster
