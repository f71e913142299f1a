#pragma once

#include "tests/cluster/sharing/work_nodes.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mfo::cluster::test {

/// What a run is made of; all of it follows from the seed and the size.
struct sharing_plan {
  std::size_t nodes = 5;
  int steps = 400;       ///< in trouble
  bool restarts = false; ///< of processes
  bool tight = false;    ///< there is little room
};

sharing_plan sharing_plan_of(std::uint64_t seed, std::size_t nodes);
std::string to_string(const sharing_plan& what);

/// Nodes that place events, finish them, lose links, get them back, are full,
/// drain and start anew, in an order that the seed decides; then all heals, and
/// everything is to end. The test fails where something is that is not to be.
class troubled_sharing {
public:
  troubled_sharing(std::uint64_t seed, const sharing_plan& what);

  void play();

  [[nodiscard]] std::size_t events() const {
    return static_cast<std::size_t>(last_);
  }

  /// By chance; of two runs that went the same way it is the same.
  std::uint64_t a_number() {
    return all_.random();
  }

private:
  /// One that was placed with a peer.
  struct record {
    work_node* origin = nullptr;
    int went = 0; ///< to peers, so many times
    int runs = 0; ///< anywhere
  };

  std::size_t pick(std::size_t below);
  work_node& some();
  void restart(const std::string& name);
  void watch(work_node& node);
  void strike();
  void place_one();
  void change_a_load();
  void deliver_some();
  void sweep();
  void heal();
  void come_to_rest();
  void check_the_end();
  [[nodiscard]] bool is_at_rest();

  const sharing_plan plan_;
  const std::size_t strikes_; ///< at once
  const sharing_settings settings_;
  work_nodes all_;
  std::vector<std::string> names_;
  std::map<std::string, record> records_; ///< by id
  int last_ = 0;
};

} // namespace mfo::cluster::test
