#pragma once

#include "tests/cluster/hub/virtual_node.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// Several hubs in one thread and in virtual time, and the network between
/// them: CAF's own messages, as bytes over connections that take their time,
/// are cut, and are closed. The transport's part, who is who and which of two
/// connections stays, is played. The same seed gives the same run.
class virtual_cluster {
public:
  using milliseconds = std::chrono::milliseconds;

  explicit virtual_cluster(std::uint64_t seed = 1) : random_(seed) {}

  /// A process of this name; its seeds are the addresses of all that ever were.
  virtual_node& start(const virtual_node::options& given);

  /// As by kill -9: its connections are reset.
  void vanish(const std::string& name);
  /// Its host is gone: nobody is told.
  void lose_power(const std::string& name);

  /// Nothing goes between the two, and no end of a connection is heard of.
  void cut(const std::string& one, const std::string& other);
  void isolate(const std::string& name);
  void heal();
  /// Resets what is between them.
  void break_links(const std::string& one, const std::string& other);

  void run_for(milliseconds length);
  /// False: it does not hold by then.
  bool comes_true(const std::function<bool()>& condition,
                  milliseconds longest = std::chrono::seconds{60});

  /// Null: it does not run.
  [[nodiscard]] virtual_node* find(const std::string& name);
  [[nodiscard]] std::vector<std::string> names() const; ///< that run

  /// Everybody reaches everybody, as the process that it is, and nobody knows
  /// of anybody else that lives.
  [[nodiscard]] bool agrees() const;
  /// No node has anything of an event.
  [[nodiscard]] bool is_clean() const;

  event_stories stories{};
  /// How likely it is that a connection carries nothing in one step.
  double hold_back = 0;

private:
  using clock = std::chrono::steady_clock;

  struct end {
    virtual_node* node = nullptr; ///< null: the process is gone
    std::string name{};
    caf::io::connection_handle handle{};
    bool open = true;
  };

  struct connection {
    link_id link = 0;
    std::uint64_t token = 0;
    std::array<end, 2> ends{}; ///< the dialler's first
    bool joined = false;       ///< the dialler has been told of it
  };

  struct dial {
    virtual_node* from;
    virtual_node::dial_order order;
    link_id link;
    clock::time_point begun;
  };

  void step();
  void take_orders(virtual_node& of);
  [[nodiscard]] bool arrive(const dial& what);
  void connect(const dial& what, virtual_node& to);
  void fail(const dial& what, end_reason reason, const std::string& text);
  void carry();
  void carry(connection& by, std::size_t from);
  void take_joins(virtual_node& of);
  void close(connection& which, std::size_t side, end_reason reason,
             const std::string& text);
  void forget(virtual_node& gone, bool told);
  [[nodiscard]] bool is_cut(const std::string& one,
                            const std::string& other) const;
  [[nodiscard]] config::listen_address address_of(const std::string& name);

  std::mt19937_64 random_;
  clock::time_point now_{std::chrono::hours{1}};
  std::map<std::string, std::unique_ptr<virtual_node>> nodes_;
  std::map<std::string, std::uint8_t> hosts_; ///< last part of the address
  std::set<std::pair<std::string, std::string>> cuts_;
  std::vector<dial> dials_;
  std::vector<connection> connections_;
  link_id last_link_ = 0;
  std::int64_t last_handle_ = 0;
  std::uint64_t last_process_ = 0;
};

} // namespace mfo::cluster::test
