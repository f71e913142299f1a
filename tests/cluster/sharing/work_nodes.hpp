#pragma once

#include "cluster/membership/view.hpp"
#include "cluster/sharing/dispatcher.hpp"
#include "tests/cluster/messages/ways.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

/// Nodes that share work over a network that is played: messages wait until a
/// test has them delivered.
namespace mfo::cluster::test {

class work_nodes;

/// One of them: what its host was asked to do.
class work_node : public work_host {
public:
  struct running {
    node_life origin;
    core::event_ptr event;
  };

  work_node(work_nodes& all, std::string name, std::uint64_t incarnation,
            sharing_settings settings);

  void send(const std::string& peer, std::string bytes) override;
  void flush_soon(const std::string& peer) override;
  core::event_ptr revive(const wire_event& what) override;
  void run(const node_life& origin, const core::event_ptr& event) override;
  void run_here(const core::event_ptr& event) override;
  void answer(const core::event_ptr& event, core::outcome how) override;
  void moved(const core::event& event, const std::string& peer,
             placement_reason why) override;
  void faulty(const std::string& peer, std::string_view why) override;

  /// Ends the oldest event that runs here for somebody else.
  void finish_one(core::outcome how = {});

  /// Ends the oldest event that was to be run here, of this node.
  void finish_own(core::outcome how = {});

  const node_life life;
  dispatcher work;
  bool knows_the_endpoint = true;
  std::deque<running> runs;
  std::vector<core::event_ptr> came_back;                    ///< to be run here
  std::map<std::string, std::vector<core::outcome>> answers; ///< by id
  std::map<placement_reason, int> moves;
  std::vector<std::string> faults;
  /// Called when an event begins to run, of this node or another.
  std::function<void(const core::event&)> began;
  /// Called when one of this node goes to a peer.
  std::function<void(const core::event&)> went;

private:
  work_nodes& all_;
};

class work_nodes {
public:
  work_nodes() = default;
  work_nodes(const work_nodes&) = delete;
  work_nodes& operator=(const work_nodes&) = delete;

  /// Adds a node that can do everything, and links it with all others.
  work_node& add(const std::string& name, sharing_settings settings = {});

  /// So many at once, all linked.
  void add_all(const std::vector<std::string>& names,
               sharing_settings settings = {});

  /// Another process of that name, without links. The former one is gone, which
  /// its peers see by their links.
  work_node& restart(const std::string& name, sharing_settings settings = {});

  [[nodiscard]] work_node& at(const std::string& name) {
    return *nodes_.at(name);
  }

  /// Whether it is the process of its name, and not a former one.
  [[nodiscard]] bool is_there(const work_node& node) const;

  /// Both sides see the link come or go.
  void link(work_node& a, work_node& b);
  void unlink(work_node& a, work_node& b);
  [[nodiscard]] bool is_linked(const work_node& a, const work_node& b) const;

  /// What everybody says of itself, told to everybody.
  void tell_loads();

  /// The same, told to one.
  void tell_loads(work_node& to);

  /// Messages and flushes until there are none.
  void settle();

  /// One message, if there is any; false: there is none.
  bool deliver_one();

  core::event_ptr event(const std::string& id, const std::string& key = {});

  std::map<std::string, load_report, std::less<>> loads;
  std::map<std::string, label_map, std::less<>> labels; ///< none by default
  std::chrono::steady_clock::time_point now{std::chrono::hours{1}};
  std::size_t messages = 0; ///< delivered
  std::mt19937_64 random{1};

private:
  friend class work_node;

  struct message {
    std::uint64_t link;
    std::string bytes;
  };

  [[nodiscard]] view::member_list all_members();
  void show(work_node& to, view::member_list all);

  std::map<std::string, std::unique_ptr<work_node>, std::less<>> nodes_;
  std::vector<std::unique_ptr<work_node>> former_;
  std::vector<std::pair<work_node*, std::string>> to_flush_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> links_;
  ways<message> on_way_;
  std::uint64_t last_link_ = 0;
  std::uint64_t last_incarnation_ = 0;
};

} // namespace mfo::cluster::test
