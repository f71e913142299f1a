#pragma once

#include "tests/cluster/rules/agenda.hpp"
#include "tests/cluster/rules/ledger.hpp"
#include "tests/cluster/rules/simulated_node.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace mfo::cluster::simulated {

/// What a run is made of; all of it follows from the seed and the size.
struct plan {
  std::size_t nodes = 3;
  std::size_t copies = 1; ///< of replicated events
  clock::duration trouble = std::chrono::seconds{10};
  std::size_t events = 500;
  unsigned max_moves = 3;
  bool crashes = true;
  bool cuts = true;
  bool partitions = true;
  bool stalls = true;          ///< nodes stand still, links become slow
  std::size_t intake_only = 0; ///< of the nodes
};

plan plan_of(unsigned seed);
plan plan_of(unsigned seed, std::size_t nodes);
std::string to_string(const plan& what);

/// Nodes that share work while they crash and restart, stand still, links are
/// lost or slow and groups are cut off; then all is well, and all is to come to
/// rest, and to stay so.
class cluster final : public surroundings {
public:
  cluster(unsigned seed, const plan& what);

  /// Stops early when the test has failed.
  void run();

  [[nodiscard]] ledger::totals sum() const {
    return books_.sum();
  }

  [[nodiscard]] clock::time_point now() const override {
    return agenda_.now();
  }

  std::mt19937& random() override {
    return random_;
  }

  ledger& books() override {
    return books_;
  }

  void after(const node_life& at, clock::duration delay,
             node_action what) override;
  void send(const node_life& from, const std::string& to, std::uint64_t link,
            node_action what) override;

private:
  /// Where the processes of one name run, one after the other.
  struct host {
    std::string name;
    std::unique_ptr<node> process{};          ///< null: down
    std::uint64_t lives = 0;                  ///< so far
    int group = 0;                            ///< others are out of reach
    bool frozen = false;                      ///< the process stands still
    std::deque<std::function<void()>> held{}; ///< what it does afterwards
  };

  struct link_state {
    std::uint64_t number = 0;
    bool up = false;
    std::size_t to_notice = 0; ///< ends that do not know yet that it is down
    clock::duration lag{};     ///< it is slow
    std::array<clock::time_point, 2> last_arrival{}; ///< by direction
  };

  std::size_t index_of(const std::string& name) const;
  link_state& link_of(std::size_t a, std::size_t b);
  node* find(const node_life& life) const;
  template <class Action>
  void at_host(std::size_t which, Action what);
  void start(std::size_t which);
  void crash(std::size_t which);
  void freeze(std::size_t which);
  void cut(std::size_t a, std::size_t b);
  void slow_down(std::size_t a, std::size_t b);
  void partition();
  void heal();
  void connect_all();
  void trouble();
  void strike();
  void admit(std::size_t first, std::size_t end);
  void tick(const node_life& life);
  void every(clock::duration interval, agenda::action what);
  void expect_quiet();
  [[nodiscard]] ledger::eyes eyes();
  [[nodiscard]] std::uint64_t news() const;
  [[nodiscard]] bool is_at_rest() const;
  [[nodiscard]] std::string leftovers() const;
  clock::duration a_delay(int from_ms, int to_ms);
  std::size_t some();

  plan plan_;
  std::mt19937 random_;
  agenda agenda_;
  ledger books_;
  std::vector<host> hosts_;
  std::vector<link_state> links_; ///< of each two, the smaller index first
  bool parted_ = false;
  std::uint64_t link_numbers_ = 0;
  clock::time_point troubled_until_;
};

} // namespace mfo::cluster::simulated
