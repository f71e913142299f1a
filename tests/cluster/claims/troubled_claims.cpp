#include "tests/cluster/claims/troubled_claims.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;

/// Of a death; what comes is seen sooner.
constexpr int most_unseen_ms = 5'000;
constexpr std::size_t few_claimants = 32;

} // namespace

troubled_claims::troubled_claims(std::uint64_t seed, const trouble_plan& what)
  : claim_world(seed), plan_(what), troubled_until_(now() + what.trouble),
    ends_(troubled_until_ + calm_lasts) {
  most_delay = 20ms;
  for (std::size_t i = 0; i < plan_.nodes; ++i) {
    const auto name = "node-" + std::to_string(i);
    names_.push_back(name);
    const auto most = static_cast<int>(plan_.most_skew.count());
    skews_[name] = pick_ms(-most, most);
  }
  for (std::size_t i = 0; i < plan_.triggers; ++i) {
    std::vector<std::string> some;
    for (const auto& name : names_)
      if (pick(0, 3) > 0)
        some.push_back(name);
    if (some.empty())
      some = names_;
    eligible_.push_back(std::move(some));
  }
}

void troubled_claims::run() {
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (i + plan_.late < names_.size())
      start(names_[i]);
    else
      agenda.in(pick_ms(1'000, static_cast<int>(plan_.trouble / 1ms) - 10'000),
                [this, name = names_[i]] { come_up(name); });
  link_all();
  show_all();
  plan_ticks();
  make_trouble();
  claim_some();
  run_for(plan_.trouble);
  regroup(false);
  for (const auto& name : names_)
    if (find(name) == nullptr)
      come_up(name);
  run_for(calm_lasts);
  EXPECT_TRUE(is_calm());
  judge_ticks();
  for (const auto& [number, made] : deliveries_)
    EXPECT_EQ(find(made.at), nullptr) << number << " was never decided";
  for (const auto& name : names_) {
    const auto& counts = at(name).desk.counts();
    sum_.unasked += counts.unasked;
    EXPECT_TRUE(at(name).faults.empty()) << at(name).faults.front();
    EXPECT_EQ(at(name).desk.told(), 0u) << name;
  }
}

/// All see all, have been shown so, and are linked.
bool troubled_claims::is_calm() {
  if (calm_version_ == version)
    return calm_;
  calm_version_ = version;
  const auto up = names_up();
  calm_ = std::all_of(up.begin(), up.end(), [&](const std::string& a) {
    const auto& sees = at(a).sees;
    return !at(a).stale && sees.size() == up.size() &&
           std::all_of(up.begin(), up.end(), [&](const std::string& b) {
             const auto found = sees.find(b);
             return found != sees.end() && found->second == at(b).life &&
                    (a == b || is_linked(a, b));
           });
  });
  return calm_;
}

void troubled_claims::look_in(std::chrono::milliseconds delay,
                              const std::string& who, const std::string& at) {
  agenda.in(delay, [this, who, at] {
    if (auto* const node = find(who); node != nullptr && look(*node, at))
      show_soon(*node);
  });
}

/// With what it sees by then: it is not told of each change by itself.
void troubled_claims::show_soon(claim_node& node) {
  ++version;
  if (std::exchange(node.stale, true))
    return;
  agenda.in(pick_ms(0, 100), [this, life = node.life] {
    if (auto* const living = find(life))
      show(*living);
  });
}

void troubled_claims::link_in(std::chrono::milliseconds delay,
                              const std::string& a, const std::string& b) {
  agenda.in(delay, [this, a, b] {
    if (is_reachable(a, b) && !is_linked(a, b))
      link(a, b);
  });
}

/// Others see later what has become of it, and it sees them.
void troubled_claims::seen_late(const std::string& name) {
  for (const auto& other : names_) {
    if (other == name)
      continue;
    const int most = is_reachable(name, other) ? 500 : most_unseen_ms;
    look_in(pick_ms(10, most), other, name);
    look_in(pick_ms(10, most), name, other);
  }
}

