#pragma once

#include "tests/cluster/sharing/work_nodes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mfo::cluster::test {

/// Nodes that share work, in trouble by chance of a seed; then all heals, and
/// everything is to end. What the trouble is, and what holds in it, is said by
/// who inherits.
class troubled_work {
public:
  struct course {
    std::size_t nodes = 5;
    int steps = 400;               ///< in trouble
    std::size_t longest_pause = 0; ///< ms, between two of them
    int rounds = 0;                ///< of 100 ms, to come to rest in
  };

  virtual ~troubled_work() = default;
  troubled_work(const troubled_work&) = delete;
  troubled_work& operator=(const troubled_work&) = delete;

  void play();

  /// By chance; of two runs that went the same way it is the same.
  std::uint64_t a_number() {
    return all_.random();
  }

protected:
  troubled_work(std::uint64_t seed, const course& what,
                sharing_settings settings);

  std::size_t pick(std::size_t below);
  work_node& some();
  void restart(work_node& node);

  /// Has `watch` see each node.
  void watch_all();

  work_nodes all_;
  std::vector<std::string> names_;
  const std::size_t strikes_; ///< at once
  const sharing_settings settings_;

private:
  virtual void watch(work_node& node) = 0;
  virtual void strike() = 0;
  virtual void sweep() = 0;
  /// What runs at a node ends.
  virtual void finish(work_node& node) = 0;
  [[nodiscard]] virtual bool is_at_rest(const dispatcher& work) const = 0;
  virtual void check_the_end() = 0;

  void heal();
  void come_to_rest();
  [[nodiscard]] bool are_at_rest();

  const course course_;
};

} // namespace mfo::cluster::test
