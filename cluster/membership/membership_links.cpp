// The part of membership that is about links and what comes by them.

#include "cluster/membership/membership.hpp"

#include "core/printable.hpp"

#include <fmt/format.h>

#include <utility>

namespace mfo::cluster {

namespace {

/// Between two notices of one kind, however often it happens.
constexpr std::chrono::seconds notice_pause{10};

/// Whether to say it now.
bool is_due(std::optional<membership::clock::time_point>& last,
            membership::clock::time_point now) {
  if (last && now - *last < notice_pause)
    return false;
  last = now;
  return true;
}

std::string_view why_not(member_table::answer answer) {
  switch (answer) {
  case member_table::answer::full:
    return "the member table is full";
  case member_table::answer::stale:
    return "a process that started later has its name";
  case member_table::answer::second_link:
    return "there is another link, which is the one to keep";
  case member_table::answer::bad:
  case member_table::answer::taken:
    break;
  }
  return "its card is out of bounds";
}

} // namespace

hello membership::own_hello(std::uint64_t dial) const {
  return {.cluster = cluster_, .card = *card_, .dial = dial};
}

tl::expected<std::uint16_t, refusal>
membership::judge(const hello& theirs, clock::time_point now) const {
  std::optional<known_process> known;
  if (const auto* member = table_.find(theirs.card.name))
    known = known_process{.born = member->record->card->born,
                          .linked = table_.is_fresh(*member, now),
                          .gone = is_ended(member->shown)};
  return judge_hello(own_hello(0), theirs, known);
}

order_list membership::link_opened(const link_key& link, const node_card& card,
                                   clock::time_point now) {
  order_list out;
  const auto dialled =
      link.dialled_here ? dials_.opened(link.dial) : std::nullopt;
  const auto refuse = [&](std::string_view reason) {
    if (dialled)
      dials_.link_ended(*dialled, clock::duration::zero(), now, uniform_());
    out.emplace_back(
        orders::close_link{.link = link, .reason = std::string{reason}});
    return finish(std::move(out));
  };
  if (leaving_)
    return refuse("this node leaves");
  if (card.name == card_->name)
    return refuse("it has the name of this node");
  if (dialled)
    seeds_.found(*dialled, card.name);
  const auto answer = table_.link_up(
      std::make_shared<const node_card>(card),
      {.key = link, .dialled = dialled, .since = now}, card_->name, now, out);
  if (answer == member_table::answer::full)
    note_full(card.name, now, out);
  if (answer != member_table::answer::taken)
    return refuse(why_not(answer));
  // At once, so that who joins knows everybody without waiting.
  send_to(*table_.find(card.name), make_heartbeat(now), out);
  return finish(std::move(out));
}

order_list membership::link_closed(const link_key& link,
                                   std::string_view reason,
                                   clock::time_point now) {
  order_list out;
  const auto ended = table_.link_down(link, reason, now, out);
  if (ended && ended->dialled)
    dials_.link_ended(*ended->dialled, now - ended->since, now, uniform_());
  return finish(std::move(out));
}

order_list membership::heard(const heartbeat& message, clock::time_point now) {
  order_list out;
  const auto* sender = table_.find(message.sender);
  if (!sender || message.born < sender->record->card->born) {
    ++counters_.stale_messages;
    return finish(std::move(out));
  }
  if (const auto good = check_heartbeat(message); !good) {
    note_bad(fmt::format("a heartbeat of {}: {}", message.sender, good.error()),
             now, out);
    return finish(std::move(out));
  }
  for (const auto& row : *message.table)
    take_row(row, message.sender, now, out);
  if (message.of_you)
    hear_of_oneself(*message.of_you, message.sender, out);
  if (table_.heard(message, now, out) != member_table::answer::taken)
    ++counters_.stale_messages;
  return finish(std::move(out));
}

void membership::take_row(const table_row& row, std::string_view teller,
                          clock::time_point now, order_list& out) {
  const auto& card = *row.record->card;
  if (card.name == card_->name) {
    hear_of_oneself(opinion_of(*row.record), teller, out);
    return;
  }
  switch (table_.learn(row, teller, now, out)) {
  case member_table::answer::bad:
    note_bad(fmt::format("a record that {} has: {} {}", teller, describe(card),
                         check_card(card).error()),
             now, out);
    break;
  case member_table::answer::full:
    note_full(card.name, now, out);
    break;
  default:
    break;
  }
}

void membership::note_bad(const std::string& text, clock::time_point now,
                          order_list& out) {
  ++counters_.bad_messages;
  if (is_due(bad_noticed_, now))
    out.emplace_back(
        orders::notice{.kind = orders::notice_kind::bad_message,
                       .text = fmt::format("{} ({} such so far)", text,
                                           counters_.bad_messages)});
}

void membership::note_full(std::string_view name, clock::time_point now,
                           order_list& out) {
  ++counters_.refused_members;
  if (is_due(full_noticed_, now))
    out.emplace_back(orders::notice{
        .kind = orders::notice_kind::table_full,
        .text = fmt::format("no space for {}: the table holds {} members ({} "
                            "refused so far)",
                            core::printable(name), settings_.max_members,
                            counters_.refused_members)});
}

} // namespace mfo::cluster