void troubled_claims::come_up(const std::string& name) {
  start(name);
  for (const auto& other : names_)
    if (other != name)
      link_in(pick_ms(5, 100), name, other);
  seen_late(name);
}

void troubled_claims::go_down(const std::string& name) {
  if (find(name) == nullptr)
    return;
  crash(name);
  seen_late(name);
  agenda.in(pick_ms(50, 15'000), [this, name] {
    if (find(name) == nullptr)
      come_up(name);
  });
}

void troubled_claims::cut(const std::string& a, const std::string& b) {
  unlink(a, b);
  link_in(pick_ms(50, 2'000), a, b);
}

/// Into two groups, or one.
void troubled_claims::regroup(bool split) {
  for (const auto& name : names_)
    groups[name] = split ? pick(0, 1) : 0;
  ++version;
  for (const auto& a : names_)
    for (const auto& b : names_) {
      if (a >= b)
        continue;
      if (groups[a] != groups[b])
        unlink(a, b);
      else
        link_in(pick_ms(5, 300), a, b);
    }
  for (const auto& name : names_)
    seen_late(name);
}

void troubled_claims::make_trouble() {
  agenda.in(pick_ms(500, 8'000), [this] {
    if (now() + 1s >= troubled_until_)
      return;
    for (std::size_t i = 0; i < 1 + plan_.nodes / few_claimants; ++i)
      strike();
    if (pick(0, 3) == 0 && plan_.partitions) {
      regroup(true);
      agenda.in(pick_ms(100, 12'000), [this] { regroup(false); });
    }
    make_trouble();
  });
}

void troubled_claims::strike() {
  const auto& a = names_[pick(std::size_t{0}, names_.size() - 1)];
  const auto& b = names_[pick(std::size_t{0}, names_.size() - 1)];
  switch (pick(0, 2)) {
  case 0:
    return plan_.crashes ? go_down(a) : void();
  case 1:
    return plan_.cuts && a != b ? cut(a, b) : void();
  default:
    return; // for this time
  }
}

void troubled_claims::claim_some() {
  agenda.in(plan_.between_claims, [this] {
    if (now() + 25s < ends_)
      claim_some();
    const auto up = names_up();
    if (up.empty())
      return;
    auto& node = at(up[pick(std::size_t{0}, up.size() - 1)]);
    const auto number = ++numbers_;
    const auto deadline = now() + 8s;
    const delivery made{.id = "id-" + std::to_string(pick(0, 400)),
                        .at = node.life,
                        .decided_by = now() + 2 * (250ms + 101ms),
                        .deadline = deadline,
                        .version = version,
                        .calm = is_calm()};
    deliveries_.emplace(number, made);
    ++sum_.claims;
    if (const auto verdict = node.desk.claim(made.id, number, deadline, now()))
      judge(number, *verdict);
  });
}

void troubled_claims::on_decided(claim_node& node, std::uint64_t number,
                                 claim_verdict what) {
  EXPECT_EQ(deliveries_.at(number).at, node.life);
  agenda.in(0s, [this, number, what] { judge(number, what); });
}

/// For who hears that it was taken: it was, or is held by the very node.
bool troubled_claims::is_somewhere(const delivery& made) const {
  const auto found = grants_.find(made.id);
  return found != grants_.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const grant& each) {
                       return each.how == state::taken ||
                              (each.how == state::held && each.at == made.at);
                     });
}

/// While the world is calm nothing is fresh that is under way, or was taken;
/// whatever happens, nothing is called taken that is nowhere.
void troubled_claims::judge(std::uint64_t number, claim_verdict what) {
  const auto& made = deliveries_.at(number);
  EXPECT_LE(now(), made.decided_by) << made.id;
  EXPECT_TRUE(what != claim_verdict::taken || is_somewhere(made))
      << made.id << " is called taken at " << made.at.name;
  if (what != claim_verdict::fresh) {
    ++sum_.repeated;
    deliveries_.erase(number);
    return;
  }
  const bool calm = made.calm && made.version == version;
  auto& former = grants_[made.id];
  for (const auto& each : former)
    EXPECT_FALSE(calm && each.version == version &&
                 (each.how == state::taken || each.how == state::held ||
                  (each.how == state::under_way && each.deadline > now())))
        << made.id << " is fresh twice: " << each.number << " and " << number
        << ", in version " << version;
  auto* const node = find(made.at);
  const bool is_held = node != nullptr && pick(0, 1) == 0;
  former.push_back({.number = number,
                    .at = made.at,
                    .version = calm ? version : 0,
                    .deadline = made.deadline,
                    .how = is_held ? state::held : state::under_way});
  if (is_held)
    node->desk.settle(made.id, number, core::delivery_end::held, now());
  settle_in(number);
}

void troubled_claims::settle_in(std::uint64_t number) {
  // Some are never settled.
  const auto takes = pick(0, 9) == 0 ? 20'000ms : pick_ms(1, 3'000);
  agenda.in(takes, [this, number] {
    const auto made = deliveries_.extract(number).mapped();
    auto* const node = find(made.at);
    if (node == nullptr || now() >= made.deadline)
      return;
    for (auto& each : grants_[made.id])
      if (each.number == number) {
        const bool well = each.how == state::held || pick(0, 4) > 0;
        each.how = well ? state::taken : state::failed;
        node->desk.settle(made.id, number,
                          well ? core::delivery_end::taken
                               : core::delivery_end::failed,
                          now());
      }
  });
}

void troubled_claims::on_sweep(claim_node& node) {
  const auto& desk = node.desk;
  EXPECT_TRUE(desk.pending() <= settings.max_pending &&
              desk.ticks() <= settings.max_ticks &&
              desk.owned() <= settings.window.max_ids)
      << node.life.name << " keeps too much";
  // Which looks at all its peers.
  if (++sweeps_ % (1 + plan_.nodes / few_claimants) == 0) {
    EXPECT_LE(desk.told(),
              (settings.max_told + 2 * settings.page) * names_.size())
        << node.life.name << " has too much to tell";
  }
}

trouble_plan trouble_of(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  const auto pick = [&random](std::size_t first, std::size_t last) {
    return std::uniform_int_distribution<std::size_t>{first, last}(random);
  };
  // Mostly few: they meet more.
  return trouble_of(seed, pick(0, 19) > 0 ? pick(2, 8) : pick(9, 24));
}

trouble_plan trouble_of(std::uint64_t seed, std::size_t nodes) {
  std::mt19937_64 random{seed};
  const auto pick = [&random](int first, int last) {
    return std::uniform_int_distribution<int>{first, last}(random);
  };
  trouble_plan plan;
  plan.nodes = nodes;
  if (nodes > few_claimants)
    plan.trouble = std::chrono::seconds{30};
  plan.late =
      static_cast<std::size_t>(pick(0, static_cast<int>(plan.nodes) / 2));
  plan.most_skew = std::chrono::milliseconds{pick(0, 2'000)};
  plan.crashes = pick(0, 3) > 0;
  plan.cuts = pick(0, 3) > 0;
  plan.partitions = pick(0, 2) == 0;
  plan.triggers = static_cast<std::size_t>(pick(1, 3));
  plan.between_claims = std::chrono::milliseconds{pick(20, 200)};
  return plan;
}

std::string to_string(const trouble_plan& what) {
  std::ostringstream out;
  out << what.nodes << " nodes, " << what.late
      << " of them late, clocks off by " << what.most_skew.count()
      << " ms, a claim each " << what.between_claims.count() << " ms, "
      << what.triggers << " triggers" << (what.crashes ? ", crashes" : "")
      << (what.cuts ? ", cuts" : "") << (what.partitions ? ", partitions" : "");
  return out.str();
}

} // namespace mfo::cluster::test
