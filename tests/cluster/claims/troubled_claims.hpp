#pragma once

#include "tests/cluster/claims/claim_world.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// What a run is made of; all of it follows from the seed and the size.
struct trouble_plan {
  std::size_t nodes = 3;
  std::chrono::seconds trouble{60};
  std::size_t late = 0; ///< of these come while it goes on
  std::chrono::milliseconds most_skew{0};
  bool crashes = false;
  bool cuts = false;
  bool partitions = false;
  std::size_t triggers = 2;
  std::chrono::milliseconds between_claims{20};
};

trouble_plan trouble_of(std::uint64_t seed);
trouble_plan trouble_of(std::uint64_t seed, std::size_t nodes);
std::string to_string(const trouble_plan& what);

/// Nodes that take repeated deliveries and fire schedules while they crash,
/// are cut off from each other, come and see all of that late; in the end all
/// is well for a while. What is not to be is a failure of the test.
class troubled_claims final : public claim_world {
public:
  troubled_claims(std::uint64_t seed, const trouble_plan& what);

  void run();

  struct totals {
    std::size_t claims = 0;
    std::size_t repeated = 0; ///< found to be repetitions
    std::size_t unasked = 0;
    std::size_t ticks = 0; ///< that had to be fired
    std::size_t calm_ticks = 0;
    std::size_t fired_again = 0; ///< more often than once, in trouble
  };

  [[nodiscard]] const totals& sum() const noexcept {
    return sum_;
  }

private:
  static constexpr std::chrono::seconds calm_lasts{45};

  /// A claim of the host of one node.
  struct delivery {
    std::string id;
    node_life at;
    clock::time_point decided_by;
    clock::time_point deadline;
    std::uint64_t version; ///< of the world when it was made
    bool calm;             ///< the world was
  };

  enum class state { under_way, held, taken, failed };

  /// One that went on as fresh.
  struct grant {
    std::uint64_t number;
    node_life at;
    std::uint64_t version; ///< the same when it was made and when decided; or 0
    clock::time_point deadline;
    state how;
  };

  struct tick_book {
    std::optional<std::uint64_t> version{}; ///< calm, before anybody saw it
    bool calm = false;                      ///< until all had seen it
    std::size_t fires = 0;
    std::vector<std::pair<node_life, clock::time_point>> came{};
  };

  using tick_name = std::pair<std::size_t, int>; ///< trigger, and which

  void on_decided(claim_node& node, std::uint64_t number,
                  claim_verdict what) override;
  void on_fire(claim_node& node, const tick_record& tick) override;
  void on_sweep(claim_node& node) override;

  [[nodiscard]] bool is_calm();
  void come_up(const std::string& name);
  void go_down(const std::string& name);
  void cut(const std::string& a, const std::string& b);
  void regroup(bool split);
  void seen_late(const std::string& name);
  void show_soon(claim_node& node);
  void look_in(std::chrono::milliseconds delay, const std::string& who,
               const std::string& at);
  void link_in(std::chrono::milliseconds delay, const std::string& a,
               const std::string& b);
  void make_trouble();
  void strike();
  void claim_some();
  void judge(std::uint64_t number, claim_verdict what);
  [[nodiscard]] bool is_somewhere(const delivery& made) const;
  void settle_in(std::uint64_t number);
  void plan_ticks();
  void come_to_tick(const std::string& name, const tick_name& which);
  void count_fire(const tick_record& tick);
  void judge_ticks();
  [[nodiscard]] tick_record record_of(const tick_name& which) const;

  const trouble_plan plan_;
  std::vector<std::string> names_;
  std::map<std::string, std::chrono::milliseconds> skews_;
  std::vector<std::vector<std::string>> eligible_; ///< of each trigger
  clock::time_point troubled_until_;
  clock::time_point ends_;

  std::map<std::uint64_t, delivery> deliveries_; ///< not settled
  std::map<std::string, std::vector<grant>> grants_;
  std::map<tick_name, tick_book> ticks_;
  std::uint64_t numbers_ = 0;
  std::uint64_t sweeps_ = 0;
  std::uint64_t calm_version_ = 0; ///< of the last look
  bool calm_ = false;
  totals sum_;
};

} // namespace mfo::cluster::test
