#pragma once

#include "cluster/rules/credit_window.hpp"
#include "cluster/rules/inbox.hpp"
#include "cluster/rules/outbox.hpp"
#include "cluster/rules/placement.hpp"
#include "cluster/rules/replica_origin.hpp"
#include "cluster/rules/replica_store.hpp"
#include "tests/cluster/rules/agenda.hpp"
#include "tests/cluster/rules/ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace mfo::cluster::simulated {

class node;

/// What happens at a node, if it still lives then.
using node_action = std::function<void(node&)>;

/// What a node needs of the world.
class surroundings {
public:
  virtual ~surroundings() = default;
  [[nodiscard]] virtual clock::time_point now() const = 0;
  virtual std::mt19937& random() = 0;
  virtual ledger& books() = 0;
  virtual void after(const node_life& at, clock::duration delay,
                     node_action what) = 0;
  /// A message over a link: it arrives after those before it, or never.
  virtual void send(const node_life& from, const std::string& to,
                    std::uint64_t link, node_action what) = 0;
};

/// Small, so that they are met often.
struct node_traits {
  role_set roles{role::intake, role::runner};
  std::size_t slots = 4;
  std::size_t threshold = 4; ///< of the local queue
  credit window{.events = 8, .bytes = 4'000};
  outbox::bounds at_peers{
      .max_events = 40, .max_bytes = 20'000, .max_moves = 3};
  inbox_bounds from_peers{.max_running = 30,
                          .max_known = 1'000,
                          .known_for = std::chrono::seconds{20},
                          .max_waiting = 60};
  replica_origin::bounds copied{.max_open = 60, .max_releases = 20};
  replica_store::bounds copies{.max_events = 60,
                               .max_bytes = 30'000,
                               .patience = std::chrono::seconds{6}};
  clock::duration dead_after = std::chrono::seconds{1};
};

/// A node as its actors will be: it owns the rules, and turns messages into
/// calls. A peer is alive when its link opens, and dead when its link has been
/// down for `dead_after`; for a peer that crashed that is late, and for one
/// that is cut off it is wrong. One that stands still is never found dead.
class node {
public:
  node(node_life self, node_traits traits, surroundings& world);

  void admit(const parcel& event, std::size_t copies);

  void link_opened(const node_life& peer, std::uint64_t link);
  void link_lost(const std::string& peer, std::uint64_t link);
  void tick();

  [[nodiscard]] const node_life& self() const {
    return self_;
  }

  [[nodiscard]] bool works_on(const std::string& id) const {
    return jobs_.contains(id);
  }

  [[nodiscard]] bool holds(const node_life& origin,
                           const std::string& id) const {
    return store_.holds(origin, id);
  }

  /// Nothing is stored.
  [[nodiscard]] bool is_at_rest() const;

  /// What is stored, for the test's message.
  [[nodiscard]] std::string leftovers() const;

  /// Messages so far, without those that are said every time anew.
  [[nodiscard]] std::uint64_t news() const {
    return news_;
  }

private:
  struct job {
    parcel event;
    std::size_t copies = 0; ///< to be held before it is acknowledged
    unsigned moves = 0;
    std::optional<placement_reason> moved_because{};
    /// It was taken over from this origin.
    std::optional<node_life> taken_from{};
  };

  struct peer_state {
    node_life life{};
    bool alive = false;
    std::uint64_t link = 0;      ///< 0: down
    std::uint64_t lost_link = 0; ///< the last that was lost
    credit_sender out{};
    credit_receiver in;
    node_load load{};
  };

  // Messages.
  void on_grant(const node_life& from, const credit_grant& grant);
  void on_load(const node_life& from, const node_load& load);
  void on_copy(const node_life& from, const parcel& event,
               const holder_list& list);
  void on_list(const node_life& from, const std::string& id,
               const holder_list& list);
  void on_confirmed(const node_life& from, const std::string& id,
                    std::uint32_t version);
  void on_refused(const node_life& from, const std::string& id);
  void on_release(const node_life& origin, const std::string& id);
  void on_audit(const node_life& from, const audit_page& page);
  void on_run(const node_life& from, std::uint64_t link, std::uint64_t number,
              const parcel& event);
  void on_received(const node_life& from, std::uint64_t link,
                   std::uint64_t number);
  void on_handed_back(const node_life& from, const std::string& id);
  void on_concluded(const node_life& from, const inbox<bool>::conclusion& what);

  void tell(const std::string& peer, node_action what);
  void repeat(const peer_state& to, node_action what);
  void dispatch(const std::string& id);
  void dispatch_later(const std::string& id);
  bool hand_over(const std::string& id, const std::string& peer);
  void placed_again(std::vector<outbox::returned> back);
  void ended(const std::string& id, ending how);
  void execute(node_action then);
  void start(node_action then);
  void send(const replica_origin::copy_order& order);
  void send_conclusions(peer_state& to);
  void send_audits(const peer_state& to);
  void finish(const std::string& peer, std::size_t bytes);
  void gone(peer_state& peer);
  void take_over();
  void check_bounds() const;
  [[nodiscard]] candidate candidate_of(const peer_state& peer,
                                       std::size_t bytes) const;
  [[nodiscard]] std::vector<node_life> living_peers() const;
  peer_state& peer_at(const std::string& name);

  const node_life self_;
  const node_traits traits_;
  surroundings& world_;
  outbox at_peers_;
  inbox<bool> from_peers_;
  replica_origin copied_;
  replica_store store_;
  std::map<std::string, peer_state> peers_;
  std::map<std::string, job> jobs_;
  std::deque<node_action> queue_;
  std::size_t in_flight_ = 0;
  std::uint64_t ticks_ = 0;
  std::uint64_t news_ = 0;
};

} // namespace mfo::cluster::simulated
