#pragma once

#include "actors/interfaces.hpp"
#include "cluster/hub/hub.hpp"
#include "cluster/transport/link_table.hpp"
#include "telemetry/log.hpp"

#include <caf/all.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/test_multiplexer.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// What became of one event, whichever nodes it was at.
struct event_story {
  std::string origin{};
  std::uint64_t process = 0; ///< of the origin
  bool replicated = false;
  int runs = 0;                      ///< that came to an end, on any node
  std::vector<core::outcome> ends{}; ///< that its origin was told
  int acknowledged = 0;
  int inherited_ends = 0; ///< that nodes were told which took it over
};

using event_stories = std::map<std::string, event_story, std::less<>>;

/// An actor system in virtual time: CAF's test coordinator runs its actors when
/// it is told to, CAF's test multiplexer reads what is put before it. There is
/// no thread, and no socket.
struct virtual_configuration : caf::actor_system_config {
  virtual_configuration();
};

/// A node as its peers and its router see it: a hub in an actor system of its
/// own, with a runner that takes its time. Who moves time and bytes is
/// `virtual_cluster`.
class virtual_node {
public:
  using milliseconds = std::chrono::milliseconds;

  struct options {
    std::string name;
    role_set roles = role_set::all();
    std::string cluster = "shop";
    protocol_range speaks{};
    bool dedup = false;
  };

  struct place {
    config::listen_address address;
    std::vector<config::listen_address> seeds{};
    std::uint64_t process = 0; ///< tells it from all others that ever were
  };

  virtual_node(const options& given, const place& where, event_stories& all);
  ~virtual_node();
  virtual_node(const virtual_node&) = delete;

  // Its router and its operator.

  /// An event comes in. Its end is told in the stories.
  void give(const std::string& id, bool replicated = false);
  void drain();
  void leave();
  void schedule_due(const std::string& trigger);

  /// Says to a peer that it has dialled whatever it is, as nobody of its own
  /// version would.
  template <class... Ts>
  void say_to(const std::string& peer, Ts... what) {
    caf::anon_send(caf::actor_cast<caf::actor>(gates.at(peer)),
                   std::move(what)...);
  }

  [[nodiscard]] const hub_report& report() const {
    return *report_;
  }

  /// Whether it sees that member alive and has a link to it.
  [[nodiscard]] bool reaches(std::string_view member) const;
  [[nodiscard]] std::optional<member_state> sees(std::string_view member) const;
  /// Nothing that is of an event, its own or another's.
  [[nodiscard]] bool is_clean() const;
  [[nodiscard]] bool has_logged(std::string_view text) const;

  const std::string name;
  const std::uint64_t process;
  milliseconds takes{20}; ///< a run
  std::size_t queued = 0; ///< what it says of its load
  int running = 0;        ///< at the moment
  int fired = 0;          ///< ticks of schedules
  int drains_asked = 0;   ///< by way of peers
  bool has_room = true;   ///< for events of nodes that are gone

  // For whoever carries its bytes.

  struct dial_order {
    config::listen_address where;
    std::string expected;
    std::uint64_t token = 0;
  };

  /// CAF shook hands on a connection that this node dialled.
  struct join {
    link_id link = 0;
    caf::strong_actor_ptr gate{}; ///< null: it did not
  };

  class recorded_wire;

  /// Its clock goes on; what is due then is done by `work`.
  void advance(milliseconds by);
  /// All that its actors can do without waiting, and without reading.
  void work();
  /// Reads what is there, and works.
  void read();
  void tell(const link_event& what);
  void dial_over(caf::io::connection_handle by, link_id link);
  void accept_over(caf::io::connection_handle by);
  void break_connection(caf::io::connection_handle which);
  [[nodiscard]] caf::io::network::test_multiplexer& multiplexer();
  [[nodiscard]] caf::node_id caf_node() const;

  [[nodiscard]] recorded_wire& asked() {
    return *wire_;
  }

  std::vector<join> joined{};
  std::map<std::string, caf::strong_actor_ptr> gates{}; ///< of those dialled
  cluster::wire::link_table table;

private:
  hub_deps_ptr deps_of(const options& given, const place& where);
  caf::behavior router(caf::event_based_actor* self);
  caf::behavior runner(caf::event_based_actor* self);
  caf::behavior asker(caf::event_based_actor* self);
  void ended(const core::event_ptr& event, core::outcome how, bool inherited);
  void stop();
  [[nodiscard]] std::chrono::steady_clock::time_point now();
  [[nodiscard]] caf::scheduler::test_coordinator& scheduler();

  event_stories& stories_;
  std::mt19937_64 random_;
  std::shared_ptr<const config::endpoint_settings> plain_;
  std::shared_ptr<const config::endpoint_settings> replicated_;
  std::vector<std::string> lines_; ///< of the log
  std::shared_ptr<hub_report> report_ = std::make_shared<hub_report>();
  std::shared_ptr<recorded_wire> wire_;
  virtual_configuration configuration_;
  caf::actor_system system_;
  caf::actor broker_;
  caf::actor router_;
  caf::actor runner_;
  caf::actor asker_;
  hub_actor hub_;
};

/// Keeps what the hub asks of its transport.
class virtual_node::recorded_wire final : public peer_wire {
public:
  [[nodiscard]] bool dial(const config::listen_address& where,
                          std::string expected, std::uint64_t token) override {
    dials.push_back({where, std::move(expected), token});
    return true;
  }

  void close(link_id link) override {
    closes.push_back(link);
  }

  std::vector<dial_order> dials;
  std::vector<link_id> closes;
};

} // namespace mfo::cluster::test
