// What may happen to nodes that hold copies, and what it does.

#include "tests/model/copies_acting.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::model {

using namespace std::chrono_literals;
using cluster::member_state;

namespace {

std::uint8_t small(std::size_t number) {
  return static_cast<std::uint8_t>(number);
}

/// What stands in a message, in words.
std::string words_of(const std::string& bytes) {
  const auto message = cluster::unpack_copies(bytes);
  if (!message)
    return "something";
  std::string words = fmt::format("{} confirmed", message->confirmed);
  const auto add = [&words](std::string_view what, std::size_t count) {
    if (count > 0)
      words += fmt::format(", {} {}", count, what);
  };
  add("refused", message->refused.size());
  add("released", message->released.size());
  add("ended", message->ended.size());
  add("running", message->running.size());
  if (message->audit)
    words +=
        fmt::format(", an audit with {} open", message->audit->open.size());
  for (const auto& copy : message->copies) {
    words += copy.event.empty() ? ", list" : ", copy with list";
    words += fmt::format(" {} of ticket {}:", copy.list.version, copy.ticket);
    for (const auto& holder : copy.list.holders)
      words += ' ' + holder.name;
  }
  return words;
}

} // namespace

std::vector<copies_world::action> copies_world::possible() const {
  std::vector<action> all;
  add_work(all);
  add_messages(all);
  for (std::size_t who = 0; who < nodes_.size(); ++who)
    if (nodes_[who])
      add_sights(who, all);
  add_troubles(all);
  return all;
}

void copies_world::add_work(std::vector<action>& all) const {
  for (std::size_t i = 0; i < stories_.size(); ++i) {
    const auto& of = stories_[i];
    if (of.name.ticket == 0 && !of.refused && nodes_[shared_->plan.origins[i]])
      all.push_back({kind::begin, small(i)});
    if (is_open_at_origin(of))
      all.push_back({kind::finish, small(i)});
  }
  for (std::size_t who = 0; who < nodes_.size(); ++who) {
    if (!nodes_[who])
      continue;
    if (!nodes_[who]->runs.empty())
      all.push_back({kind::conclude, small(who)});
    if (nodes_[who]->view_is_new)
      all.push_back({kind::sweep, small(who)});
  }
  if (left_.seconds > 0)
    all.push_back({kind::second});
}

void copies_world::add_messages(std::vector<action>& all) const {
  for (std::size_t from = 0; from < nodes_.size(); ++from)
    for (std::size_t to = 0; to < nodes_.size(); ++to) {
      if (from == to || way(from, to).empty())
        continue;
      all.push_back({kind::deliver, small(from), small(to)});
      if (shared_->plan.harm == sabotage::loses_messages)
        all.push_back({kind::lose, small(from), small(to)});
    }
}

/// What a node may come to know of the others.
void copies_world::add_sights(std::size_t who, std::vector<action>& all) const {
  for (std::size_t peer = 0; peer < nodes_.size(); ++peer) {
    if (peer == who)
      continue;
    const auto& seen = nodes_[who]->sees[peer];
    const auto* there = at(peer);
    const auto& between = link_of(who, peer);
    const bool linked = between.up && between.number == seen.link;
    if (linked && there->draining && !seen.draining)
      all.push_back({kind::hear_drain, small(who), small(peer)});
    if (linked || seen.life.incarnation == 0)
      continue;
    if (seen.link != 0)
      all.push_back({kind::notice, small(who), small(peer)});
    const bool lives = there != nullptr && there->life == seen.life;
    if (seen.state != member_state::dead && (!lives || left_.false_deaths > 0))
      all.push_back({kind::find_dead, small(who), small(peer)});
    if (there != nullptr && !lives)
      all.push_back({kind::learn, small(who), small(peer)});
  }
}

