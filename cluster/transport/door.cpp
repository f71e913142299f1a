#include "cluster/transport/door.hpp"

#include "config/address.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <span>
#include <utility>

namespace mfo::cluster::wire {

namespace {

/// In one go, before the others get their turn.
constexpr int most_accepted = 64;
/// When there are no descriptors left, which no poll tells the end of.
constexpr std::chrono::milliseconds accept_pause{100};

handshake_room::limits limits_of(const transport_settings& settings) {
  return {settings.max_handshakes, settings.max_waiting,
          settings.handshake_deadline};
}

} // namespace

door::door(parts given)
  : parts_(std::move(given)),
    table_(parts_.settings.max_connections, parts_.settings.handshake_deadline),
    incoming_(limits_of(parts_.settings)),
    outgoing_(limits_of(parts_.settings)) {}

void door::run() {
  while (!finished(clock::now())) {
    read_inbox();
    begin_dials();
    wait_and_advance();
  }
  // Dials that came at the last moment, and links that CAF holds on to.
  read_inbox();
  begin_dials();
  while (!links_.empty())
    lose(
        links_.begin()->first,
        {end_reason::stopped, "this node stops, and CAF holds on to the link"});
}

void door::wait_and_advance() {
  const auto before = clock::now();
  if (finished(before))
    return;
  const bool listening = parts_.listener.valid() && before >= accept_again_;
  std::vector<pollfd> polled{
      {parts_.told->descriptor(), POLLIN, 0},
      {listening ? parts_.listener.number() : -1, POLLIN, 0}};
  const auto incoming_at = polled.size();
  incoming_.add_to(polled);
  const auto outgoing_at = polled.size();
  outgoing_.add_to(polled);
  const auto ready = ::poll(polled.data(), polled.size(), wait_time(before));
  if (ready < 0) // interrupted: nothing is known
    for (auto& each : polled)
      each.revents = 0;
  const std::span<const pollfd> all{polled};
  const auto now = clock::now();
  for (auto& each : incoming_.advance(
           all.subspan(incoming_at, outgoing_at - incoming_at), now))
    arrive(std::move(each));
  for (auto& each : outgoing_.advance(all.subspan(outgoing_at), now))
    arrive(std::move(each));
  if (listening && polled[1].revents != 0)
    accept_all();
}

/// In milliseconds, as poll(2) has it; rounded up, so as not to come too early
/// again and again.
int door::wait_time(clock::time_point now) const {
  auto next =
      std::min(incoming_.next_deadline().value_or(clock::time_point::max()),
               outgoing_.next_deadline().value_or(clock::time_point::max()));
  if (accept_again_ > now)
    next = std::min(next, accept_again_);
  if (stop_by_)
    next = std::min(next, *stop_by_);
  if (next == clock::time_point::max())
    return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now);
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(
      left.count(), 0, std::numeric_limits<int>::max()));
}

void door::accept_all() {
  for (int i = 0; i < most_accepted; ++i) {
    auto peer = accept_from(parts_.listener);
    if (peer) {
      let_in(*std::move(peer));
      continue;
    }
    const auto error = peer.error();
    if (error == EAGAIN)
      return;
    if (error == EINTR || error == ECONNABORTED)
      continue;
    accept_again_ = clock::now() + accept_pause;
    const end_cause cause{end_reason::broken,
                          "cannot accept: " + system_text(error)};
    parts_.counts->count(cause.reason);
    tell({.reason = cause.reason, .text = cause.text});
    return;
  }
}

void door::let_in(accepted_socket peer) {
  guest who{.link = ++last_link_,
            .address = std::move(peer.address),
            .work = handshake{std::move(peer.socket), parts_.rules}};
  if (table_.full()) {
    refuse(who, {end_reason::full,
                 fmt::format("there are {} links, as many as may be",
                             table_.size())});
    return;
  }
  if (auto gone = incoming_.enter(std::move(who), clock::now()))
    arrive(*std::move(gone));
}

void door::begin_dials() {
  while (!dials_.empty() && (outgoing_.has_place() || stop_by_)) {
    auto order = std::move(dials_.front());
    dials_.pop_front();
    parts_.told->dial_begun();
    dial(std::move(order));
  }
}

