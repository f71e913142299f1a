#pragma once

#include "cluster/calling/call_desk.hpp"
#include "cluster/hub/hub.hpp"
#include "cluster/hub/peer_talk.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace mfo::cluster {

/// The hub's part in calls of servers: those that peers make for this node, as
/// it is no connector, and those that its connectors make for peers.
class hub_calls final : public call_host {
public:
  using pointer = hub_actor::stateful_pointer<hub_state>;
  using clock = std::chrono::steady_clock;
  using call_promise = caf::typed_response_promise<actors::api_result_ptr>;
  using forward_promise = caf::typed_response_promise<core::outcome>;

  /// `rules` are those in force, whenever it looks.
  hub_calls(pointer self, hub_deps_ptr deps, const hub_rules_ptr& rules,
            peer_talk& talk, random_below random);

  // What the actor is asked, in a request that is answered by these.
  call_promise call(const std::string& server,
                    const actors::api_request_ptr& request);
  forward_promise forward(const std::string& server,
                          const core::event_ptr& event);
  void cancel(const std::string& server, const std::string& id);
  void abandon(const std::string& server);

  /// The connector of this server, from now on.
  void connect(const std::string& server, actors::mfo_connector_actor by) {
    connectors_[server] = std::move(by);
  }

  /// A message of calls has come over the peer's present link.
  void come(const std::string& peer, std::string_view bytes,
            clock::time_point now);

  void tick();

  [[nodiscard]] call_desk& desk() noexcept {
    return desk_;
  }

  // call_host
  void send(const std::string& peer, std::string bytes) override;
  void flush_soon(const std::string& peer) override;
  [[nodiscard]] bool knows(const std::string& server) override;
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

private:
  /// A call of this node that a peer makes.
  struct waiting {
    std::string server;
    std::string id;
    std::variant<call_promise, forward_promise> caller;
  };

  static void give_up(waiting& it);
  template <class Result>
  void note_end(const call_key& key, const Result& what);
  void note_runs();

  pointer self_;
  hub_deps_ptr deps_;
  const hub_rules_ptr& rules_;
  peer_talk& talk_;
  call_desk desk_;
  std::map<std::string, actors::mfo_connector_actor, std::less<>> connectors_;
  std::uint64_t last_number_ = 0;
  std::unordered_map<std::uint64_t, waiting> waiting_;
};

} // namespace mfo::cluster
