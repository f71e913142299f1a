// The part of membership that is about dials and seeds.

#include "cluster/membership/membership.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace mfo::cluster {

namespace {

/// Whether somebody has to change something before it can go well.
bool is_lasting(refusal_code code) {
  return code != refusal_code::name_taken &&
         code != refusal_code::older_incarnation &&
         code != refusal_code::turned_away;
}

} // namespace

order_list membership::seeds_resolved(const std::vector<address>& seeds,
                                      clock::time_point now) {
  order_list out;
  if (const auto left_out = seeds_.assign(seeds); left_out > 0)
    out.emplace_back(orders::notice{
        .kind = orders::notice_kind::too_many_seeds,
        .text = fmt::format("{} seeds are not used, {} are the most", left_out,
                            seed_list::most)});
  if (!leaving_)
    dial_others(now, out);
  return finish(std::move(out));
}

order_list membership::dial_failed(std::uint64_t number,
                                   clock::time_point now) {
  if (dials_.failed(number, now, uniform_()))
    ++counters_.failed_dials;
  return finish({});
}

order_list membership::refused_peer(std::uint64_t number, const refusal& why,
                                    clock::time_point now) {
  end_refused_dial(number, why, now);
  return finish({});
}

order_list membership::refused_by_peer(std::optional<std::uint64_t> number,
                                       const refusal& why,
                                       clock::time_point now) {
  order_list out;
  if (number)
    end_refused_dial(*number, why, now);
  if (!leaving_ && why.raise_above && *why.raise_above > card_->born)
    raise_above(*why.raise_above, out);
  return finish(std::move(out));
}

void membership::end_refused_dial(std::uint64_t number, const refusal& why,
                                  clock::time_point now) {
  const auto where = is_lasting(why.code)
                         ? dials_.refused(number, now)
                         : dials_.failed(number, now, uniform_());
  if (!where)
    return;
  ++counters_.failed_dials;
  if (why.code == refusal_code::oneself)
    seeds_.found_oneself(*where);
}

void membership::resolve(clock::time_point now, order_list& out) {
  const auto& members = table_.entries();
  const bool alone =
      std::none_of(members.begin(), members.end(),
                   [](const auto& each) { return each.second.link; });
  const auto& seeds = seeds_.all();
  const bool missing =
      std::any_of(seeds.begin(), seeds.end(), [this](const auto& each) {
        return !leads_to_a_member(each);
      });
  if (!alone && !missing)
    return;
  const auto pause =
      alone ? settings_.resolve_alone : settings_.resolve_missing;
  if (last_resolve_ && now - *last_resolve_ < pause)
    return;
  last_resolve_ = now;
  out.emplace_back(orders::resolve_seeds{});
}

/// Everybody has a link with everybody: the smaller name dials. A seed of which
/// nobody knows whose it is, is dialled by all.
void membership::dial_others(clock::time_point now, order_list& out) {
  for (const auto& where : dials_.expire(now, uniform_())) {
    ++counters_.failed_dials;
    out.emplace_back(orders::notice{
        .kind = orders::notice_kind::dial_lost,
        .text = fmt::format("dialling {} had no answer", to_string(where))});
  }
  for (const auto& [name, member] : table_.entries())
    if (!member.link && member.shown != member_state::left &&
        card_->name < name)
      dial(member.record->card->where, name, now, out);
  for (const auto& seed : seeds_.all())
    if (!leads_to_a_member(seed))
      dial(seed.where, std::nullopt, now, out);
  if (dials_.size() > table_.entries().size() + seeds_.all().size())
    forget_addresses();
}

/// Of members and seeds that are no more.
void membership::forget_addresses() {
  std::set<address> wanted;
  for (const auto& [name, member] : table_.entries())
    wanted.insert(member.record->card->where);
  for (const auto& seed : seeds_.all())
    wanted.insert(seed.where);
  dials_.keep_only(wanted);
}

/// Whether a link with whoever is there is up: an address may have gone over
/// from a member that is dead to one that lives.
bool membership::is_linked(const address& where) const {
  const auto& members = table_.entries();
  return std::any_of(members.begin(), members.end(), [&](const auto& each) {
    const auto& member = each.second;
    return member.link && (member.record->card->where == where ||
                           member.link->dialled == where);
  });
}

void membership::dial(const address& where, std::optional<std::string> expected,
                      clock::time_point now, order_list& out) {
  if (!dials_.may_dial(where, now) || is_linked(where))
    return;
  ++counters_.dials;
  out.emplace_back(orders::dial{.number = dials_.begin(where, now),
                                .where = where,
                                .expected = std::move(expected)});
}

/// One that is not dead, or this node.
bool membership::leads_to_a_member(const seed_list::seed& seed) const {
  if (seed.oneself || seed.where == card_->where)
    return true;
  const auto lives = [](const member_table::entry& member) {
    return !is_ended(member.shown);
  };
  if (seed.member)
    if (const auto* member = table_.find(*seed.member);
        member && lives(*member))
      return true;
  const auto& members = table_.entries();
  return std::any_of(members.begin(), members.end(), [&](const auto& each) {
    return each.second.record->card->where == seed.where && lives(each.second);
  });
}

} // namespace mfo::cluster
