#pragma once

#include "tests/cluster/sharing/troubled_work.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

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
class troubled_order final : public troubled_work {
public:
  troubled_order(std::uint64_t seed, const order_plan& what);

  [[nodiscard]] std::size_t events() const {
    return origins_.size();
  }

private:
  void watch(work_node& node) override;
  void strike() override;
  void sweep() override;
  void finish(work_node& node) override;
  [[nodiscard]] bool is_at_rest(const dispatcher& work) const override;
  void check_the_end() override;

  void note(const core::event& what);
  void place_one();
  void end_one();
  core::outcome some_end();
  void trouble_a_link();

  const order_plan plan_;
  std::map<std::string, work_node*> origins_; ///< of events, by id
  std::set<std::string> begun_;
  std::map<std::pair<work_node*, std::string>, int> latest_;
  int last_ = 0;
};

} // namespace mfo::cluster::test
