#include "tests/cluster/hub/virtual_cluster.hpp"

#include "config/address.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds step_time{10};
/// Of a dial that nobody answers.
constexpr auto longest_dial = 2s;

} // namespace

virtual_node& virtual_cluster::start(const virtual_node::options& given) {
  virtual_node::place where{.address = address_of(given.name),
                            .process = ++last_process_};
  for (const auto& [name, host] : hosts_)
    where.seeds.push_back(address_of(name));
  auto& made = nodes_[given.name];
  made = std::make_unique<virtual_node>(given, where, stories);
  return *made;
}

config::listen_address virtual_cluster::address_of(const std::string& name) {
  const auto next = static_cast<std::uint8_t>(hosts_.size() + 1);
  const auto host = hosts_.try_emplace(name, next).first->second;
  return {"10.0.0." + std::to_string(host), 7420};
}

void virtual_cluster::vanish(const std::string& name) {
  forget(*nodes_.at(name), true);
}

void virtual_cluster::lose_power(const std::string& name) {
  forget(*nodes_.at(name), false);
}

void virtual_cluster::forget(virtual_node& gone, bool told) {
  for (auto& each : connections_)
    for (std::size_t side = 0; side < 2; ++side)
      if (auto& its = each.ends.at(side); its.node == &gone) {
        // An end that is open for ever, and silent; or one that was closed.
        its.node = nullptr;
        its.open = !told;
      }
  std::erase_if(dials_, [&](const dial& each) { return each.from == &gone; });
  nodes_.erase(nodes_.find(gone.name));
}

void virtual_cluster::cut(const std::string& one, const std::string& other) {
  cuts_.insert(std::minmax(one, other));
}

void virtual_cluster::isolate(const std::string& name) {
  for (const auto& [other, host] : hosts_)
    if (other != name)
      cut(name, other);
}

void virtual_cluster::heal() {
  cuts_.clear();
}

bool virtual_cluster::is_cut(const std::string& one,
                             const std::string& other) const {
  return cuts_.contains(std::minmax(one, other));
}

void virtual_cluster::break_links(const std::string& one,
                                  const std::string& other) {
  const auto* a = find(one);
  const auto* b = find(other);
  for (auto& each : connections_) {
    const auto* dialler = each.ends[0].node;
    const auto* acceptor = each.ends[1].node;
    if ((dialler == a && acceptor == b) || (dialler == b && acceptor == a))
      for (std::size_t side = 0; side < 2; ++side)
        close(each, side, end_reason::broken, "the connection was reset");
  }
}

void virtual_cluster::run_for(milliseconds length) {
  for (const auto until = now_ + length; now_ < until;)
    step();
}

bool virtual_cluster::comes_true(const std::function<bool()>& condition,
                                 milliseconds longest) {
  for (const auto until = now_ + longest; !condition(); step())
    if (now_ >= until)
      return false;
  return true;
}

virtual_node* virtual_cluster::find(const std::string& name) {
  const auto found = nodes_.find(name);
  return found == nodes_.end() ? nullptr : found->second.get();
}

std::vector<std::string> virtual_cluster::names() const {
  std::vector<std::string> all;
  for (const auto& [name, node] : nodes_)
    all.push_back(name);
  return all;
}

bool virtual_cluster::agrees() const {
  return std::all_of(nodes_.begin(), nodes_.end(), [&](const auto& one) {
    const auto view = one.second->report().members();
    const auto lives = [&](const member_view& member) {
      const auto found = nodes_.find(member.card->name);
      return found != nodes_.end() &&
             member.card->born.process == found->second->process;
    };
    const auto good = [&](const member_view& member) {
      return member.state == member_state::alive
                 ? lives(member) && member.linked
                 : !lives(member);
    };
    return view->alive_names().size() == nodes_.size() &&
           std::all_of(view->members().begin(), view->members().end(), good);
  });
}

bool virtual_cluster::is_clean() const {
  return std::all_of(nodes_.begin(), nodes_.end(),
                     [](const auto& each) { return each.second->is_clean(); });
}

void virtual_cluster::step() {
  now_ += step_time;
  for (const auto& [name, node] : nodes_) {
    node->advance(step_time);
    node->work();
    take_orders(*node);
  }
  std::erase_if(dials_, [this](const dial& each) { return arrive(each); });
  carry();
  for (const auto& [name, node] : nodes_) {
    node->read();
    take_joins(*node);
  }
}

void virtual_cluster::take_orders(virtual_node& of) {
  for (auto& order : std::exchange(of.asked().dials, {})) {
    const dial begun{&of, std::move(order), ++last_link_, now_};
    if (const auto cause =
            of.table.dial(begun.link, of.name, begun.order.expected, now_))
      fail(begun, cause->reason, cause->text);
    else
      dials_.push_back(begun);
  }
  for (const auto link : std::exchange(of.asked().closes, {}))
    for (auto& each : connections_)
      if (each.link == link)
        close(each, each.ends[0].node == &of ? 0 : 1, end_reason::closed_here,
              "this node has closed the link");
}

