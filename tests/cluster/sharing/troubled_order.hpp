#pragma once

#include "tests/cluster/sharing/work_nodes.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// What a run is made of; all of it follows from the seed and the size.
struct order_plan {
  std::size_t nodes = 5;
  std::size_t keys = 4;
  int steps = 600;       ///< in trouble
  bool restarts = false; ///< of processes
};

order_plan order_plan_of(std::uint64_t seed, std::size_t nodes);
std::string to_string(const order_plan& what);

/// Nodes in trouble, and events of a few ordering keys: what each node admits
/// of a key begins in that order, whatever happens. The test fails where it
/// does not, or an event has not one answer, or something is left.
class troubled_order {
public:
  troubled_order(std::uint64_t seed, const order_plan& what);

  void play();

  [[nodiscard]] std::size_t events() const {
    return origins_.size();
  }

  /// By chance; of two runs that went the same way it is the same.
  std::uint64_t a_number() {
    return all_.random();
  }

private:
  std::size_t pick(std::size_t below);
  work_node& some();
  void watch(work_node& node);
  void note(const core::event& what);
  void strike();
  void restart(const std::string& name);
  void place_one();
  void end_one();
  core::outcome some_end();
  void trouble_a_link();
  void sweep();
  void heal();
  void come_to_rest();
  void check_the_end();
  [[nodiscard]] bool is_at_rest();

  const order_plan plan_;
  const std::size_t strikes_; ///< at once
  work_nodes all_;
  std::vector<std::string> names_;
  std::map<std::string, work_node*> origins_; ///< of events, by id
  std::set<std::string> begun_;
  std::map<std::pair<work_node*, std::string>, int> latest_;
  int last_ = 0;
};

} // namespace mfo::cluster::test