void door::dial(dial_order order) {
  const auto link = ++last_link_;
  const auto address = config::format_listen_address(order.address);
  if (auto cause = try_to_dial(order, link)) {
    table_.ended(link);
    return fail(order.token, order.expected, address, *cause);
  }
  auto socket = begin_to_connect(order.address);
  if (!socket) {
    table_.ended(link);
    return fail(order.token, order.expected, address,
                {end_reason::unreachable, "cannot connect: " + socket.error()});
  }
  handshake work{*std::move(socket), parts_.rules, order.expected};
  guest who{.link = link,
            .token = order.token,
            .address = address,
            .expected = std::move(order.expected),
            .work = std::move(work)};
  if (auto gone = outgoing_.enter(std::move(who), clock::now()))
    arrive(*std::move(gone));
}

std::optional<end_cause> door::try_to_dial(const dial_order& order,
                                           link_id link) {
  if (stop_by_)
    return end_cause{end_reason::stopped, "this node stops"};
  if (!parts_.settings.tls && !config::is_loopback(order.address))
    return end_cause{end_reason::not_allowed,
                     "without TLS only this host may be dialled"};
  if (parts_.settings.tls && !order.expected.empty() &&
      !parts_.rules.allowed->allows(order.expected))
    return end_cause{end_reason::not_allowed,
                     order.expected + " is not on the list of peers"};
  return table_.dial(link, own_name(), order.expected, clock::now());
}

void door::arrive(leaver from) {
  const bool came_in = from.who.work.way() == direction::accepted;
  if (!from.failure)
    return came_in ? come_in(std::move(from.who))
                   : get_there(std::move(from.who));
  if (came_in)
    return refuse(from.who, *from.failure);
  table_.ended(from.who.link);
  fail(from.who.token, from.who.expected, from.who.address, *from.failure);
}

void door::come_in(guest peer) {
  const auto& name = peer.work.peer_name();
  if (const auto cause =
          table_.accept(peer.link, own_name(), name, clock::now()))
    return refuse(peer, *cause);
  live_link link{.info = {.link = peer.link,
                          .way = direction::accepted,
                          .peer = name,
                          .address = peer.address,
                          .certificate_end = peer.work.certificate_end()},
                 .up = true};
  link.scribe = parts_.desk->take_in(peer.link, peer.work.take_channel(),
                                     peer.work.filter());
  const auto info = link.info;
  keep(std::move(link));
  tell({.what = link_event::kind::linked,
        .link = info.link,
        .way = info.way,
        .peer = info.peer,
        .address = info.address,
        .node = parts_.desk->node_of(peer.work.filter().peer_id())});
}

void door::get_there(guest peer) {
  const auto& name = peer.work.peer_name();
  if (const auto cause =
          table_.reached(peer.link, own_name(), name, clock::now())) {
    table_.ended(peer.link);
    return fail(peer.token, peer.expected, peer.address, *cause);
  }
  live_link link{.info = {.link = peer.link,
                          .way = direction::dialled,
                          .peer = name,
                          .address = peer.address,
                          .certificate_end = peer.work.certificate_end()},
                 .token = peer.token};
  link.scribe =
      parts_.desk->join(peer.link, peer.work.take_channel(), peer.work.filter(),
                        parts_.settings.handshake_deadline);
  keep(std::move(link));
}

void door::refuse(const guest& peer, const end_cause& cause) {
  parts_.counts->count(cause.reason);
  tell({.what = link_event::kind::refused,
        .peer = peer.work.peer_name(),
        .address = peer.address,
        .reason = cause.reason,
        .text = cause.text});
}

void door::fail(std::uint64_t token, const std::string& expected,
                const std::string& address, const end_cause& cause) {
  parts_.counts->count(cause.reason);
  tell({.what = link_event::kind::failed,
        .way = direction::dialled,
        .token = token,
        .peer = expected,
        .address = address,
        .reason = cause.reason,
        .text = cause.text});
}

std::string door::own_name() const {
  const auto& identity = parts_.rules.identity;
  return identity != nullptr ? identity->own_name() : std::string{};
}

} // namespace mfo::cluster::wire
