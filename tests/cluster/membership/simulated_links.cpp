// The part of simulated_network that is about links.

#include "tests/cluster/membership/simulated_network.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster::test {

namespace {

constexpr std::chrono::seconds handshake_limit{2};

} // namespace

/// In order behind whatever was sent to this end before.
simulated_network::time simulated_network::arrival(link_end& end) {
  end.last_arrival = std::max(end.last_arrival, now() + delay());
  return end.last_arrival - now();
}

void simulated_network::dial(host& from, const orders::dial& order) {
  ++from.dials;
  const auto fail_in = [&](time wait) {
    const auto number = order.number;
    at_process(from, from.generation, wait, [this, number](host& at) {
      carry_out(at, at.process->dial_failed(number, clock_of(at)));
    });
  };
  const auto target = hosts_.find(order.where.host);
  if (target == hosts_.end() || is_lost(from, target->second) ||
      is_lost(target->second, from))
    return fail_in(handshake_limit);
  auto& to = target->second;
  if (!to.process)
    return fail_in(2 * delay());
  auto made = std::make_shared<link>();
  made->ends[0].at = &from;
  made->ends[0].generation = from.generation;
  made->ends[1].at = &to;
  made->ends[1].generation = to.generation;
  const auto number = order.number;
  at_process(from, from.generation, handshake_limit,
             [this, made, number](host& at) {
               if (std::exchange(made->settled, true))
                 return;
               carry_out(at, at.process->dial_failed(number, clock_of(at)));
             });
  at_process(to, to.generation, arrival(made->ends[1]),
             [this, made, theirs = from.process->own_hello(number)](host&) {
               accept(made, theirs);
             });
}

/// At the side that was dialled.
void simulated_network::accept(const link_ptr& made, const hello& theirs) {
  auto& end = made->ends[1];
  auto& dialler = made->ends[0];
  auto& here = *end.at;
  const auto verdict = here.process->judge(theirs, clock_of(here));
  if (!reaches(here, *dialler.at))
    return; // the dialler's time runs out
  if (!verdict) {
    refusals.push_back(verdict.error());
    at_process(
        *dialler.at, dialler.generation, arrival(dialler),
        [this, made, why = verdict.error(), number = theirs.dial](host& at) {
          if (std::exchange(made->settled, true))
            return;
          carry_out(at, at.process->refused_by_peer(number, why, clock_of(at)));
        });
    return;
  }
  end.name = {.peer = theirs.card.name,
              .process = theirs.card.born.process,
              .dialled_here = false,
              .dial = theirs.dial};
  at_process(*dialler.at, dialler.generation, arrival(dialler),
             [this, made, number = theirs.dial,
              ours = here.process->own_hello(0)](host&) {
               made->ends[0].name.dial = number;
               answer(made, ours);
             });
  open(made, 1, theirs.card);
}

/// At the side that dialled.
void simulated_network::answer(const link_ptr& made, const hello& theirs) {
  auto& end = made->ends[0];
  auto& here = *end.at;
  if (std::exchange(made->settled, true))
    return tell_closed(made, 1, "the dialler gave up");
  const auto verdict = here.process->judge(theirs, clock_of(here));
  if (!verdict) {
    refusals.push_back(verdict.error());
    carry_out(here, here.process->refused_peer(end.name.dial, verdict.error(),
                                               clock_of(here)));
    auto& acceptor = made->ends[1];
    at_process(*acceptor.at, acceptor.generation, arrival(acceptor),
               [this, why = verdict.error()](host& at) {
                 carry_out(at, at.process->refused_by_peer(std::nullopt, why,
                                                           clock_of(at)));
               });
    return tell_closed(made, 1, "the dialler refused");
  }
  end.name = {.peer = theirs.card.name,
              .process = theirs.card.born.process,
              .dialled_here = true,
              .dial = end.name.dial};
  open(made, 0, theirs.card);
}

void simulated_network::open(const link_ptr& made, std::size_t end,
                             const node_card& peer) {
  auto& own = made->ends[end];
  auto& here = *own.at;
  own.open = true;
  here.links[own.name] = made;
  carry_out(here, here.process->link_opened(own.name, peer, clock_of(here)));
}

void simulated_network::send(host& from, orders::send_heartbeat order) {
  if (order.message.table != from.last_table)
    note_told(from, order.message);
  const auto found = from.links.find(order.to);
  if (found == from.links.end())
    return;
  const auto& by = found->second;
  const std::size_t other = by->ends[0].at == &from ? 1 : 0;
  if (is_lost(from, *by->ends[other].at))
    return;
  agenda_.in(arrival(by->ends[other]),
             [this, by, other, message = std::move(order.message)]() mutable {
               arrive(by, other, std::move(message));
             });
}

/// It is the same for all peers of a round.
void simulated_network::note_told(host& by, const heartbeat& message) const {
  by.last_table = message.table;
  ++by.rounds;
  for (const auto& row : *message.table)
    by.told[row.record->card->name] = {.row = row, .at = now()};
}

void simulated_network::arrive(const link_ptr& by, std::size_t end,
                               heartbeat message) {
  auto& own = by->ends[end];
  auto& here = *own.at;
  // At the dialler's end the link may not be open yet: only its process knows.
  if (here.process && here.generation == own.generation &&
      (own.open || (end == 0 && !by->settled))) {
    at_process(here, own.generation,
               [this, message = std::move(message)](host& at) {
                 carry_out(at, at.process->heard(message, clock_of(at)));
               });
  } else if (reaches(here, *by->ends[1 - end].at)) {
    tell_closed(by, 1 - end, "reset by the peer");
  }
}

/// This end is closed; the other one hears of it if the network lets it.
void simulated_network::close(const link_ptr& which, std::size_t end) {
  which->ends[end].open = false;
  if (reaches(*which->ends[end].at, *which->ends[1 - end].at))
    tell_closed(which, 1 - end, "closed by the peer");
}

void simulated_network::tell_closed(const link_ptr& which, std::size_t end,
                                    const char* reason) {
  auto& own = which->ends[end];
  at_process(*own.at, own.generation, arrival(own),
             [this, which, end, reason](host& at) {
               auto& closed = which->ends[end];
               if (!std::exchange(closed.open, false))
                 return;
               at.links.erase(closed.name);
               carry_out(at, at.process->link_closed(closed.name, reason,
                                                     clock_of(at)));
             });
}

} // namespace mfo::cluster::test
