#pragma once

#include "cluster/calling/call_desk.hpp"
#include "cluster/membership/view.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Nodes that make calls for each other over a network that is played: messages
/// wait until a test has them delivered.
namespace mfo::cluster::test {

class call_nodes;

/// One of them: what its host was asked to do.
class call_node final : public call_host {
public:
  struct run {
    call_key key;
    std::string server;
    remote_call_ptr call;
  };

  call_node(call_nodes& all, std::string name, std::uint64_t incarnation,
            const calling_settings& settings);

  void send(const std::string& peer, std::string bytes) override;
  void flush_soon(const std::string& peer) override;
  bool knows(const std::string& server) override;
  void run_call(const call_key& key, const std::string& server,
                const actors::api_request_ptr& request) override;
  void run_forward(const call_key& key, const std::string& server,
                   const core::event_ptr& event) override;
  void cancel_run(const call_key& key, const std::string& server,
                  const std::string& id) override;
  void called(std::uint64_t number,
              const actors::api_result_ptr& result) override;
  void forwarded(std::uint64_t number, const core::outcome& how) override;
  void faulty(const std::string& peer, std::string_view why) override;

  /// Ends the oldest call that runs here for somebody else.
  void finish_one(const actors::api_result_ptr& result);

  /// The one result of the call with this number, which the test has fail if
  /// there is none, or more.
  [[nodiscard]] const actors::api_result& result(std::uint64_t number) const;

  const node_life life;
  call_desk desk;
  std::set<std::string> servers{"crm", "shop"};
  std::deque<run> runs;
  std::vector<std::string> cancelled; ///< "SERVER ID"
  std::map<std::uint64_t, std::vector<actors::api_result_ptr>> results;
  std::vector<std::string> faults;

private:
  friend class call_nodes;
  call_nodes& all_;
  std::vector<std::string> to_flush_;
};

class call_nodes {
public:
  /// Adds a node, and links it with all others.
  call_node& add(const std::string& name, role_set roles,
                 const calling_settings& settings = {});

  /// Another process of that name, without links.
  call_node& restart(const std::string& name,
                     const calling_settings& settings = {});

  /// Both sides see the link come or go.
  void link(call_node& a, call_node& b);
  void unlink(call_node& a, call_node& b);

  /// What everybody says of itself, told to everybody.
  void tell_loads();

  /// Messages and flushes until there are none.
  void settle();

  /// One message, if there is any; false: there is none.
  bool deliver_one();

  /// Lets time pass, and everybody look at the clock.
  void pass(std::chrono::milliseconds span);

  std::map<std::string, load_report, std::less<>> loads;
  std::chrono::steady_clock::time_point now{std::chrono::hours{1}};
  std::size_t messages = 0; ///< delivered
  std::size_t longest = 0;  ///< of them, in bytes
  std::mt19937_64 random{1};

private:
  friend class call_node;

  struct message {
    std::string from;
    std::string to;
    std::uint64_t link;
    std::string bytes;
  };

  std::map<std::string, std::unique_ptr<call_node>, std::less<>> nodes_;
  std::map<std::string, role_set, std::less<>> roles_;
  std::vector<std::unique_ptr<call_node>> former_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> links_;
  std::deque<message> under_way_;
  std::uint64_t last_link_ = 0;
  std::uint64_t last_incarnation_ = 0;
};

} // namespace mfo::cluster::test
