#include "tests/cluster/membership/simulated_network.hpp"

#include "tests/cluster/membership/cards.hpp"
#include "tests/core/seeds.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using mfo::test::between;
using mfo::test::uniform;

/// In which a table that goes out in parts has gone out whole.
constexpr auto told_lately = 5s;
constexpr std::uint64_t wall_clock_at_start = 1'700'000'000'000; // ms

} // namespace

simulated_network::simulated_network(unsigned seed,
                                     membership_settings settings)
  : settings_(settings), random_(seed) {}

void simulated_network::start(const std::string& name, const std::string& on) {
  auto& which = host_of(on.empty() ? name : on);
  which.powered = true;
  ++which.generation;
  which.paused = false;
  const auto wall = std::chrono::floor<milliseconds>(now()) + which.wall_offset;
  auto card = card_of(
      name, wall_clock_at_start + static_cast<std::uint64_t>(wall.count()),
      std::uint64_t{random_()} << 32 | random_());
  card.where.host = which.name;
  which.process = std::make_unique<membership>(
      "simulated", std::move(card), settings_,
      [this] { return uniform(random_); }, clock_of(which));
  at_process(which, which.generation, between(random_, 0, 100) * time{1ms},
             [this](host& at) { tick(at); });
}

void simulated_network::end_process(host& which) {
  which.process.reset();
  which.paused = false;
  which.waiting.clear();
  which.last_table.reset();
  which.told.clear();
}

void simulated_network::crash(const std::string& name) {
  auto& which = host_of(name);
  end_process(which);
  for (const auto& [ignored, each] : std::exchange(which.links, {}))
    close(each, each->ends[0].at == &which ? 0 : 1);
}

void simulated_network::lose_power(const std::string& name) {
  auto& which = host_of(name);
  end_process(which);
  which.powered = false;
  for (const auto& [ignored, each] : std::exchange(which.links, {}))
    each->ends[each->ends[0].at == &which ? 0u : 1u].open = false;
}

void simulated_network::pause(const std::string& name) {
  host_of(name).paused = true;
}

void simulated_network::resume(const std::string& name) {
  auto& which = host_of(name);
  which.paused = false;
  for (auto& run : std::exchange(which.waiting, {}))
    run();
}

void simulated_network::leave(const std::string& name) {
  auto& which = host_of(name);
  carry_out(which, which.process->leave(clock_of(which)));
}

void simulated_network::retire(const std::string& name) {
  leave(name);
  auto& which = host_of(name);
  at_process(which, which.generation, 2 * settings_.heartbeat,
             [this](host& at) { crash(at.name); });
}

void simulated_network::set_wall_clock(const std::string& name,
                                       milliseconds ahead) {
  host_of(name).wall_offset = ahead;
}

void simulated_network::cut(const std::string& from, const std::string& to) {
  const auto other = host_of(to).index;
  auto& cut = host_of(from).cut_from;
  cut.resize(std::max(cut.size(), other + 1));
  cut[other] = true;
}

void simulated_network::cut_both(const std::string& one,
                                 const std::string& other) {
  cut(one, other);
  cut(other, one);
}

void simulated_network::isolate(const std::set<std::string>& part) {
  for (const auto& one : part)
    for (const auto& [other, ignored] : hosts_)
      if (!part.contains(other))
        cut_both(one, other);
}

void simulated_network::heal() {
  for (auto& [name, each] : hosts_)
    each.cut_from.clear();
  loss = 0;
}

void simulated_network::break_links(const std::string& one,
                                    const std::string& other) {
  auto& from = host_of(one);
  auto& to = host_of(other);
  const auto links = from.links;
  for (const auto& [ignored, each] : links)
    for (const std::size_t end : {0, 1})
      if (each->ends[end].at == &from && each->ends[1 - end].at == &to) {
        tell_closed(each, end, "reset by the network");
        tell_closed(each, 1 - end, "reset by the network");
      }
}

