// The part of the hub that is about links, for the link keeper.

#include "cluster/hub/hub_engine.hpp"

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <mutex>
#include <utility>

namespace mfo::cluster {

namespace {

bool is_numeric(const std::string& host) {
  boost::system::error_code wrong;
  static_cast<void>(boost::asio::ip::make_address(host, wrong));
  return !wrong;
}

/// Gathers what several names stand for.
struct gathered_seeds {
  std::mutex mutex;
  std::vector<address> found;
  std::size_t waiting = 0;
};

std::string_view word_of(const std::optional<member_state>& state) {
  return state ? to_string(*state) : std::string_view{"unknown"};
}

std::string_view word_of(orders::notice_kind kind) {
  switch (kind) {
  case orders::notice_kind::refuted:
    return "refuted";
  case orders::notice_kind::incarnation_raised:
    return "incarnation_raised";
  case orders::notice_kind::name_conflict:
    return "name_conflict";
  case orders::notice_kind::table_full:
    return "table_full";
  case orders::notice_kind::too_many_seeds:
    return "too_many_seeds";
  case orders::notice_kind::bad_message:
    return "bad_message";
  case orders::notice_kind::was_stopped:
    return "was_stopped";
  case orders::notice_kind::dial_lost:
    break;
  }
  return "dial_lost";
}

} // namespace

void hub_engine::dial(const address& where, std::string expected,
                      std::uint64_t token) {
  const config::listen_address target{where.host, where.port};
  if (is_numeric(where.host)) {
    self_->send(self_, found_atom::value, token, std::move(expected), target);
    return;
  }
  deps_->resolve(target, [me = caf::actor_cast<hub_actor>(self_), expected,
                          token](std::vector<config::listen_address> found) {
    if (found.empty())
      caf::anon_send(me, failed_atom::value, token);
    else
      caf::anon_send(me, found_atom::value, token, expected, found.front());
  });
}

void hub_engine::dial_found(std::uint64_t token, std::string expected,
                            const config::listen_address& where) {
  if (wire_ == nullptr || !wire_->dial(where, std::move(expected), token))
    links_.dial_failed(token, now());
}

void hub_engine::resolve_seeds() {
  const auto all = std::make_shared<gathered_seeds>();
  for (const auto& each : deps_->seeds)
    if (is_numeric(each.host))
      all->found.push_back({each.host, each.port});
    else
      ++all->waiting;
  const auto me = caf::actor_cast<hub_actor>(self_);
  const auto tell = [me](const gathered_seeds& seeds) {
    caf::anon_send(me, found_atom::value,
                   std::make_shared<const std::vector<address>>(seeds.found));
  };
  if (all->waiting == 0)
    return tell(*all);
  for (const auto& each : deps_->seeds) {
    if (is_numeric(each.host))
      continue;
    deps_->resolve(each,
                   [all, tell](const std::vector<config::listen_address>& its) {
                     const std::lock_guard lock{all->mutex};
                     for (const auto& one : its)
                       all->found.push_back({one.host, one.port});
                     if (--all->waiting == 0)
                       tell(*all);
                   });
  }
}

void hub_engine::close(link_id link) {
  if (wire_ != nullptr)
    wire_->close(link);
}

void hub_engine::say(const caf::strong_actor_ptr& gate, peer_word what,
                     std::string bytes) {
  const auto to = caf::actor_cast<gate_actor>(gate);
  switch (what) {
  case peer_word::hello:
    return self_->send(to, hello_atom::value, std::move(bytes));
  case peer_word::welcome:
    return self_->send(to, welcome_atom::value, std::move(bytes));
  case peer_word::refuse:
    return self_->send(to, refuse_atom::value, std::move(bytes));
  case peer_word::beat:
    return self_->send(to, beat_atom::value, std::move(bytes));
  }
}

void hub_engine::link_up(const node_life& peer, std::uint64_t number,
                         std::uint16_t version) {
  deps_->log->info("link up", {{"node", peer.name}, {"protocol", version}});
  dispatcher_.link_opened(peer, number, now());
  copies_.desk().link_opened(peer, number, now());
  claims_.desk().link_opened(peer, number);
  calls_.desk().link_opened(peer, number, now());
}

void hub_engine::link_down(const std::string& peer, std::uint64_t number) {
  dispatcher_.link_closed(peer, number, now());
  copies_.desk().link_closed(peer, number, now());
  claims_.desk().link_closed(peer, number);
  calls_.desk().link_closed(peer, number, now());
  talk_.forget(peer);
}

void hub_engine::member_ended(const node_life& member) {
  dispatcher_.gone(member);
  copies_.desk().gone(member, now());
  calls_.desk().gone(member);
}

void hub_engine::view_changed(std::shared_ptr<const view> members) {
  deps_->report->show(members);
  copies_.desk().set_view(members, now());
  claims_.set_view(*members);
  calls_.desk().set_view(members);
  dispatcher_.set_view(std::move(members));
}

void hub_engine::changed(const orders::report_change& what) {
  const bool bad =
      what.to == member_state::suspect || what.to == member_state::dead;
  const telemetry::log::fields values{{"node", what.member},
                                      {"from", word_of(what.from)},
                                      {"to", word_of(what.to)},
                                      {"reason", what.reason}};
  if (bad)
    deps_->log->warn("member changed", values);
  else
    deps_->log->info("member changed", values);
}

void hub_engine::noticed(const orders::notice& what) {
  deps_->log->warn("cluster notice",
                   {{"reason", word_of(what.kind)}, {"detail", what.text}});
}

void hub_engine::not_reached(const std::string& peer,
                             const std::string& address,
                             const std::string& detail) {
  deps_->log->info("peer not reached",
                   {{"node", peer}, {"address", address}, {"detail", detail}});
}

void hub_engine::link_ended(const std::string& peer, const std::string& address,
                            const std::string& detail) {
  if (peer.empty() && !strangers_.take(now())) {
    ++left_out_;
    return;
  }
  deps_->log->warn("link ended", {{"node", peer},
                                  {"address", address},
                                  {"detail", detail},
                                  {"left_out", std::exchange(left_out_, 0)}});
}

void hub_engine::faulty(const std::string& peer, std::string_view why) {
  talk_.faulty(peer, why);
}

} // namespace mfo::cluster
