#pragma once

#include "cluster/copies/copy_desk.hpp"
#include "tests/model/digest.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mfo::model {

/// What may happen besides messages that arrive: so often at most.
struct troubles {
  unsigned crashes = 0;
  unsigned restarts = 0;
  unsigned cuts = 0; ///< of links between nodes that live
  /// A node that lives is found dead, as it cannot be heard.
  unsigned false_deaths = 0;
  unsigned drains = 0;
  unsigned seconds = 0; ///< that pass
};

/// What a world may have that is wrong with it, to see that it is found.
enum class sabotage : std::uint8_t {
  none,
  acknowledges_early, ///< an event as soon as its copies are on their way
  loses_messages,     ///< the network does, without an end to the link
  keeps_what_it_ran,  ///< what a holder has run never ends there
};

struct copies_plan {
  std::size_t nodes = 3;
  std::size_t copies = 1;
  /// Of each event, the node at which it comes in.
  std::vector<std::uint8_t> origins{0};
  troubles may{};
  cluster::copy_settings settings = default_settings();
  sabotage harm = sabotage::none;

  /// Seconds, as those that pass; of patience there is more than may pass while
  /// something goes wrong.
  static cluster::copy_settings default_settings();
};

/// Nodes that hold copies of each other's events (`ack: replicated`), by real
/// copy desks, over a network that is played: each link delivers in order, and
/// what is on it is lost when it ends. Who is there each of them sees in its
/// own time, and rightly or not.
///
/// A node's state follows from what it was told, one after the other; so the
/// past of each is a fingerprint of its state. Pasts that differ in what nodes
/// did independently of each other alone are the same state.
class copies_world {
public:
  enum class kind : std::uint8_t {
    begin,      ///< event a is to have copies
    deliver,    ///< the next message from a to b
    lose,       ///< the same, by sabotage
    cut,        ///< the link of a and b
    notice,     ///< a sees that its link to b is gone
    find_dead,  ///< a does so with b
    learn,      ///< a hears that b was started anew
    join,       ///< a and b are linked again
    crash,      ///< a does
    restart,    ///< a does
    finish,     ///< event a, at its origin
    conclude,   ///< a has run what it took over first
    sweep,      ///< a looks at what is due
    second,     ///< passes, and all look
    drain,      ///< a is to
    hear_drain, ///< a hears that b drains
  };

  struct action {
    kind what;
    std::uint8_t a = 0;
    std::uint8_t b = 0;
  };

  explicit copies_world(const copies_plan& plan);

  [[nodiscard]] std::vector<action> possible() const;
  void apply(const action& what);
  [[nodiscard]] std::string tell(const action& what) const;
  [[nodiscard]] std::uint64_t fingerprint() const;
  [[nodiscard]] std::optional<std::string> wrong() const;

  /// All nodes are there again, see each other, and run what they have: then
  /// nothing is left, and what was promised is delivered.
  [[nodiscard]] std::optional<std::string> stuck() const;

private:
  class port;

  /// What is the same in all copies of a world.
  struct shared_parts;

  /// A peer, as a node sees it.
  struct sight {
    cluster::node_life life{};
    cluster::member_state state = cluster::member_state::alive;
    std::uint64_t link = 0; ///< 0: none
    bool draining = false;
  };

  struct node {
    node(cluster::node_life own, std::size_t peers,
         const cluster::copy_settings& settings, cluster::copy_host& host);

    cluster::node_life life;
    cluster::copy_desk desk;
    digest past;
    std::vector<sight> sees; ///< by number; of itself it is not looked at
    std::set<std::string> to_flush;
    std::vector<std::pair<cluster::node_life, std::string>> runs;
    bool view_is_new = false; ///< and it has not looked at what is due
    bool draining = false;
  };

  struct link {
    std::uint64_t number = 0; ///< of this pair's
    bool up = false;
  };

  struct message {
    std::shared_ptr<const std::string> bytes;
    std::uint64_t fingerprint;
  };

  /// What really became of an event.
  struct story {
    cluster::copy_name name{}; ///< ticket 0: it has not been begun
    bool refused = false;
    bool promised = false;
    bool given_up = false;
    bool finished = false; ///< at its origin
    bool lost = false;
    unsigned crashes_before = 0; ///< it was begun
    unsigned taken_over = 0;
    unsigned deliveries = 0;
  };

  // copies_world.cpp: the nodes, and what they ask for.
  template <class Do>
  void act(std::size_t who, kind why, Do&& what);
  node& edit(std::size_t who);
  void see(node& own);
  void send(std::size_t from, const std::string& to, std::string bytes);
  void held(const node& origin, const std::string& id);
  void not_held(const node& origin, const std::string& id);
  void take_over(node& own, const cluster::node_life& origin,
                 const std::string& id);

  // copies_actions.cpp: what may happen, and what it does.
  void add_messages(std::vector<action>& all) const;
  void add_work(std::vector<action>& all) const;
  void add_troubles(std::vector<action>& all) const;
  void add_sights(std::size_t who, std::vector<action>& all) const;
  void begin(std::size_t event);
  void deliver(std::size_t from, std::size_t to);
  void cut(std::size_t a, std::size_t b);
  void notice(std::size_t who, std::size_t peer);
  void find_dead(std::size_t who, std::size_t peer);
  void learn(std::size_t who, std::size_t peer);
  void join(std::size_t a, std::size_t b);
  void crash(std::size_t who);
  void restart(std::size_t who);
  void finish(std::size_t event);
  void conclude(std::size_t who);
  void sweep(std::size_t who);
  void pass_a_second();
  void drain(std::size_t who);
  void hear_drain(std::size_t who, std::size_t peer);
  void end_link(std::size_t a, std::size_t b);

  // copies_promises.cpp: what must be.
  void check(bool crashed);
  [[nodiscard]] bool is_somewhere(const story& of) const;
  [[nodiscard]] bool is_well_held(const story& of) const;
  [[nodiscard]] bool is_open_at_origin(const story& of) const;
  [[nodiscard]] std::optional<std::string> play_out();
  void heal();
  void settle();
  void run_all();
  [[nodiscard]] std::string leftovers() const;
  void complain(std::string what);

  [[nodiscard]] const node* at(std::size_t who) const;
  [[nodiscard]] std::size_t number_of(const std::string& name) const;
  link& link_of(std::size_t a, std::size_t b);
  [[nodiscard]] const link& link_of(std::size_t a, std::size_t b) const;
  std::vector<message>& way(std::size_t from, std::size_t to);
  [[nodiscard]] const std::vector<message>& way(std::size_t from,
                                                std::size_t to) const;
  story* story_of(const cluster::node_life& origin, const std::string& id);

  std::shared_ptr<shared_parts> shared_;
  /// Null: down. A node belongs to all copies of the world that it is the same
  /// in; `edit` makes one's own of it.
  std::vector<std::shared_ptr<node>> nodes_;
  std::vector<std::uint64_t> lives_; ///< of each name so far
  std::vector<link> links_;          ///< by pair
  std::vector<std::vector<message>> ways_;
  std::chrono::steady_clock::time_point now_;
  std::vector<story> stories_;
  troubles left_;
  unsigned crashes_ = 0;
  unsigned surprises_ = 0; ///< crashes, cuts, and deaths that were none
  bool healing_ = false;
  std::optional<std::string> wrong_;
};

} // namespace mfo::model
