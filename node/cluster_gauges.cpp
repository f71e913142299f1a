#include "node/cluster_gauges.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using counted = std::pair<std::string_view, std::uint64_t>;

/// How many members are in each state; all states are there.
std::map<cluster::member_state, std::size_t>
members_by_state(const cluster::hub_report& report) {
  using state = cluster::member_state;
  std::map<state, std::size_t> count{{state::alive, 0},
                                     {state::suspect, 0},
                                     {state::dead, 0},
                                     {state::left, 0}};
  if (const auto view = report.members())
    for (const auto& each : view->members())
      ++count[each.state];
  return count;
}

/// A sample for each word.
template <class Items>
void add_words(gatherer& into, const telemetry::metric_description& what,
               const std::string& label, const Items& all) {
  into.each(what, all, [&label](const counted& one) {
    return std::pair{gatherer::labels{{label, std::string{one.first}}},
                     one.second};
  });
}

void gather_membership(const cluster_seat& seat, gatherer& into) {
  const auto& report = seat.report();
  into.each(telemetry::cluster_members, members_by_state(report),
            [](const auto& one) {
              return std::pair{
                  gatherer::labels{
                      {"state", std::string{cluster::to_string(one.first)}}},
                  one.second};
            });
  into.one(telemetry::cluster_links, static_cast<double>(report.links.load()));
  std::vector<counted> ended;
  for (std::size_t i = 0; i < cluster::end_reasons; ++i) {
    const auto reason = static_cast<cluster::end_reason>(i);
    ended.emplace_back(cluster::to_string(reason), seat.links().count(reason));
  }
  add_words(into, telemetry::cluster_links_ended, "reason", ended);
  const auto counters = report.counters();
  add_words(into, telemetry::cluster_dials, "result",
            std::array<counted, 2>{counted{"begun", counters.dials},
                                   counted{"failed", counters.failed_dials}});
  into.one(telemetry::cluster_suspicions,
           static_cast<double>(counters.suspicions));
  into.one(telemetry::cluster_bad_messages,
           static_cast<double>(counters.bad_messages));
  if (const auto end = seat.links().expires())
    into.one(telemetry::cluster_certificate_expiry,
             static_cast<double>(end->time_since_epoch().count()));
}

/// A sample for each peer with a link.
void gather_peers(const cluster_seat& seat, gatherer& into) {
  const auto peers = seat.report().peers();
  std::map<cluster::link_id, std::string> names;
  for (const auto& each : peers)
    names.emplace(each.link, each.name);
  auto& round_trips = into.family(telemetry::cluster_round_trip);
  for (const auto& each : seat.links().links())
    if (const auto name = names.find(each.link);
        name != names.end() && each.round_trip)
      telemetry::add_sample(
          round_trips, {{"node", name->second}},
          std::chrono::duration<double>(*each.round_trip).count());
  const auto labels_of = [](const cluster::linked_peer& peer) {
    return gatherer::labels{{"node", peer.name}};
  };
  into.each(telemetry::cluster_credit_events, peers, [&](const auto& peer) {
    return std::pair{labels_of(peer), peer.left.events};
  });
  into.each(telemetry::cluster_credit_bytes, peers, [&](const auto& peer) {
    return std::pair{labels_of(peer), peer.left.bytes};
  });
}

void gather_work(const cluster::hub_report& report, gatherer& into) {
  std::vector<counted> moved;
  constexpr auto last = cluster::placement_reason::unavailable;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
    const auto why = static_cast<cluster::placement_reason>(i);
    moved.emplace_back(cluster::to_string(why), report.moves(why));
  }
  add_words(into, telemetry::cluster_events_moved, "reason", moved);
  into.one(telemetry::cluster_events_taken,
           static_cast<double>(report.taken.load()));
  into.one(telemetry::cluster_events_away,
           static_cast<double>(report.away.load()));
  into.one(telemetry::cluster_events_running,
           static_cast<double>(report.running.load()));
  into.one(telemetry::cluster_events_waiting,
           static_cast<double>(report.waiting.load()));
  add_words(into, telemetry::cluster_bytes, "direction",
            std::array<counted, 2>{
                counted{"sent", report.bytes_sent.load()},
                counted{"received", report.bytes_received.load()}});
}

void gather_copies(const cluster::hub_report& report, gatherer& into) {
  into.one(telemetry::cluster_copies_open,
           static_cast<double>(report.copies.open.load()));
  into.one(telemetry::cluster_copies_held,
           static_cast<double>(report.copies.held.load()));
  into.one(telemetry::cluster_copies_held_bytes,
           static_cast<double>(report.copies.bytes.load()));
  const auto counts = report.copies_counted();
  add_words(into, telemetry::cluster_replications, "result",
            std::array<counted, 3>{counted{"begun", counts.begun},
                                   counted{"held", counts.held},
                                   counted{"given_up", counts.given_up}});
  std::vector<counted> copies{{"kept", counts.kept},
                              {"released", counts.released},
                              {"audited", counts.audited}};
  for (std::size_t i = 0; i < cluster::keep_refusals; ++i)
    copies.emplace_back(
        cluster::to_string(static_cast<cluster::keep_refusal>(i)),
        counts.refused[i]);
  add_words(into, telemetry::cluster_copies, "result", copies);
  into.one(telemetry::cluster_take_overs,
           static_cast<double>(counts.taken_over));
}

void gather_claims(const cluster::claim_counts& counts, gatherer& into) {
  add_words(into, telemetry::cluster_claims, "result",
            std::array<counted, 5>{counted{"asked", counts.asked},
                                   counted{"repeated", counts.duplicates},
                                   counted{"undecided", counts.unasked},
                                   counted{"untold", counts.untold},
                                   counted{"unanswered", counts.unanswered}});
  add_words(into, telemetry::cluster_ticks, "result",
            std::array<counted, 3>{counted{"fired", counts.fired},
                                   counted{"missed", counts.missed},
                                   counted{"unkept", counts.unkept}});
}

void gather_calls(const cluster::hub_report& report, gatherer& into) {
  const auto totals = report.calls_counted();
  add_words(into, telemetry::cluster_calls, "result",
            std::array<counted, 3>{counted{"handed", totals.handed},
                                   counted{"moved", totals.moved},
                                   counted{"came_back", totals.came_back}});
  into.one(telemetry::cluster_calls_waiting,
           static_cast<double>(report.calls.waiting.load()));
  into.one(telemetry::cluster_calls_away,
           static_cast<double>(report.calls.away.load()));
  into.one(telemetry::cluster_calls_running,
           static_cast<double>(report.calls.running.load()));
  into.one(telemetry::cluster_calls_untold_bytes,
           static_cast<double>(report.calls.untold_bytes.load()));
}

} // namespace

void gather_cluster(const cluster_seat& seat, gatherer& into) {
  gather_membership(seat, into);
  gather_peers(seat, into);
  gather_work(seat.report(), into);
  gather_copies(seat.report(), into);
  gather_claims(seat.report().claims_counted(), into);
  gather_calls(seat.report(), into);
}

http::health_check check_cluster(const cluster_seat& seat) {
  using state = cluster::member_state;
  const auto count = members_by_state(seat.report());
  const auto of = [&count](state which) {
    return count.at(which);
  };
  return {"cluster", of(state::dead) == 0,
          fmt::format("{} alive, {} suspect, {} dead, {} left; links to {}",
                      of(state::alive), of(state::suspect), of(state::dead),
                      of(state::left), seat.report().links.load())};
}

} // namespace mfo::node
