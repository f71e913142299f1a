#pragma once

#include "tests/cluster/copies/copy_nodes.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mfo::cluster::test {

/// What a run is made of; all of it follows from the seed and the size.
struct copies_plan {
  std::size_t nodes = 3;
  std::size_t copies = 1; ///< of an event, at most
  int steps = 400;        ///< in trouble
  bool crashes = true;
  bool drains = true;
  bool partitions = true;
};

copies_plan copies_plan_of(unsigned seed);
copies_plan copies_plan_of(unsigned seed, std::size_t nodes);
std::string to_string(const copies_plan& what);

/// Nodes that hold copies of each other's events while they crash, restart,
/// drain, and are cut off; then all is well, and all is to come to rest.
/// Messages are on their way for as long as chance has it, in order. The test
/// fails where something is that is not to be.
class troubled_copies {
public:
  troubled_copies(unsigned seed, const copies_plan& what);

  copy_ledger::totals play();

  /// By chance; of two runs that went the same way it is the same.
  std::uint64_t a_number() {
    return all_.random();
  }

private:
  std::size_t pick(std::size_t below);
  const std::string& some_name();
  void strike();
  void begin_some(copy_node& node);
  void finish_some(copy_node& node);
  void finish_all(copy_node& node);
  void regroup();
  void connect_some();
  void tick();
  void check_bounds();
  void heal();
  void come_to_rest();
  void pass_half_a_second();
  void expect_quiet();
  bool is_at_rest();

  const copies_plan plan_;
  copy_nodes all_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> groups_; ///< none: nobody is cut off
  std::size_t last_id_ = 100;
  int untold_ = 0; ///< ticks without new views
};

} // namespace mfo::cluster::test