/// False: nothing has come of it yet.
bool virtual_cluster::arrive(const dial& what) {
  auto& from = *what.from;
  const auto found =
      std::find_if(nodes_.begin(), nodes_.end(), [&](const auto& each) {
        return address_of(each.first) == what.order.where;
      });
  if (found == nodes_.end())
    return fail(what, end_reason::unreachable, "cannot connect"), true;
  auto& to = *found->second;
  if (is_cut(from.name, to.name)) {
    if (now_ - what.begun < longest_dial)
      return false;
    return fail(what, end_reason::timed_out, "no answer in time"), true;
  }
  if (&from == &to)
    return fail(what, end_reason::own_node, "it is this node itself"), true;
  if (!what.order.expected.empty() && what.order.expected != to.name)
    return fail(what, end_reason::wrong_name, "it is " + to.name), true;
  if (const auto cause = to.table.accept(what.link, to.name, from.name, now_)) {
    to.tell({.what = link_event::kind::refused,
             .peer = from.name,
             .reason = cause->reason,
             .text = cause->text});
    return fail(what, end_reason::refused_by_peer, "it said no"), true;
  }
  if (const auto cause =
          from.table.reached(what.link, from.name, to.name, now_)) {
    to.table.ended(what.link);
    return fail(what, cause->reason, cause->text), true;
  }
  connect(what, to);
  return true;
}

void virtual_cluster::fail(const dial& what, end_reason reason,
                           const std::string& text) {
  what.from->table.ended(what.link);
  what.from->tell({.what = link_event::kind::failed,
                   .way = direction::dialled,
                   .token = what.order.token,
                   .peer = what.order.expected,
                   .address = config::format_listen_address(what.order.where),
                   .reason = reason,
                   .text = text});
}

void virtual_cluster::connect(const dial& what, virtual_node& to) {
  connection made{.link = what.link, .token = what.order.token};
  made.ends[0] = {what.from, what.from->name,
                  caf::io::connection_handle::from_int(++last_handle_)};
  made.ends[1] = {&to, to.name,
                  caf::io::connection_handle::from_int(++last_handle_)};
  connections_.push_back(made);
  to.accept_over(made.ends[1].handle);
  to.tell({.what = link_event::kind::linked,
           .link = made.link,
           .way = direction::accepted,
           .peer = what.from->name,
           .address = what.from->name,
           .node = what.from->caf_node()});
  what.from->dial_over(made.ends[0].handle, made.link);
}

void virtual_cluster::carry() {
  for (auto& each : connections_)
    for (std::size_t from = 0; from < 2; ++from)
      carry(each, from);
  std::erase_if(connections_, [](const connection& each) {
    return std::all_of(each.ends.begin(), each.ends.end(), [](const end& one) {
      return !one.open || one.node == nullptr;
    });
  });
}

/// What one side has written comes to the other; or the end of the connection.
void virtual_cluster::carry(connection& by, std::size_t from) {
  auto& here = by.ends.at(from);
  auto& there = by.ends.at(1 - from);
  if (here.open && here.node != nullptr &&
      here.node->multiplexer().stopped_reading(here.handle))
    close(by, from, end_reason::given_up, "CAF has given it up");
  if (there.node == nullptr || !there.open)
    return;
  if (is_cut(here.name, there.name))
    return;
  if (std::uniform_real_distribution<double>{}(random_) < hold_back)
    return;
  if (here.node != nullptr) {
    auto& written = here.node->multiplexer().output_buffer(here.handle);
    auto& to_read =
        there.node->multiplexer().virtual_network_buffer(there.handle);
    to_read.insert(to_read.end(), written.begin(), written.end());
    written.clear();
  }
  if (!here.open) {
    there.node->read();
    close(by, 1 - from, end_reason::closed_by_peer, "the peer has closed it");
  }
}

void virtual_cluster::take_joins(virtual_node& of) {
  for (auto& join : std::exchange(of.joined, {})) {
    const auto found = std::find_if(
        connections_.begin(), connections_.end(),
        [&](const connection& each) { return each.link == join.link; });
    if (found == connections_.end() || !found->ends[0].open)
      continue;
    if (join.gate == nullptr) {
      close(*found, 0, end_reason::timed_out, "its greeting has not come");
      continue;
    }
    found->joined = true;
    // The other process may be gone already: its name is the gate's.
    const auto* peer = found->ends[1].node;
    if (peer != nullptr)
      of.gates[peer->name] = join.gate;
    of.tell({.what = link_event::kind::linked,
             .link = found->link,
             .way = direction::dialled,
             .token = found->token,
             .peer = peer != nullptr ? peer->name : std::string{},
             .address = "a peer",
             .node = join.gate->node(),
             .gate = join.gate});
  }
}

void virtual_cluster::close(connection& which, std::size_t side,
                            end_reason reason, const std::string& text) {
  auto& its = which.ends.at(side);
  if (!its.open || its.node == nullptr)
    return;
  its.open = false;
  its.node->break_connection(its.handle);
  its.node->table.ended(which.link);
  const bool never_up = side == 0 && !which.joined;
  its.node->tell(
      {.what = never_up ? link_event::kind::failed : link_event::kind::lost,
       .link = which.link,
       .way = side == 0 ? direction::dialled : direction::accepted,
       .token = which.token,
       .reason = reason,
       .text = text});
}

} // namespace mfo::cluster::test
