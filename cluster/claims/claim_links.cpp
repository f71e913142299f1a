#include "cluster/claims/claim_desk.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mfo::cluster {

namespace {

/// In one message; the rest goes with the next.
constexpr std::size_t claims_at_once = 512;

/// Of one peer: it does not have more claims under way.
constexpr std::size_t most_answers_waiting = 16'384;

/// By then views have become equal, as a rule.
constexpr std::chrono::milliseconds rescan_after{1'000};

} // namespace

void claim_desk::link_opened(const node_life& peer, std::uint64_t link) {
  if (const auto known = links_.find(peer.name); known != links_.end())
    link_closed(peer.name, line_of(known->second).link->number);
  links_.insert_or_assign(peer.name, peer);
  auto& line = line_of(peer);
  line.told.link_opened();
  auto& opened =
      line.link.emplace(open_link{.number = link, .fired = log_.begin()});
  for (auto& [number, each] : questions_)
    if (each.asked == peer) {
      each.sent = false;
      opened.to_ask.push_back(number);
    }
  if (!opened.to_ask.empty() || line.told.has_unsaid() ||
      log_.has_more(opened.fired))
    note_news(peer, line);
}

void claim_desk::link_closed(const std::string& peer, std::uint64_t link) {
  const auto found = links_.find(peer);
  if (found == links_.end())
    return;
  const auto line = lines_.find(found->second);
  if (line->second.link->number != link)
    return;
  line->second.link.reset();
  if (!is_member(found->second))
    lines_.erase(line);
  links_.erase(found);
}

claim_desk::peer_line& claim_desk::line_of(const node_life& peer) {
  return lines_
      .try_emplace(peer, peer_line{.told = told_queue{settings_.max_told}})
      .first->second;
}

void claim_desk::note_news(const node_life& peer, peer_line& line) {
  if (!line.link)
    return;
  line.link->has_news = true;
  if (std::exchange(line.link->flush_under_way, true))
    return;
  host_.flush_claims_soon(peer.name);
}

std::size_t claim_desk::flush(const std::string& peer, clock::time_point now) {
  const auto found = links_.find(peer);
  if (found == links_.end())
    return 0;
  auto& line = line_of(found->second);
  auto& link = *line.link;
  link.flush_under_way = false;
  if (!std::exchange(link.has_news, false))
    return 0;
  claims_message message;
  message.heard = link.heard;
  message.asked = take_asked(found->second, link, now);
  const auto answers = std::min(link.answers.size(), claims_at_once);
  const auto end = link.answers.begin() + static_cast<std::ptrdiff_t>(answers);
  message.answered.assign(link.answers.begin(), end);
  link.answers.erase(link.answers.begin(), end);
  message.told = line.told.next(claims_at_once, now);
  message.fired = log_.next(link.fired, claims_at_once);
  host_.send_claims(peer, pack(message));
  if (!link.to_ask.empty() || !link.answers.empty() || line.told.has_unsaid() ||
      log_.has_more(link.fired))
    note_news(found->second, line);
  return message.asked.size() + message.answered.size() + message.told.size() +
         message.fired.size();
}

/// The questions that are this peer's still.
std::vector<asked_claim> claim_desk::take_asked(const node_life& peer,
                                                open_link& link,
                                                clock::time_point now) {
  std::vector<asked_claim> asked;
  auto next = link.to_ask.begin();
  for (; next != link.to_ask.end() && asked.size() < claims_at_once; ++next) {
    const auto found = questions_.find(*next);
    if (found == questions_.end() || found->second.asked != peer ||
        std::exchange(found->second.sent, true))
      continue;
    ++counts_.asked;
    asked.push_back({.number = *next,
                     .id = found->second.id,
                     .left = std::chrono::ceil<std::chrono::milliseconds>(
                         found->second.deadline - now)});
  }
  link.to_ask.erase(link.to_ask.begin(), next);
  return asked;
}

void claim_desk::come(const std::string& peer, std::string_view bytes,
                      clock::time_point now) {
  const auto found = links_.find(peer);
  if (found == links_.end())
    return; // its link has just been closed: what it says comes again
  auto read = unpack_claims(bytes);
  if (!read)
    return host_.faulty(peer, "a claims message " + read.error());
  if (!*read)
    return; // of a kind of a later version
  auto& message = **read;
  const auto from = found->second;
  auto& line = line_of(from);
  if (!line.told.acknowledge(message.heard))
    return host_.faulty(peer, "it has heard more of claims than was said");
  // In the order in which it did them.
  if (!message.told.empty()) {
    line.link->heard += message.told.size();
    note_news(from, line);
    take_told(from, std::move(message.told), now);
  }
  if (!message.asked.empty()) {
    answer(from, *line.link, message.asked, now);
    note_news(from, line);
  }
  take_answers(from, message.answered, now);
  for (const auto& tick : message.fired)
    note_fired(tick, false, now);
  hand_over(now);
}

void claim_desk::take_told(const node_life& from, std::vector<told_claim> told,
                           clock::time_point now) {
  std::vector<ownership::record> records;
  for (auto& each : told) {
    if (auto* record = std::get_if<ownership::record>(&each)) {
      records.push_back(std::move(*record));
      continue;
    }
    const auto& said = std::get<settled_claim>(each);
    if (said.end == core::delivery_end::held && !lives(from))
      continue; // nobody would say that it is gone
    const ownership::claimant who{.node = from, .number = said.number};
    if (owned_.settle(said.id, who, said.end, now))
      continue;
    if (said.end == core::delivery_end::taken)
      records.push_back({.id = said.id, .what = ownership::state::done});
    else if (said.end == core::delivery_end::held)
      records.push_back(
          {.id = said.id, .what = ownership::state::held, .by = who});
  }
  const bool is_foreign =
      std::any_of(records.begin(), records.end(), [&](const auto& record) {
        return !owned_.is_current(record.id, self_);
      });
  if (is_foreign && !rescan_at_)
    rescan_at_ = now + rescan_after;
  merge(std::move(records), now);
}

/// Who is not the owner by its own view says nothing: it is asked again.
void claim_desk::answer(const node_life& from, open_link& link,
                        const std::vector<asked_claim>& asked,
                        clock::time_point now) {
  for (const auto& each : asked) {
    if (link.answers.size() >= most_answers_waiting) {
      ++counts_.unanswered;
      continue;
    }
    const auto verdict = owned_.claim(
        each.id, {.node = from, .number = each.number}, now + each.left, now);
    if (verdict != ownership::verdict::not_owner)
      link.answers.push_back(
          {.number = each.number, .verdict = verdict_of(verdict)});
  }
}

void claim_desk::take_answers(const node_life& from,
                              const std::vector<answered_claim>& answers,
                              clock::time_point now) {
  for (const auto& each : answers) {
    const auto which = questions_.find(each.number);
    if (which != questions_.end() && which->second.asked == from &&
        owned_.is_current(which->second.id, from))
      conclude(which, each.verdict, now);
  }
}

} // namespace mfo::cluster
