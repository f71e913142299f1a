#pragma once

#include "cluster/calling/call_desk.hpp"
#include "tests/cluster/rules/agenda.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Runners that have their calls made by connectors, which crash, stand still,
/// drain and start anew, over links that are slow and get lost. All of it
/// follows from a seed.
namespace mfo::cluster::test {

/// What a run is made of; all of it follows from the seed and the size.
struct calls_plan {
  std::size_t runners = 2;
  std::size_t connectors = 3;
  std::size_t calls = 150;
  std::chrono::milliseconds time{8'000}; ///< in which they are made
  bool trouble = true;
};

calls_plan calls_plan_of(unsigned seed, std::size_t nodes);
std::string to_string(const calls_plan& what);

class simulated_callers {
public:
  using clock = call_desk::clock;

  struct totals {
    std::size_t made = 0;
    std::size_t calls = 0; ///< of these, whose caller lives
    std::size_t well = 0;  ///< of these: made
    std::size_t runs = 0;  ///< of all calls, at any connector
    std::uint64_t came_back = 0;
    std::uint64_t moved = 0;
  };

  simulated_callers(unsigned seed, const calls_plan& plan);
  ~simulated_callers();

  /// Until all is over; the test fails where a promise is not kept.
  void run();

  [[nodiscard]] const totals& sum() const {
    return sum_;
  }

  /// By chance; of two runs that went the same way it is the same.
  std::uint64_t a_number() {
    return random_();
  }

private:
  class process;
  using process_action = std::function<void(process&)>;

  /// Of the two names, the smaller first.
  using pair_key = std::pair<std::string, std::string>;

  struct link_state {
    std::uint64_t number = 0;
    bool up = false;
    std::size_t to_notice = 0; ///< ends that do not know yet that it is down
    std::array<clock::time_point, 2> last_arrival{}; ///< by direction
  };

  /// One call, as its caller's books have it.
  struct record {
    clock::time_point deadline;
    bool repeatable = true;
    bool ended = false;
    std::size_t runs = 0;
  };

  static pair_key ends_of(const std::string& a, const std::string& b);

  process* find(const node_life& life);
  void after(const node_life& life, clock::duration delay, process_action what);
  void start(const std::string& name);
  void crash(const std::string& name);
  void freeze(const std::string& name);
  void drain(const std::string& name);
  void cut(const pair_key& ends);
  void connect_all();
  void tell_view(process& to);
  void tick(const node_life& life);
  void trouble();
  void strike();
  void make_call();
  void check(const process& node);
  void check_the_end();

  void send(const node_life& from, const std::string& to, std::string bytes);
  void ran(process& at, const call_key& key);
  void got(const node_life& caller, std::uint64_t number,
           const core::outcome& how);

  [[nodiscard]] clock::duration a_delay(int from_ms, int to_ms);
  const std::string& one_of(const std::vector<std::string>& names);

  const calls_plan plan_;
  std::mt19937 random_;
  simulated::agenda agenda_;
  std::vector<std::string> runners_;
  std::vector<std::string> connectors_;
  std::vector<std::string> names_;                        ///< of both
  std::map<std::string, std::unique_ptr<process>> nodes_; ///< null: down
  std::map<std::string, std::set<std::string>> servers_;
  std::map<std::string, bool> draining_;
  /// Of each, a while ago.
  std::map<std::string, std::shared_ptr<const load_report>> heard_;
  std::map<pair_key, link_state> links_;
  std::map<call_key, record> records_;
  std::map<std::string, std::uint64_t> lives_; ///< so far
  std::uint64_t link_numbers_ = 0;
  std::uint64_t call_numbers_ = 0;
  clock::time_point ends_at_;
  totals sum_;
};

} // namespace mfo::cluster::test