void simulated_network::run_for(milliseconds length) {
  agenda_.run_until(agenda_.now() + length);
}

std::vector<std::string> simulated_network::live_hosts() const {
  std::vector<std::string> names;
  for (const auto& [name, each] : hosts_)
    if (each.process && !each.process->has_left())
      names.push_back(name);
  return names;
}

membership& simulated_network::at(const std::string& name) {
  return *host_of(name).process;
}

std::vector<table_row>
simulated_network::table_at(const std::string& name) const {
  std::vector<table_row> rows;
  for (const auto& [member, told] : hosts_.at(name).told)
    if (now() - told.at <= told_lately)
      rows.push_back(told.row);
  return rows;
}

std::uint64_t simulated_network::rounds_of(const std::string& name) const {
  return hosts_.at(name).rounds;
}

std::size_t simulated_network::links_between(const std::string& one,
                                             const std::string& other) const {
  const auto* const to = &hosts_.at(other);
  const auto& links = hosts_.at(one).links;
  const auto counts = [to](const auto& each) {
    const auto& ends = each.second->ends;
    return ends[0].open && ends[1].open &&
           (ends[0].at == to || ends[1].at == to);
  };
  return static_cast<std::size_t>(
      std::count_if(links.begin(), links.end(), counts));
}

std::uint64_t simulated_network::dials_of(const std::string& name) const {
  return hosts_.at(name).dials;
}

bool simulated_network::in_some_order::operator()(const link_key& a,
                                                  const link_key& b) const {
  return std::tie(a.peer, a.process, a.dialled_here, a.dial) <
         std::tie(b.peer, b.process, b.dialled_here, b.dial);
}

simulated_network::host& simulated_network::host_of(const std::string& name) {
  auto [found, is_new] = hosts_.try_emplace(name);
  if (is_new) {
    found->second.name = name;
    found->second.index = hosts_.size() - 1;
    found->second.clock_offset = between(random_, 1, 1'000'000) * time{1s};
  }
  return found->second;
}

membership::clock::time_point
simulated_network::clock_of(const host& of) const {
  return membership::clock::time_point{now() + of.clock_offset};
}

simulated_network::time simulated_network::delay() {
  return between(random_, time{least_delay}.count(), time{most_delay}.count()) *
         1ns;
}

bool simulated_network::reaches(const host& from, const host& to) {
  return to.powered &&
         (to.index >= from.cut_from.size() || !from.cut_from[to.index]);
}

bool simulated_network::is_lost(const host& from, const host& to) {
  return !reaches(from, to) || (loss > 0 && uniform(random_) < loss);
}

void simulated_network::tick(host& which) {
  carry_out(which, which.process->tick(clock_of(which)));
  at_process(which, which.generation, tick_interval(settings_),
             [this](host& at) { tick(at); });
}

void simulated_network::carry_out(host& of, order_list list) {
  most_orders_ = std::max(most_orders_, list.size());
  for (auto& each : list) {
    if (auto* beat = std::get_if<orders::send_heartbeat>(&each)) {
      send(of, std::move(*beat));
    } else if (auto* wanted = std::get_if<orders::dial>(&each)) {
      dial(of, *wanted);
    } else if (auto* ended = std::get_if<orders::close_link>(&each)) {
      const auto found = of.links.find(ended->link);
      if (found == of.links.end())
        continue;
      const auto which = found->second;
      of.links.erase(found);
      close(which, which->ends[0].at == &of ? 0 : 1);
    } else if (std::holds_alternative<orders::resolve_seeds>(each)) {
      at_process(of, of.generation, delay(), [this](host& at) {
        carry_out(at, at.process->seeds_resolved(seeds, clock_of(at)));
      });
    } else if (auto* change = std::get_if<orders::report_change>(&each)) {
      reports.push_back({now(), of.name, std::move(*change)});
    } else if (auto* said = std::get_if<orders::notice>(&each)) {
      notices.emplace_back(of.name, std::move(*said));
    }
  }
}

} // namespace mfo::cluster::test
