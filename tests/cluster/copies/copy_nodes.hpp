#pragma once

#include "cluster/copies/copy_desk.hpp"
#include "cluster/membership/view.hpp"
#include "tests/cluster/copies/copy_ledger.hpp"
#include "tests/cluster/messages/ways.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Nodes that hold copies of each other's events, over a network that is
/// played: messages wait until a test has them delivered.
namespace mfo::cluster::test {

class copy_nodes;

/// One of them, as long as its process lives: what its host was asked to do.
class copy_node final : public copy_host {
public:
  struct taken {
    node_life origin;
    core::event_ptr event;
  };

  copy_node(copy_nodes& all, node_life own, const copy_settings& settings);

  void send(const std::string& peer, std::string bytes) override;
  void flush_soon(const std::string& peer) override;
  void held(const core::event_ptr& event) override;
  void not_held(const core::event_ptr& event, give_up_cause why) override;
  bool has_endpoint(std::string_view id) override;
  core::event_ptr revive(const wire_event& what) override;
  void take_over(const node_life& origin,
                 const core::event_ptr& event) override;
  void cannot_run(const node_life& origin, std::string_view id) override;
  void faulty(const std::string& peer, std::string_view why) override;

  /// Has the event copied.
  tl::expected<void, begin_refusal> begin(const core::event_ptr& event,
                                          std::size_t copies = 1);

  /// An event of this node has been delivered.
  void finish(const std::string& id);

  /// The oldest event that was taken over has been delivered.
  void finish_taken();

  const node_life life;
  copy_desk desk;
  bool knows_the_endpoint = true;
  bool can_revive = true;
  std::vector<std::string> acknowledged; ///< ids
  std::map<std::string, give_up_cause> given_up;
  std::set<std::string> open; ///< begun, and neither given up nor finished
  std::deque<taken> runs;
  std::vector<std::string> not_run;
  std::vector<std::string> faults;

private:
  copy_nodes& all_;
};

/// A view says that a peer is alive while there is a link to it, then suspect,
/// and dead when that has been gone for `dead_after`.
class copy_nodes {
public:
  explicit copy_nodes(copy_settings settings = {});
  copy_nodes(const copy_nodes&) = delete;
  copy_nodes& operator=(const copy_nodes&) = delete;

  /// A new process of that name, linked with all that run; the former one is
  /// killed.
  copy_node& add(const std::string& name);

  /// The same without links.
  copy_node& start(const std::string& name);

  /// So many at once, all linked.
  void add_all(const std::vector<std::string>& names);

  void crash(const std::string& name);

  /// Of two nodes that run. Ends a link that there is.
  void link(const std::string& a, const std::string& b);

  /// The link is down, with all that is on it; who is there notices later.
  void cut(const std::string& a, const std::string& b);
  void notice(const std::string& a, const std::string& b);
  void unlink(const std::string& a, const std::string& b);
  [[nodiscard]] bool is_linked(const std::string& a,
                               const std::string& b) const;

  /// Whether a node has a link to that very life, as far as it knows.
  [[nodiscard]] bool believes_linked(const std::string& observer,
                                     const node_life& peer) const;

  void tell_views();

  /// One message of some link, if there is any; false: there is none.
  bool deliver_one();

  /// Messages and flushes until there are none.
  void settle();

  /// That long, with sweeps and views all 100 ms.
  void pass(std::chrono::milliseconds time);

  /// Null: it does not run.
  [[nodiscard]] copy_node* find(const std::string& name);
  [[nodiscard]] copy_node* find(const node_life& life);
  [[nodiscard]] copy_node& at(const std::string& name) {
    return *find(name);
  }

  [[nodiscard]] std::vector<copy_node*> running();

  [[nodiscard]] core::event_ptr event(const std::string& id,
                                      std::size_t bytes = 100) const;

  std::set<std::string> draining;
  std::chrono::milliseconds dead_after{1'000};
  std::chrono::steady_clock::time_point now{std::chrono::hours{1}};
  std::size_t messages = 0; ///< delivered
  std::size_t largest = 0;  ///< of these, in bytes
  std::mt19937 random{1};
  copy_ledger books;
  /// Null, or told of each: who takes over, and whose event.
  std::function<void(const copy_node&, const node_life&)> on_take_over;
  const copy_settings settings;

private:
  friend class copy_node;
  using ends = std::pair<std::string, std::string>;

  struct link_state {
    std::uint64_t number = 0;
    bool up = false;
    bool noticed = true; ///< by both ends, that it is down
  };

  /// A peer as a node last knew it.
  struct sight {
    node_life life{};
    std::shared_ptr<const node_card> card{};
    bool linked = false;
    std::chrono::steady_clock::time_point lost_at{};
  };

  void flush_all();
  std::shared_ptr<const view> view_at(const copy_node& node) const;
  const std::shared_ptr<const load_report>&
  load_of(const std::string& name) const;

  std::map<std::string, std::unique_ptr<copy_node>> nodes_; ///< null: down
  std::map<ends, link_state> links_; ///< the smaller name first
  ways<std::string> on_way_;
  std::vector<std::pair<node_life, std::string>> to_flush_;
  std::map<ends, sight> sights_; ///< observer, peer
  std::uint64_t last_link_ = 0;
  std::uint64_t last_incarnation_ = 0;
};

} // namespace mfo::cluster::test
