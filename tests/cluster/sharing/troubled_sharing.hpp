#pragma once

#include "tests/cluster/sharing/troubled_work.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

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
class troubled_sharing final : public troubled_work {
public:
  troubled_sharing(std::uint64_t seed, const sharing_plan& what);

  [[nodiscard]] std::size_t events() const {
    return static_cast<std::size_t>(last_);
  }

private:
  /// One that was placed with a peer.
  struct record {
    work_node* origin = nullptr;
    int went = 0; ///< to peers, so many times
    int runs = 0; ///< anywhere
  };

  void watch(work_node& node) override;
  void strike() override;
  void sweep() override;
  void finish(work_node& node) override;
  [[nodiscard]] bool is_at_rest(const dispatcher& work) const override;
  void check_the_end() override;

  void place_one();
  void change_a_load();
  void deliver_some();

  const sharing_plan plan_;
  std::map<std::string, record> records_; ///< by id
  int last_ = 0;
};

} // namespace mfo::cluster::test
