#include "tests/cluster/calling/simulated_callers.hpp"

#include "tests/cluster/calling/call_samples.hpp"
#include "tests/cluster/calling/simulated_process.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace mfo::cluster::test {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t few_callers = 32;

} // namespace

calls_plan calls_plan_of(unsigned seed, std::size_t nodes) {
  std::mt19937 random{seed};
  calls_plan plan;
  plan.connectors =
      between(random, std::size_t{1}, std::max<std::size_t>(1, nodes * 2 / 3));
  plan.runners = nodes - plan.connectors;
  return plan;
}

std::string to_string(const calls_plan& what) {
  return std::to_string(what.runners) + " runners, " +
         std::to_string(what.connectors) + " connectors" +
         (what.trouble ? ", trouble" : "");
}

simulated_callers::simulated_callers(unsigned seed, const calls_plan& plan)
  : plan_(plan), random_(seed), ends_at_(agenda_.now() + plan.time) {
  for (std::size_t i = 0; i < plan_.runners; ++i)
    runners_.push_back("runner-" + std::to_string(i));
  for (std::size_t i = 0; i < plan_.connectors; ++i) {
    connectors_.push_back("connector-" + std::to_string(i));
    auto& known = servers_[connectors_.back()];
    known.insert("crm");
    if (i == 0 || between(random_, 0, 1) == 0)
      known.insert("shop");
  }
  names_ = runners_;
  names_.insert(names_.end(), connectors_.begin(), connectors_.end());
  for (const auto& name : names_)
    start(name);
  connect_all();
  for (std::size_t i = 0; i < plan_.calls; ++i)
    agenda_.in(a_delay(500, static_cast<int>(plan_.time / 1ms)),
               [this] { make_call(); });
  if (plan_.trouble)
    agenda_.in(a_delay(0, 500), [this] { trouble(); });
}

simulated_callers::~simulated_callers() = default;

void simulated_callers::run() {
  while (agenda_.now() < ends_at_ + 12s && !testing::Test::HasFailure())
    agenda_.step();
  if (!testing::Test::HasFailure())
    check_the_end();
}

// --- what happens ------------------------------------------------------------

void simulated_callers::start(const std::string& name) {
  const node_life life{.name = name, .incarnation = ++lives_[name]};
  nodes_[name] = std::make_unique<process>(*this, life,
                                           servers_.contains(name)
                                               ? role_set{role::connector}
                                               : role_set{role::runner});
  draining_[name] = false;
  heard_.try_emplace(name, std::make_shared<const load_report>());
  tell_view(*nodes_[name]);
  tick(life);
}

