#pragma once

#include "cluster/membership/membership.hpp"
#include "tests/cluster/rules/agenda.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// A whole cluster of `membership` in one thread and in virtual time: links
/// that behave like TCP, hosts that fail in several ways, a network that
/// delays, loses and parts. The same seed gives the same run.
///
/// A host has one name for ever, is dialled at NAME:7420, and has clocks of its
/// own. What a link carries arrives in order. A link to a process that is gone
/// is reset when something is sent, unless the network swallows it.
class simulated_network {
public:
  using milliseconds = std::chrono::milliseconds;
  using time = std::chrono::nanoseconds; ///< since the run began

  /// Whatever some node reported.
  struct report {
    time at;
    std::string observer;
    orders::report_change change;
  };

  explicit simulated_network(unsigned seed, membership_settings settings = {});

  // Hosts and processes.

  /// Starts a process of this name on a host (the one of the same name by
  /// default). All else takes the name of a host.
  void start(const std::string& name, const std::string& on = {});
  void crash(const std::string& name);      ///< kill -9: its links are reset
  void lose_power(const std::string& name); ///< nobody is told
  void pause(const std::string& name);      ///< SIGSTOP
  void resume(const std::string& name);     ///< SIGCONT
  void leave(const std::string& name);
  void retire(const std::string& name); ///< it leaves, and ends a while later
  void set_wall_clock(const std::string& name, milliseconds ahead);

  // The network.

  std::vector<address> seeds; ///< what every node's seeds resolve to
  milliseconds least_delay{1};
  milliseconds most_delay{20};
  double loss = 0; ///< of heartbeats and hellos

  /// What `from` sends to `to` is lost.
  void cut(const std::string& from, const std::string& to);
  void cut_both(const std::string& one, const std::string& other);
  /// Nothing goes between these and all others.
  void isolate(const std::set<std::string>& part);
  void heal(); ///< undoes all cuts, and the loss
  /// Resets the links between two hosts.
  void break_links(const std::string& one, const std::string& other);

  void run_for(milliseconds length);

  // What can be seen.

  [[nodiscard]] time now() const {
    return agenda_.now() - began_;
  }
  [[nodiscard]] std::vector<std::string> live_hosts() const;
  [[nodiscard]] membership& at(const std::string& name);
  /// What the node has told of each member with its heartbeats of the last 5 s;
  /// sorted by name.
  [[nodiscard]] std::vector<table_row> table_at(const std::string& name) const;
  /// Rounds of heartbeats so far.
  [[nodiscard]] std::uint64_t rounds_of(const std::string& name) const;
  /// Open at both ends.
  [[nodiscard]] std::size_t links_between(const std::string& one,
                                          const std::string& other) const;
  [[nodiscard]] std::uint64_t dials_of(const std::string& name) const;
  [[nodiscard]] std::size_t most_orders() const {
    return most_orders_;
  }
  /// By chance; of two runs that went the same way it is the same.
  [[nodiscard]] std::uint64_t a_number() {
    return random_();
  }

  std::vector<report> reports;
  std::vector<std::pair<std::string, orders::notice>> notices;
  std::vector<refusal> refusals;

private:
  struct host;

  struct link_end {
    host* at = nullptr;
    std::uint64_t generation = 0;
    link_key name; ///< as this end calls it
    bool open = false;
    time last_arrival{0}; ///< of what was sent to this end
  };

  struct link {
    std::array<link_end, 2> ends; ///< the dialler's first
    bool settled = false;         ///< the dialler no longer waits
  };

  using link_ptr = std::shared_ptr<link>;

  struct in_some_order {
    bool operator()(const link_key& a, const link_key& b) const;
  };

  struct told_row {
    table_row row;
    time at;
  };

  struct host {
    std::string name;
    std::size_t index = 0;
    std::chrono::nanoseconds clock_offset; ///< of the steady clock
    milliseconds wall_offset{0};
    bool powered = true;
    std::vector<bool> cut_from;          ///< by index: does not reach it
    std::unique_ptr<membership> process; ///< null: not running
    std::uint64_t generation = 0;        ///< of the process
    bool paused = false;
    std::deque<std::function<void()>> waiting;         ///< while paused
    std::map<link_key, link_ptr, in_some_order> links; ///< open at this end
    std::shared_ptr<const std::vector<table_row>> last_table;
    std::map<std::string, told_row> told; ///< by this process, of each member
    std::uint64_t rounds = 0;
    std::uint64_t dials = 0;
  };

  host& host_of(const std::string& name);
  [[nodiscard]] membership::clock::time_point clock_of(const host& of) const;
  time delay();
  [[nodiscard]] static bool reaches(const host& from, const host& to);
  bool is_lost(const host& from, const host& to);

  /// If the process is still there then; if it is paused, when it goes on.
  template <class Action>
  void at_process(host& which, std::uint64_t generation, time wait,
                  Action what) {
    agenda_.in(wait,
               [this, &which, generation, what = std::move(what)]() mutable {
                 at_process(which, generation, std::move(what));
               });
  }

  /// The same, now.
  template <class Action>
  void at_process(host& which, std::uint64_t generation, Action what) {
    if (!which.process || which.generation != generation)
      return;
    if (!which.paused)
      return what(which);
    which.waiting.push_back([this, &which, generation, what = std::move(what)] {
      at_process(which, generation, time{0}, what);
    });
  }

  void end_process(host& which);
  void tick(host& which);
  void carry_out(host& of, order_list orders);
  void dial(host& from, const orders::dial& order);
  void accept(const link_ptr& made, const hello& theirs);
  void answer(const link_ptr& made, const hello& theirs);
  void open(const link_ptr& made, std::size_t end, const node_card& peer);
  void send(host& from, orders::send_heartbeat order);
  void note_told(host& by, const heartbeat& message) const;
  void arrive(const link_ptr& by, std::size_t end, heartbeat message);
  void close(const link_ptr& which, std::size_t end);
  void tell_closed(const link_ptr& which, std::size_t end, const char* reason);
  time arrival(link_end& end);

  membership_settings settings_;
  std::mt19937 random_;
  simulated::agenda agenda_;
  const simulated::clock::time_point began_ = agenda_.now();
  std::map<std::string, host> hosts_;
  std::size_t most_orders_ = 0;
};

} // namespace mfo::cluster::test
