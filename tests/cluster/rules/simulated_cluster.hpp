#pragma once

#include "tests/cluster/rules/agenda.hpp"
#include "tests/cluster/rules/ledger.hpp"
#include "tests/cluster/rules/simulated_node.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::simulated {

/// What a run is made of; all of it follows from the seed.
struct plan {
  std::size_t nodes = 3;
  std::size_t copies = 1; ///< of replicated events
  clock::duration trouble = std::chrono::seconds{10};
  std::size_t events = 500;
  unsigned max_moves = 3;
  bool crashes = true;
  bool cuts = true;
  bool partitions = true;
  std::size_t intake_only = 0; ///< of the nodes
};

plan plan_of(unsigned seed);
std::string to_string(const plan& what);

/// Nodes that share work while they crash and restart, links are lost and
/// groups are cut off; then all is well, and all is to come to rest.
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
  /// Of the two names, the smaller first.
  using pair_key = std::pair<std::string, std::string>;

  struct link_state {
    std::uint64_t number = 0;
    bool up = false;
    std::size_t to_notice = 0; ///< ends that do not know yet that it is down
    std::array<clock::time_point, 2> last_arrival{}; ///< by direction
  };

  static pair_key key_of(const std::string& a, const std::string& b);

  node* find(const node_life& life);
  node* find(const std::string& name);
  void start(const std::string& name);
  void crash(const std::string& name);
  void cut(const pair_key& ends);
  void partition();
  void heal();
  void connect_all();
  void trouble();
  void admit(std::size_t first, std::size_t end);
  void tick(const std::string& name);
  void every(clock::duration interval, agenda::action what);
  void check();
  [[nodiscard]] ledger::eyes eyes();
  [[nodiscard]] std::string leftovers() const;
  clock::duration a_delay(int from_ms, int to_ms);
  const std::string& some_name();

  plan plan_;
  std::mt19937 random_;
  agenda agenda_;
  ledger books_;
  std::vector<std::string> names_;
  std::map<std::string, std::unique_ptr<node>> nodes_; ///< null: down
  std::map<std::string, std::uint64_t> lives_;         ///< incarnations so far
  std::map<std::string, int> groups_; ///< who is in the same one is not cut off
  std::map<pair_key, link_state> links_;
  std::uint64_t link_numbers_ = 0;
  clock::time_point troubled_until_;
};

} // namespace mfo::cluster::simulated