void simulated_callers::crash(const std::string& name) {
  const auto& node = nodes_[name];
  if (node == nullptr)
    return;
  const auto life = node->life;
  nodes_[name] = nullptr;
  for (const auto& other : names_) {
    if (other == name)
      continue;
    cut(ends_of(name, other));
    if (const auto& living = nodes_[other])
      after(living->life, 1s, [life](process& self) { self.desk.gone(life); });
  }
  agenda_.in(a_delay(100, 3'000), [this, name] { start(name); });
}

void simulated_callers::freeze(const std::string& name) {
  const auto& node = nodes_[name];
  if (node == nullptr || node->frozen)
    return;
  node->frozen = true;
  agenda_.in(a_delay(100, 4'000), [this, life = node->life] {
    auto* const living = find(life);
    if (living == nullptr)
      return;
    living->frozen = false;
    for (const auto& what : std::exchange(living->held, {}))
      what(*living);
  });
}

void simulated_callers::drain(const std::string& name) {
  const auto& node = nodes_[name];
  if (node == nullptr)
    return;
  draining_[name] = true;
  node->desk.set_draining(true);
  agenda_.in(a_delay(500, 3'000), [this, life = node->life] {
    if (auto* const living = find(life)) {
      draining_[life.name] = false;
      living->desk.set_draining(false);
    }
  });
}

/// What is on the link is lost, and each end that lives learns that on its own.
void simulated_callers::cut(const pair_key& ends) {
  auto& state = links_[ends];
  if (!state.up)
    return;
  state.up = false;
  for (const auto& [own, peer] :
       {std::pair{ends.first, ends.second}, {ends.second, ends.first}}) {
    const auto& node = nodes_[own];
    if (node == nullptr)
      continue;
    ++state.to_notice;
    const auto life = node->life;
    const auto other = peer;
    agenda_.in(a_delay(0, 100), [this, ends, life, other] {
      --links_[ends].to_notice;
      after(life, 0ms,
            [this, other, number = links_[ends].number](process& self) {
              self.desk.link_closed(other, number, agenda_.now());
            });
    });
  }
}

/// A link that is down comes back soon, with a new number.
void simulated_callers::connect_all() {
  std::set<process*> changed;
  for (auto a = nodes_.begin(); a != nodes_.end(); ++a) {
    for (auto b = std::next(a); b != nodes_.end(); ++b) {
      auto* const first = a->second.get();
      auto* const second = b->second.get();
      if (first == nullptr || second == nullptr || first->frozen ||
          second->frozen)
        continue;
      auto& state = links_[{a->first, b->first}];
      if (state.up || state.to_notice > 0 ||
          (plan_.trouble && between(random_, 0, 1) == 0))
        continue;
      state = {.number = ++link_numbers_, .up = true};
      first->desk.link_opened(second->life, state.number, agenda_.now());
      second->desk.link_opened(first->life, state.number, agenda_.now());
      changed.insert({first, second});
    }
  }
  for (const auto& [name, node] : nodes_)
    if (changed.contains(node.get()))
      tell_view(*node);
  agenda_.in(100ms, [this] { connect_all(); });
}

void simulated_callers::tell_view(process& to) {
  view::member_list members;
  for (const auto& [name, node] : nodes_)
    if (node != nullptr)
      members.push_back({.card = node->card,
                         .load = heard_.at(name),
                         .state = member_state::alive,
                         .linked = name == to.life.name ||
                                   links_[ends_of(name, to.life.name)].up,
                         .last_heard = agenda_.now()});
  to.desk.set_view(
      std::make_shared<const view>(to.life.name, 1, std::move(members)));
}

void simulated_callers::tick(const node_life& life) {
  after(life, 100ms, [this](process& self) {
    self.desk.sweep(agenda_.now());
    check(self);
    if (between(random_, 0, 3) == 0) {
      heard_[self.life.name] = std::make_shared<const load_report>(load_report{
          .in_flight = static_cast<std::uint32_t>(self.desk.running()),
          .max_in_flight = 30,
          .draining = draining_[self.life.name]});
      tell_view(self);
    }
    tick(self.life);
  });
}

void simulated_callers::trouble() {
  if (agenda_.now() >= ends_at_)
    return;
  for (std::size_t i = 0; i < 1 + names_.size() / few_callers; ++i)
    strike();
  agenda_.in(a_delay(10, 800), [this] { trouble(); });
}

void simulated_callers::strike() {
  switch (between(random_, 0, 9)) {
  case 0:
    crash(one_of(names_));
    break;
  case 1:
  case 2:
    freeze(one_of(connectors_));
    break;
  case 3:
    drain(one_of(connectors_));
    break;
  default:
    cut(ends_of(one_of(runners_), one_of(connectors_)));
  }
}

void simulated_callers::make_call() {
  const auto& node = nodes_[one_of(runners_)];
  if (node == nullptr)
    return;
  const auto number = ++call_numbers_;
  const auto name = std::to_string(number);
  const auto now = agenda_.now();
  const bool short_of_time = plan_.trouble && between(random_, 0, 9) == 0;
  const auto deadline =
      now + (short_of_time ? a_delay(0, 300) : a_delay(1'000, 6'000));
  const std::string server = between(random_, 0, 2) == 0 ? "shop" : "crm";
  auto& it = records_[{.origin = node->life, .number = number}];
  it.deadline = deadline;
  if (between(random_, 0, 2) == 0) {
    node->desk.forward(server, an_event(name, deadline), number, now);
    return;
  }
  it.repeatable = between(random_, 0, 2) > 0;
  const auto request = a_request(name, deadline);
  request->call.repeatable = it.repeatable;
  if (between(random_, 0, 19) == 0)
    request->call.body = std::make_shared<const std::string>(300'000, 'x');
  node->desk.call(server, request, number, now);
  if (plan_.trouble && between(random_, 0, 14) == 0) {
    after(node->life, a_delay(0, 500), [this, number](process& self) {
      self.desk.cancel(number, agenda_.now());
    });
  }
}

void simulated_callers::send(const node_life& from, const std::string& to,
                             std::string bytes) {
  const auto ends = ends_of(from.name, to);
  auto& state = links_[ends];
  if (!state.up)
    return;
  auto& last = state.last_arrival.at(from.name == ends.first ? 0 : 1);
  last = std::max(last, agenda_.now() + a_delay(1, 20));
  agenda_.at(last, [this, ends, to, peer = from.name, number = state.number,
                    bytes =
                        std::make_shared<const std::string>(std::move(bytes))] {
    const auto& current = links_[ends];
    const auto& node = nodes_[to];
    if (!current.up || current.number != number || node == nullptr)
      return;
    after(node->life, 0ms, [this, ends, peer, number, bytes](process& self) {
      // What came before the link was lost may still be read.
      if (links_[ends].number == number)
        self.desk.come(peer, *bytes, agenda_.now());
    });
  });
}

// --- what is promised --------------------------------------------------------

void simulated_callers::ran(process& at, const call_key& key) {
  ++sum_.runs;
  auto& it = records_.at(key);
  ++it.runs;
  EXPECT_TRUE(at.made.insert(key).second)
      << at.life.name << " makes call " << key.number << " twice";
  EXPECT_TRUE(it.repeatable || it.runs == 1)
      << "call " << key.number << " is made twice, and may not be";
}

void simulated_callers::got(const node_life& caller, std::uint64_t number,
                            const core::outcome& how) {
  auto& it = records_.at({.origin = caller, .number = number});
  EXPECT_FALSE(it.ended) << "call " << number << " has two results";
  EXPECT_LE(agenda_.now(), it.deadline + 1s) << "call " << number;
  if (!plan_.trouble) {
    EXPECT_TRUE(how.delivered() || how.error == core::errc::upstream_timeout)
        << "call " << number << ": " << how.detail;
  }
  it.ended = true;
  sum_.well += how.delivered() ? 1 : 0;
}

void simulated_callers::check(const process& node) {
  EXPECT_LE(node.desk.away(), node.settings.away.max_events);
  EXPECT_LE(node.desk.running(), node.settings.running.max_calls);
  // What takes the place of a result for which there is no room is small.
  EXPECT_LE(node.desk.unread_bytes(),
            node.settings.running.max_bytes +
                node.settings.running.max_calls * 256);
}

void simulated_callers::check_the_end() {
  sum_.made = records_.size();
  for (const auto& [key, it] : records_) {
    if (find(key.origin) == nullptr)
      continue; // its caller is no more
    ++sum_.calls;
    EXPECT_TRUE(it.ended) << "call " << key.number << " has no result";
    if (!plan_.trouble) {
      EXPECT_EQ(it.runs, 1u) << "call " << key.number;
    }
  }
  for (const auto& [name, node] : nodes_) {
    ASSERT_NE(node, nullptr) << name;
    EXPECT_EQ(node->desk.away(), 0u) << name;
    EXPECT_EQ(node->desk.running(), 0u) << name;
    EXPECT_EQ(node->desk.unread_bytes(), 0u) << name;
    sum_.came_back += node->desk.totals().came_back;
    sum_.moved += node->desk.totals().moved;
  }
}

// --- helpers -----------------------------------------------------------------

simulated_callers::pair_key simulated_callers::ends_of(const std::string& a,
                                                       const std::string& b) {
  return std::minmax(a, b);
}

simulated_callers::process* simulated_callers::find(const node_life& life) {
  const auto& node = nodes_[life.name];
  return node != nullptr && node->life == life ? node.get() : nullptr;
}

/// Not before it moves again, if it stands still then; never, if it is no more.
void simulated_callers::after(const node_life& life, clock::duration delay,
                              process_action what) {
  agenda_.in(delay, [this, life, what = std::move(what)] {
    auto* const living = find(life);
    if (living == nullptr)
      return;
    if (living->frozen)
      living->held.push_back(what);
    else
      what(*living);
  });
}

simulated_callers::clock::duration simulated_callers::a_delay(int from_ms,
                                                              int to_ms) {
  return std::chrono::microseconds{
      between(random_, from_ms * 1000, to_ms * 1000)};
}

const std::string&
simulated_callers::one_of(const std::vector<std::string>& names) {
  return names[between(random_, std::size_t{0}, names.size() - 1)];
}

} // namespace mfo::cluster::test
