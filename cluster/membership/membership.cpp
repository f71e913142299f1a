#include "cluster/membership/membership.hpp"

#include "config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace mfo::cluster {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

} // namespace

membership::membership(std::string cluster, node_card card,
                       const membership_settings& settings,
                       std::function<double()> uniform, clock::time_point now)
  : cluster_(std::move(cluster)), settings_(settings),
    uniform_(std::move(uniform)),
    card_(std::make_shared<const node_card>(std::move(card))),
    record_(
        std::make_shared<const member_record>(member_record{.card = card_})),
    load_(std::make_shared<const load_report>()), table_(settings),
    dials_(settings), last_tick_(now), last_round_(now), next_round_(now) {}

order_list membership::tick(clock::time_point now) {
  order_list out;
  if (leaving_) {
    say_good_bye(now, out);
    return finish(std::move(out));
  }
  allow_for_a_stop(now, out);
  table_.detect(now, out);
  resolve(now, out);
  dial_others(now, out);
  if (now >= next_round_ ||
      (early_round_ && now - last_round_ >= tick_interval(settings_)))
    send_round(now, out);
  return finish(std::move(out));
}

/// A process that did not run, e.g. because its machine slept, would blame all
/// others for the silence.
void membership::allow_for_a_stop(clock::time_point now, order_list& out) {
  const auto gap = now - std::exchange(last_tick_, now);
  if (gap <= settings_.heartbeat)
    return;
  table_.allow_for(gap - tick_interval(settings_), now);
  out.emplace_back(orders::notice{
      .kind = orders::notice_kind::was_stopped,
      .text = fmt::format(
          "this process did not look after its cluster for {}",
          config::format_duration(duration_cast<milliseconds>(gap)))});
}

void membership::send_round(clock::time_point now, order_list& out) {
  // One that is due keeps the pace, though ticks are late; an early one begins
  // the interval anew.
  next_round_ = now < next_round_ ? now + settings_.heartbeat
                                  : std::max(next_round_ + settings_.heartbeat,
                                             now + settings_.heartbeat / 2);
  ++sequence_;
  early_round_ = false;
  last_round_ = now;
  const auto message = make_heartbeat(now);
  for (const auto& [name, member] : table_.entries())
    if (member.link)
      send_to(member, message, out);
}

heartbeat membership::make_heartbeat(clock::time_point now) {
  return {.sender = card_->name,
          .born = card_->born,
          .sequence = sequence_,
          .load = load_,
          .table = std::make_shared<const std::vector<table_row>>(
              table_.rows({.record = record_, .sequence = sequence_}, now))};
}

void membership::send_to(const member_table::entry& member, heartbeat message,
                         order_list& out) {
  message.of_you = opinion_of(*member.record);
  out.emplace_back(orders::send_heartbeat{.to = member.link->key,
                                          .message = std::move(message)});
}

void membership::set_own(member_state state, std::uint32_t refutation) {
  record_ = std::make_shared<const member_record>(
      member_record{.card = card_, .state = state, .refutation = refutation});
  ++own_version_;
  early_round_ = true;
}

void membership::raise_above(const incarnation& other, order_list& out) {
  // A number of a clock that is off by so much is no incarnation.
  if (other.started == std::numeric_limits<std::uint64_t>::max())
    return;
  auto card = *card_;
  card.born = cluster::raised_above(card.born, other);
  card_ = std::make_shared<const node_card>(std::move(card));
  set_own(member_state::alive, 0);
  out.emplace_back(orders::notice{
      .kind = orders::notice_kind::incarnation_raised,
      .text = fmt::format("this node's incarnation is {} now, above {}, which "
                          "is gone",
                          to_string(card_->born), to_string(other))});
}

/// What a peer says of this node's name.
void membership::hear_of_oneself(const member_opinion& opinion,
                                 std::string_view teller, order_list& out) {
  if (leaving_ || opinion.born < card_->born)
    return;
  const bool own = opinion.born.process == card_->born.process;
  if (opinion.born == card_->born && opinion.state != member_state::left) {
    if (opinion.state == member_state::alive ||
        opinion.refutation < record_->refutation)
      return;
    if (opinion.refutation < std::numeric_limits<std::uint32_t>::max()) {
      set_own(member_state::alive, opinion.refutation + 1);
      ++counters_.refutations;
      out.emplace_back(
          orders::notice{.kind = orders::notice_kind::refuted,
                         .text = fmt::format("{} had this node as {}", teller,
                                             to_string(opinion.state))});
      return;
    }
  }
  if (own || is_ended(opinion.state)) {
    raise_above(opinion.born, out);
  } else if (conflict_ != opinion.born) {
    conflict_ = opinion.born;
    out.emplace_back(orders::notice{
        .kind = orders::notice_kind::name_conflict,
        .text = fmt::format("{} knows a later process, {}, that has this "
                            "node's name; of {} it takes no notice",
                            teller, to_string(opinion.born),
                            to_string(card_->born))});
  }
}

void membership::report_load(load_report load) {
  load.draining = draining_;
  load_ = std::make_shared<const load_report>(bounded(std::move(load)));
  snapshot_.reset();
}

order_list membership::drain(clock::time_point now) {
  order_list out;
  if (!std::exchange(draining_, true)) {
    report_load(*load_);
    send_round(now, out);
  }
  return finish(std::move(out));
}

order_list membership::leave(clock::time_point now) {
  order_list out;
  if (leaving_)
    return out;
  leaving_ = true;
  set_own(member_state::left, record_->refutation);
  out.emplace_back(orders::report_change{.member = card_->name,
                                         .from = member_state::alive,
                                         .to = member_state::left,
                                         .reason = "it was told to leave"});
  send_round(now, out);
  close_at_ = now + settings_.heartbeat;
  return finish(std::move(out));
}

void membership::say_good_bye(clock::time_point now, order_list& out) {
  if (closed_ || now < close_at_)
    return;
  send_round(now, out);
  table_.close_all("this node leaves", out);
  closed_ = true;
}

std::shared_ptr<const view> membership::snapshot() {
  if (snapshot_)
    return snapshot_;
  const auto silent = std::make_shared<const load_report>();
  view::member_list members;
  members.reserve(table_.entries().size() + 1);
  for (const auto& [name, member] : table_.entries())
    members.push_back({.card = member.record->card,
                       .load = member.load ? member.load : silent,
                       .state = member.shown,
                       .linked = member.link.has_value(),
                       .last_heard = member.heard_at});
  const auto after = std::find_if(members.begin(), members.end(),
                                  [this](const member_view& each) {
                                    return each.card->name > card_->name;
                                  });
  members.insert(after, {.card = card_,
                         .load = load_,
                         .state = record_->state,
                         .linked = true,
                         .last_heard = std::nullopt});
  snapshot_ = std::make_shared<const view>(
      card_->name, own_version_ + table_.version(), std::move(members));
  return snapshot_;
}

/// Of every input: the view may be another one now.
order_list membership::finish(order_list out) {
  snapshot_.reset();
  for (const auto& each : out)
    if (const auto* change = std::get_if<orders::report_change>(&each);
        change && change->to == member_state::suspect)
      ++counters_.suspicions;
  return out;
}

} // namespace mfo::cluster