void copies_world::add_troubles(std::vector<action>& all) const {
  for (std::size_t a = 0; a < nodes_.size(); ++a) {
    if (nodes_[a] && left_.crashes > 0)
      all.push_back({kind::crash, small(a)});
    if (!nodes_[a] && left_.restarts > 0)
      all.push_back({kind::restart, small(a)});
    if (nodes_[a] && !nodes_[a]->draining && left_.drains > 0)
      all.push_back({kind::drain, small(a)});
    for (std::size_t b = a + 1; b < nodes_.size(); ++b) {
      if (!nodes_[a] || !nodes_[b])
        continue;
      if (!link_of(a, b).up)
        all.push_back({kind::join, small(a), small(b)});
      else if (left_.cuts > 0)
        all.push_back({kind::cut, small(a), small(b)});
    }
  }
}

std::string copies_world::tell(const action& what) const {
  const auto& a = shared_->names[what.a % shared_->names.size()];
  const auto& b = shared_->names[what.b % shared_->names.size()];
  switch (what.what) {
  case kind::begin:
    return fmt::format("{} has event {} copied",
                       shared_->names[shared_->plan.origins[what.a]],
                       what.a + 1);
  case kind::deliver:
    return fmt::format("{} hears {}: {}", b, a,
                       words_of(*way(what.a, what.b).front().bytes));
  case kind::lose:
    return fmt::format("a message from {} to {} is lost", a, b);
  case kind::cut:
    return fmt::format("the link of {} and {} is cut, with {} messages on it",
                       a, b,
                       way(what.a, what.b).size() + way(what.b, what.a).size());
  case kind::notice:
    return fmt::format("{} sees that its link to {} is gone", a, b);
  case kind::find_dead:
    return fmt::format("{} finds {} dead{}", a, b,
                       at(what.b) != nullptr &&
                               at(what.b)->life == at(what.a)->sees[what.b].life
                           ? ", wrongly"
                           : "");
  case kind::learn:
    return fmt::format("{} learns that {} was started anew", a, b);
  case kind::join:
    return fmt::format("{} and {} have a new link", a, b);
  case kind::crash:
    return a + " crashes";
  case kind::restart:
    return a + " starts anew";
  case kind::finish:
    return fmt::format("{} has delivered event {}",
                       shared_->names[shared_->plan.origins[what.a]],
                       what.a + 1);
  case kind::conclude:
    return a + " has delivered what it took over";
  case kind::sweep:
    return a + " looks at what is due";
  case kind::drain:
    return a + " begins to drain";
  case kind::hear_drain:
    return fmt::format("{} hears that {} drains", a, b);
  case kind::second:
    break;
  }
  return "a second passes, and all look at what is due";
}

void copies_world::begin(std::size_t event) {
  auto& of = stories_[event];
  of.crashes_before = crashes_;
  act(shared_->plan.origins[event], kind::begin, [&](node& own) {
    own.past.add(event);
    const auto& what = shared_->events[event];
    if (!own.desk.begin(what, shared_->plan.copies, now_ + 1min, now_))
      of.refused = true;
    else
      of.name = own.desk.name_of(what->id).value();
  });
  of.promised =
      !of.refused && shared_->plan.harm == sabotage::acknowledges_early;
}

void copies_world::deliver(std::size_t from, std::size_t to) {
  auto& waiting = way(from, to);
  const auto first = waiting.front();
  waiting.erase(waiting.begin());
  act(to, kind::deliver, [&](node& own) {
    own.past.add(from).add(first.fingerprint);
    own.desk.come(shared_->names[from], *first.bytes, now_);
  });
}

void copies_world::end_link(std::size_t a, std::size_t b) {
  link_of(a, b).up = false;
  way(a, b).clear();
  way(b, a).clear();
}

void copies_world::cut(std::size_t a, std::size_t b) {
  --left_.cuts;
  ++surprises_;
  end_link(a, b);
}

void copies_world::notice(std::size_t who, std::size_t peer) {
  act(who, kind::notice, [&](node& own) {
    auto& seen = own.sees[peer];
    own.past.add(peer);
    const auto last = std::exchange(seen.link, 0);
    if (seen.state == member_state::alive)
      seen.state = member_state::suspect;
    own.desk.link_closed(seen.life.name, last, now_);
    see(own);
  });
}

