#pragma once

#include "cluster/claims/claim_line.hpp"
#include "cluster/hub/hub.hpp"
#include "cluster/hub/hub_calls.hpp"
#include "cluster/hub/hub_claims.hpp"
#include "cluster/hub/hub_copies.hpp"
#include "cluster/hub/link_keeper.hpp"
#include "cluster/hub/peer_talk.hpp"
#include "cluster/membership/membership.hpp"
#include "telemetry/line_limit.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mfo::cluster {

/// The hub behind its messages: an actor as the host of what decides.
class hub_engine final : public link_host, public work_host {
public:
  using pointer = hub_actor::stateful_pointer<hub_state>;
  using clock = std::chrono::steady_clock;
  using promise = caf::typed_response_promise<core::outcome>;

  hub_engine(pointer self, const hub_deps_ptr& deps);

  // What the actor is asked.
  caf::result<core::outcome> take(const core::event_ptr& event,
                                  const actors::route_ptr& route);
  void begin(peer_wire_ptr wire);
  void tick();
  void dial_found(std::uint64_t token, std::string expected,
                  const config::listen_address& where);
  void settle(const core::event_ptr& event, core::delivery_end end);
  void adopt(hub_rules_ptr rules);
  void flush_now(const std::string& peer);
  void drain();
  void ask_to_drain(const std::string& node);
  void leave();

  [[nodiscard]] link_keeper& links() noexcept {
    return links_;
  }

  [[nodiscard]] const peer_talk& talk() const noexcept {
    return talk_;
  }

  [[nodiscard]] dispatcher& work() noexcept {
    return dispatcher_;
  }

  [[nodiscard]] hub_copies& copies() noexcept {
    return copies_;
  }

  [[nodiscard]] hub_claims& claims() noexcept {
    return claims_;
  }

  [[nodiscard]] hub_calls& calls() noexcept {
    return calls_;
  }

  [[nodiscard]] clock::time_point now() const;

  /// By generation; there before any event of theirs comes.
  std::map<std::uint64_t, actors::task_runner_actor> runners;

  // link_host
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

  // work_host
  void send(const std::string& peer, std::string bytes) override;
  void flush_soon(const std::string& peer) override;
  core::event_ptr revive(const wire_event& what) override;
  void run(const node_life& origin, const core::event_ptr& event) override;
  void run_here(const core::event_ptr& event) override;
  void answer(const core::event_ptr& event, core::outcome how) override;
  void moved(const core::event& event, const std::string& peer,
             placement_reason why) override;
  void faulty(const std::string& peer, std::string_view why) override;

private:
  /// An event whose claim is decided.
  struct claimed {
    core::event_ptr event;
    actors::route_ptr route;
    promise answer;
    claim_verdict verdict = claim_verdict::fresh;
  };

  [[nodiscard]] bool needs_claim(const core::event& event) const;
  void decided(claimed what);
  void go_on(claimed what);
  caf::result<core::outcome> go_on(const core::event_ptr& event,
                                   const actors::route_ptr& route);
  [[nodiscard]] placement begin_way(const core::event_ptr& event,
                                    const actors::route& route,
                                    std::optional<core::outcome>& refusal);
  [[nodiscard]] placement_request request_for(const core::event& event,
                                              const actors::route& route) const;
  template <class Then>
  void run_and_then(const core::event_ptr& event, Then then);
  void note_numbers();

  pointer self_;
  /// Of the event's generation.
  [[nodiscard]] const actors::task_runner_actor&
  runner_of(const core::event& event) const {
    return runners.at(core::number_of(event.generation));
  }

  hub_deps_ptr deps_;
  hub_rules_ptr rules_; ///< those in force
  peer_wire_ptr wire_;
  actors::route_table routes_;
  membership members_;
  link_keeper links_;
  peer_talk talk_;
  dispatcher dispatcher_;
  hub_copies copies_;
  hub_claims claims_;
  hub_calls calls_;
  /// Anybody who reaches the port can have connections end.
  telemetry::line_limit strangers_{10, std::chrono::seconds{1}};
  std::uint64_t left_out_ = 0; ///< lines, since the last one
  /// Ordered events, until their claims are decided.
  claim_line<claimed> undecided_;
  /// Of the events that the dispatcher has.
  std::unordered_map<const core::event*, promise> promises_;
};

} // namespace mfo::cluster
