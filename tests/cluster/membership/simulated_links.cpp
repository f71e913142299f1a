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
  end.last_arrival = std::max(end.last_arrival, now_ + delay());
  return end.last_arrival - now_;
}

void simulated_network::dial(host& from, const orders::dial& order) {
  ++from.dials;
  const auto fail_in = [&](time wait) {
    const auto number = order.number;
    at_process(from.name, from.generation, wait, [this, number](host& at) {
      carry_out(at, at.process->dial_failed(number, clock_of(at)));
    });
  };
  const auto target = hosts_.find(order.where.host);
  if (target == hosts_.end() || is_lost(from.name, target->first) ||
      is_lost(target->first, from.name))
    return fail_in(handshake_limit);
  auto& to = target->second;
  if (!to.process)
    return fail_in(2 * delay());
  auto made = std::make_shared<link>();
  made->ends[0].host = from.name;
  made->ends[0].generation = from.generation;
  made->ends[1].host = to.name;
  made->ends[1].generation = to.generation;
  const auto number = order.number;
  at_process(from.name, from.generation, handshake_limit,
             [this, made, number](host& at) {
               if (std::exchange(made->settled, true))
                 return;
               carry_out(at, at.process->dial_failed(number, clock_of(at)));
             });
  at_process(to.name, to.generation, arrival(made->ends[1]),
             [this, made, theirs = from.process->own_hello(number)](host&) {
               accept(made, theirs);
             });
}

/// At the side that was dialled.
void simulated_network::accept(const link_ptr& made, const hello& theirs) {
  auto& end = made->ends[1];
  auto& dialler = made->ends[0];
  auto& here = host_of(end.host);
  const auto verdict = here.process->judge(theirs, clock_of(here));
  if (!reaches(end.host, dialler.host))
    return; // the dialler's time runs out
  if (!verdict) {
    refusals.push_back(verdict.error());
    at_process(
        dialler.host, dialler.generation, arrival(dialler),
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
  at_process(dialler.host, dialler.generation, arrival(dialler),
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
  auto& here = host_of(end.host);
  if (std::exchange(made->settled, true))
    return tell_closed(made, 1, "the dialler gave up");
  const auto verdict = here.process->judge(theirs, clock_of(here));
  if (!verdict) {
    refusals.push_back(verdict.error());
    carry_out(here, here.process->refused_peer(end.name.dial, verdict.error(),
                                               clock_of(here)));
    auto& acceptor = made->ends[1];
    at_process(acceptor.host, acceptor.generation, arrival(acceptor),
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
  auto& here = host_of(own.host);
  own.open = true;
  here.links[key_of(own.name)] = made;
  carry_out(here, here.process->link_opened(own.name, peer, clock_of(here)));
}

void simulated_network::send(host& from, const orders::send_heartbeat& order) {
  from.last_table = order.message.table;
  const auto found = from.links.find(key_of(order.to));
  if (found == from.links.end())
    return;
  const auto& by = found->second;
  const std::size_t other = by->ends[0].host == from.name ? 1 : 0;
  if (is_lost(from.name, by->ends[other].host))
    return;
  after(arrival(by->ends[other]), [this, by, other, message = order.message] {
    arrive(by, other, message);
  });
}

void simulated_network::arrive(const link_ptr& by, std::size_t end,
                               const heartbeat& message) {
  auto& own = by->ends[end];
  auto& here = host_of(own.host);
  // At the dialler's end the link may not be open yet: only its process knows.
  if (here.process && here.generation == own.generation &&
      (own.open || (end == 0 && !by->settled))) {
    at_process(own.host, own.generation, time{0}, [this, message](host& at) {
      carry_out(at, at.process->heard(message, clock_of(at)));
    });
  } else if (reaches(own.host, by->ends[1 - end].host)) {
    tell_closed(by, 1 - end, "reset by the peer");
  }
}

/// This end is closed; the other one hears of it if the network lets it.
void simulated_network::close(const link_ptr& which, std::size_t end) {
  which->ends[end].open = false;
  if (reaches(which->ends[end].host, which->ends[1 - end].host))
    tell_closed(which, 1 - end, "closed by the peer");
}

void simulated_network::tell_closed(const link_ptr& which, std::size_t end,
                                    const char* reason) {
  auto& own = which->ends[end];
  at_process(own.host, own.generation, arrival(own),
             [this, which, end, reason](host& at) {
               auto& closed = which->ends[end];
               if (!std::exchange(closed.open, false))
                 return;
               at.links.erase(key_of(closed.name));
               carry_out(at, at.process->link_closed(closed.name, reason,
                                                     clock_of(at)));
             });
}

} // namespace mfo::cluster::test