/// As a hub hears it: the member has ended, its link is closed, the view is
/// another.
void copies_world::find_dead(std::size_t who, std::size_t peer) {
  const auto* there = at(peer);
  if (there != nullptr && there->life == at(who)->sees[peer].life) {
    --left_.false_deaths;
    ++surprises_;
  }
  act(who, kind::find_dead, [&](node& own) {
    auto& seen = own.sees[peer];
    own.past.add(peer);
    own.desk.gone(seen.life, now_);
    if (const auto last = std::exchange(seen.link, 0); last != 0)
      own.desk.link_closed(seen.life.name, last, now_);
    seen.state = member_state::dead;
    see(own);
  });
}

/// From others, without a link to it.
void copies_world::learn(std::size_t who, std::size_t peer) {
  act(who, kind::learn, [&](node& own) {
    auto& seen = own.sees[peer];
    own.past.add(peer);
    if (seen.link != 0)
      own.desk.link_closed(seen.life.name, seen.link, now_);
    seen = {.life = at(peer)->life};
    see(own);
  });
}

/// A link that is not seen to be gone is closed late, as by a hub: by then it
/// is another's number.
void copies_world::join(std::size_t a, std::size_t b) {
  auto& between = link_of(a, b);
  end_link(a, b);
  between.up = true;
  ++between.number;
  for (const auto& each : {std::pair{a, b}, std::pair{b, a}}) {
    const auto who = each.first, peer = each.second;
    const auto life = at(peer)->life;
    // Before anybody speaks: what is said goes over the new link.
    auto& seen = edit(who).sees[peer];
    const auto last = std::exchange(seen.link, between.number);
    seen.draining = seen.draining && seen.life == life;
    seen.life = life;
    seen.state = member_state::alive;
    act(who, kind::join, [&](node& own) {
      own.past.add(peer).add(life.incarnation).add(between.number);
      own.desk.link_opened(life, between.number, now_);
      if (last != 0)
        own.desk.link_closed(life.name, last, now_);
      see(own);
    });
  }
}

void copies_world::crash(std::size_t who) {
  --left_.crashes;
  ++crashes_;
  ++surprises_;
  nodes_[who] = nullptr;
  for (std::size_t peer = 0; peer < nodes_.size(); ++peer)
    if (peer != who)
      end_link(who, peer);
}

void copies_world::restart(std::size_t who) {
  --left_.restarts;
  nodes_[who] = std::make_shared<node>(
      cluster::node_life{.name = shared_->names[who],
                         .incarnation = ++lives_[who]},
      nodes_.size(), shared_->plan.settings, *shared_->ports[who]);
  act(who, kind::restart, [this](node& own) { see(own); });
}

void copies_world::finish(std::size_t event) {
  auto& of = stories_[event];
  of.finished = true;
  ++of.deliveries;
  act(shared_->plan.origins[event], kind::finish, [&](node& own) {
    own.past.add(event);
    own.desk.done(shared_->events[event]->id);
  });
}

void copies_world::conclude(std::size_t who) {
  const auto run = at(who)->runs.front();
  ++story_of(run.first, run.second)->deliveries;
  act(who, kind::conclude, [&](node& own) {
    own.runs.erase(own.runs.begin());
    if (shared_->plan.harm != sabotage::keeps_what_it_ran)
      own.desk.concluded(run.first, run.second);
  });
}

void copies_world::sweep(std::size_t who) {
  act(who, kind::sweep, [this](node& own) {
    own.view_is_new = false;
    own.desk.sweep(now_);
  });
}

void copies_world::pass_a_second() {
  if (!healing_)
    --left_.seconds;
  now_ += 1s;
  for (std::size_t who = 0; who < nodes_.size(); ++who)
    if (nodes_[who])
      sweep(who);
}

void copies_world::drain(std::size_t who) {
  --left_.drains;
  act(who, kind::drain, [this](node& own) {
    own.draining = true;
    see(own);
  });
}

void copies_world::hear_drain(std::size_t who, std::size_t peer) {
  act(who, kind::hear_drain, [&](node& own) {
    own.past.add(peer);
    own.sees[peer].draining = true;
    see(own);
  });
}

} // namespace mfo::model
