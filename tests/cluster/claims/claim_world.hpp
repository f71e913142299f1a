#pragma once

#include "cluster/claims/claim_desk.hpp"
#include "tests/cluster/rules/agenda.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Nodes that ask each other about claims and ticks, in virtual time: over
/// links that a test cuts, and with views that it shows.
namespace mfo::cluster::test {

class claim_world;

/// One process, and what its host was told.
class claim_node final : public claim_host {
public:
  using clock = claim_desk::clock;

  claim_node(claim_world& world, node_life is, const claim_settings& settings);

  void send_claims(const std::string& peer, std::string bytes) override;
  void flush_claims_soon(const std::string& peer) override;
  void decided(std::uint64_t number, claim_verdict what) override;
  void fire(const tick_record& tick) override;
  void faulty(const std::string& peer, std::string_view why) override;

  const node_life life;
  claim_desk desk;
  std::map<std::uint64_t, claim_verdict> verdicts; ///< of what was pending
  std::vector<tick_record> fires;                  ///< that were not at once
  std::vector<std::string> faults;
  std::map<std::string, node_life> sees; ///< who lives, in its view
  std::set<std::string> suspects;        ///< who of these may be dead
  bool stale = false;                    ///< what it sees has yet to be shown
  bool leaves = false;                   ///< and says so

private:
  claim_world& world_;
};

class claim_world {
public:
  using clock = claim_desk::clock;

  explicit claim_world(std::uint64_t seed = 1);
  claim_world(const claim_world&) = delete;
  claim_world& operator=(const claim_world&) = delete;
  virtual ~claim_world() = default;

  /// Starts a process of that name, also after a crash.
  claim_node& start(const std::string& name);

  /// The process is gone, and with it its links.
  void crash(const std::string& name);

  /// Null: it is down.
  claim_node* find(const std::string& name);
  claim_node* find(const node_life& life);
  claim_node& at(const std::string& name);

  void link(const std::string& a, const std::string& b);
  void unlink(const std::string& a, const std::string& b);
  [[nodiscard]] bool is_linked(const std::string& a,
                               const std::string& b) const;

  /// Whether messages could go from one to the other.
  [[nodiscard]] bool is_reachable(const std::string& from,
                                  const std::string& to);

  /// Links all that are up and can be reached, and shows each what is true.
  void link_all();
  void show_all();

  /// Node `who` sees whether the other lives. Whether that is new to it.
  bool look(claim_node& who, const std::string& other);

  /// Hands it a view of those that it sees.
  void show(claim_node& who);

  void run_for(clock::duration span);

  [[nodiscard]] clock::time_point now() const {
    return agenda.now();
  }

  /// The wall clock of nodes whose clock is right.
  [[nodiscard]] std::chrono::milliseconds unix_now() const;

  [[nodiscard]] std::vector<std::string> names_up() const;

  std::chrono::milliseconds least_delay{1};
  std::chrono::milliseconds most_delay{1};
  claim_settings settings;
  std::map<std::string, int> groups; ///< who is in another cannot be reached
  std::size_t messages = 0;          ///< delivered
  std::uint64_t version = 0; ///< grows with each change of nodes, links, views
  simulated::agenda agenda;
  std::mt19937_64 random;

  /// In what a seed decides: from `first` to `last`, both included.
  template <class Integer>
  Integer pick(Integer first, Integer last) {
    return std::uniform_int_distribution<Integer>{first, last}(random);
  }

  std::chrono::milliseconds pick_ms(int first, int last) {
    return std::chrono::milliseconds{pick(first, last)};
  }

protected:
  friend class claim_node;

  virtual void on_decided(claim_node&, std::uint64_t, claim_verdict) {}
  virtual void on_fire(claim_node&, const tick_record&) {}
  virtual void on_sweep(claim_node&) {}

private:
  using pair_key = std::pair<std::string, std::string>;

  void send(const node_life& from, const std::string& to, std::string bytes);
  void flush_soon(const node_life& who, const std::string& peer);
  void sweep_again(const node_life& who);

  std::map<std::string, std::unique_ptr<claim_node>> nodes_; ///< null: down
  std::vector<std::unique_ptr<claim_node>> former_;
  std::map<pair_key, std::uint64_t> links_; ///< the smaller name first
  std::map<pair_key, clock::time_point> last_arrival_; ///< by direction
  std::map<node_life, std::shared_ptr<const node_card>> cards_;
  std::shared_ptr<const load_report> no_load_ =
      std::make_shared<const load_report>();
  std::uint64_t last_link_ = 0;
  std::uint64_t last_incarnation_ = 0;
};

/// An id that this one owns when the names are all that live; each with another
/// `nth` is another one.
std::string id_of(const std::string& owner,
                  const std::vector<std::string>& names, int nth = 0);

} // namespace mfo::cluster::test
