#pragma once

#include "cluster/hub/link_keeper.hpp"
#include "tests/cluster/hub/far_gate.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Nodes that have nothing but links, over a network that is played: what is
/// dialled, said and closed waits until a test lets it happen.
namespace mfo::cluster::test {

class keeper_nodes;

/// One of them, and what its keeper told and asked of it.
class keeper_node final : public link_host {
public:
  struct link {
    node_life peer;
    std::uint64_t number = 0;
    std::uint16_t version = 0;
  };

  struct word {
    caf::node_id to;
    peer_word what = peer_word::hello;
    std::string bytes;
  };

  keeper_node(keeper_nodes& all, std::string cluster, const node_card& card,
              const membership_settings& settings, std::uint8_t number);

  void dial(const address& where, std::string expected,
            std::uint64_t token) override;
  void resolve_seeds() override;
  void close(link_id link) override;
  void say(const caf::strong_actor_ptr& gate, peer_word what,
           std::string bytes) override;
  void link_up(const node_life& peer, std::uint64_t number,
               std::uint16_t version) override;
  void link_down(const std::string& peer, std::uint64_t number) override;
  void member_ended(const node_life& member) override;
  void view_changed(std::shared_ptr<const view> members) override;
  void changed(const orders::report_change& what) override;
  void noticed(const orders::notice& what) override;
  void not_reached(const std::string& peer, const std::string& address,
                   const std::string& detail) override;
  void link_ended(const std::string& peer, const std::string& address,
                  const std::string& detail) override;

  /// The links that are up, by the peer's name.
  [[nodiscard]] std::vector<std::string> linked() const;

  /// The state in which it has the member; "unknown".
  [[nodiscard]] std::string sees(std::string_view member) const;

  [[nodiscard]] const node_card& card() const {
    return card_;
  }

  const caf::node_id node;
  const caf::strong_actor_ptr gate;
  std::vector<address> seeds{};
  std::string certificate; ///< the name in it; empty: there is no TLS
  double uniform = 0.5;

  std::map<std::string, link> up{};
  std::vector<link> ups{};        ///< all that there were
  std::vector<link> downs{};      ///< without a version
  std::vector<std::string> log{}; ///< why there is no link, or no more
  std::vector<node_life> ended{}; ///< members
  std::vector<word> said{};
  std::vector<link_id> closed{};
  std::size_t dials = 0;
  std::shared_ptr<const view> shown{};

private:
  keeper_nodes& all_;
  node_card card_;

public:
  membership members;
  link_keeper links;
};

class keeper_nodes {
public:
  struct options {
    std::string cluster = "shop";
    std::string at{};            ///< the host; empty: of its name
    std::uint64_t started = 100; ///< of its incarnation
    protocol_range speaks{};
    membership_settings settings{};
  };

  /// Starts a process. Its certificate has its name.
  keeper_node& add(const std::string& name, const options& given);

  keeper_node& add(const std::string& name) {
    return add(name, options{});
  }

  /// It is gone, and so are its links, of which the others hear.
  void stop(keeper_node& node);
  /// It is gone, and nobody hears of it.
  void lose_power(keeper_node& node);

  /// What is under way happens; false: nothing is.
  bool step();
  void settle();

  /// Ticks and settles.
  void run_for(std::chrono::milliseconds length);

  /// Ends what is between them; both hear of it.
  void break_links(const keeper_node& a, const keeper_node& b);

  /// `from` says to `to` what it would not.
  void whisper(const keeper_node& from, keeper_node& to, peer_word what,
               std::string_view bytes);

  /// Connections between them.
  [[nodiscard]] std::size_t between(const keeper_node& a,
                                    const keeper_node& b) const;

  caf::actor_system& system() {
    return system_;
  }

  membership::clock::time_point now{std::chrono::hours{1}};
  /// Other names of nodes, beside that in their cards.
  std::map<address, keeper_node*> aliases;
  /// Who is dialled hears of that after what the dialler says first.
  bool acceptors_are_late = false;
  /// Words are lost.
  bool silent = false;

private:
  friend class keeper_node;

  struct connection {
    link_id link = 0;
    keeper_node* dialler = nullptr;
    keeper_node* acceptor = nullptr;
  };

  [[nodiscard]] keeper_node* node_at(const address& where) const;
  void dial(keeper_node& from, const address& where, std::uint64_t token);
  void connect(keeper_node& from, keeper_node& to, std::uint64_t token);
  void close(keeper_node& from, link_id link);
  void say(const keeper_node& from, const keeper_node::word& what);
  void tell(keeper_node* to, const link_event& what);
  void end(const connection& which, const keeper_node* by);
  [[nodiscard]] bool lives(const keeper_node* node) const;

  still_configuration configuration_;
  caf::actor_system system_{configuration_};
  std::vector<std::unique_ptr<keeper_node>> nodes_;
  std::vector<std::unique_ptr<keeper_node>> former_;
  std::vector<connection> connections_;
  std::deque<std::function<void()>> under_way_;
  link_id last_link_ = 0;
  std::uint8_t last_node_ = 0;
};

} // namespace mfo::cluster::test
