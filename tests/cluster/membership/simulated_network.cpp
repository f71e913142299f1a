#include "tests/cluster/membership/simulated_network.hpp"

#include "tests/cluster/membership/cards.hpp"
#include "tests/core/seeds.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using mfo::test::between;
using mfo::test::uniform;

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
  const auto wall = std::chrono::floor<milliseconds>(now_) + which.wall_offset;
  auto card = card_of(
      name, wall_clock_at_start + static_cast<std::uint64_t>(wall.count()),
      std::uint64_t{random_()} << 32 | random_());
  card.where.host = which.name;
  which.process = std::make_unique<membership>(
      "simulated", std::move(card), settings_,
      [this] { return uniform(random_); }, clock_of(which));
  at_process(which.name, which.generation, between(random_, 0, 100) * time{1ms},
             [this](host& at) { tick(at); });
}

void simulated_network::end_process(host& which) {
  which.process.reset();
  which.paused = false;
  which.waiting.clear();
  which.last_table.reset();
}

void simulated_network::crash(const std::string& name) {
  auto& which = host_of(name);
  end_process(which);
  for (const auto& [ignored, each] : std::exchange(which.links, {}))
    close(each, each->ends[0].host == name ? 0 : 1);
}

void simulated_network::lose_power(const std::string& name) {
  auto& which = host_of(name);
  end_process(which);
  which.powered = false;
  for (const auto& [ignored, each] : std::exchange(which.links, {}))
    each->ends[each->ends[0].host == name ? 0u : 1u].open = false;
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

void simulated_network::set_wall_clock(const std::string& name,
                                       milliseconds ahead) {
  host_of(name).wall_offset = ahead;
}

void simulated_network::cut(const std::string& from, const std::string& to) {
  cuts_.insert({from, to});
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
  cuts_.clear();
  loss = 0;
}

void simulated_network::break_links(const std::string& one,
                                    const std::string& other) {
  const auto links = host_of(one).links;
  for (const auto& [ignored, each] : links)
    for (const std::size_t end : {0, 1})
      if (each->ends[end].host == one && each->ends[1 - end].host == other) {
        tell_closed(each, end, "reset by the network");
        tell_closed(each, 1 - end, "reset by the network");
      }
}

void simulated_network::run_for(milliseconds length) {
  const auto until = now_ + length;
  while (!events_.empty() && events_.front().at <= until) {
    std::pop_heap(events_.begin(), events_.end());
    const auto next = std::move(events_.back());
    events_.pop_back();
    now_ = next.at;
    next.run();
  }
  now_ = until;
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
  const auto& last = hosts_.at(name).last_table;
  auto rows = last ? *last : std::vector<table_row>{};
  std::sort(rows.begin(), rows.end(),
            [](const table_row& a, const table_row& b) {
              return a.record->card->name < b.record->card->name;
            });
  return rows;
}

std::size_t simulated_network::links_between(const std::string& one,
                                             const std::string& other) const {
  const auto& links = hosts_.at(one).links;
  return static_cast<std::size_t>(
      std::count_if(links.begin(), links.end(), [&](const auto& each) {
        const auto& ends = each.second->ends;
        return ends[0].open && ends[1].open &&
               (ends[0].host == other || ends[1].host == other);
      }));
}

std::uint64_t simulated_network::dials_of(const std::string& name) const {
  return hosts_.at(name).dials;
}

simulated_network::key simulated_network::key_of(const link_key& name) {
  return {name.peer, name.process, name.dialled_here, name.dial};
}

simulated_network::host& simulated_network::host_of(const std::string& name) {
  auto [found, is_new] = hosts_.try_emplace(name);
  if (is_new) {
    found->second.name = name;
    found->second.clock_offset = between(random_, 1, 1'000'000) * time{1s};
  }
  return found->second;
}

membership::clock::time_point
simulated_network::clock_of(const host& of) const {
  return membership::clock::time_point{now_ + of.clock_offset};
}

void simulated_network::after(time wait, std::function<void()> run) {
  events_.push_back(
      {.at = now_ + wait, .number = ++events_made_, .run = std::move(run)});
  std::push_heap(events_.begin(), events_.end());
}

simulated_network::time simulated_network::delay() {
  return between(random_, time{least_delay}.count(), time{most_delay}.count()) *
         1ns;
}

bool simulated_network::reaches(const std::string& from,
                                const std::string& to) const {
  return hosts_.at(to).powered && !cuts_.contains({from, to});
}

bool simulated_network::is_lost(const std::string& from,
                                const std::string& to) {
  return !reaches(from, to) || (loss > 0 && uniform(random_) < loss);
}

void simulated_network::at_process(const std::string& name,
                                   std::uint64_t generation, time wait,
                                   std::function<void(host&)> run) {
  after(wait, [this, name, generation, run = std::move(run)] {
    auto& which = host_of(name);
    if (!which.process || which.generation != generation)
      return;
    if (which.paused)
      which.waiting.push_back([this, name, generation, run] {
        at_process(name, generation, time{0}, run);
      });
    else
      run(which);
  });
}

void simulated_network::tick(host& which) {
  carry_out(which, which.process->tick(clock_of(which)));
  at_process(which.name, which.generation, tick_interval(settings_),
             [this](host& at) { tick(at); });
}

void simulated_network::carry_out(host& of, order_list list) {
  most_orders_ = std::max(most_orders_, list.size());
  for (auto& each : list) {
    if (auto* beat = std::get_if<orders::send_heartbeat>(&each)) {
      send(of, *beat);
    } else if (auto* wanted = std::get_if<orders::dial>(&each)) {
      dial(of, *wanted);
    } else if (auto* ended = std::get_if<orders::close_link>(&each)) {
      const auto found = of.links.find(key_of(ended->link));
      if (found == of.links.end())
        continue;
      const auto which = found->second;
      of.links.erase(found);
      close(which, which->ends[0].host == of.name ? 0 : 1);
    } else if (std::holds_alternative<orders::resolve_seeds>(each)) {
      at_process(of.name, of.generation, delay(), [this](host& at) {
        carry_out(at, at.process->seeds_resolved(seeds, clock_of(at)));
      });
    } else if (auto* change = std::get_if<orders::report_change>(&each)) {
      reports.push_back({now_, of.name, std::move(*change)});
    } else if (auto* said = std::get_if<orders::notice>(&each)) {
      notices.emplace_back(of.name, std::move(*said));
    }
  }
}

} // namespace mfo::cluster::test
