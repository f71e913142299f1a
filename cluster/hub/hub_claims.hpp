#pragma once

#include "cluster/claims/claim_desk.hpp"
#include "cluster/hub/hub.hpp"
#include "cluster/hub/peer_talk.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mfo::cluster {

/// The hub's part in what the cluster does once: deliveries that senders
/// repeat, and ticks of schedules.
class hub_claims final : public claim_host {
public:
  using pointer = hub_actor::stateful_pointer<hub_state>;
  using verdict_function = std::function<void(claim_verdict)>;

  hub_claims(pointer self, hub_deps_ptr deps, peer_talk& talk);

  /// Whether the delivery is the first of its id. Nothing: `later` is called
  /// with that.
  std::optional<claim_verdict> claim(const core::event_ptr& event,
                                     verdict_function later);

  /// The delivery has ended, or is held and ends later. Does nothing for an
  /// event that has no claim.
  void settle(const core::event_ptr& event, core::delivery_end end);

  /// A schedule is due; `hub_deps::fire` is called on one node.
  void schedule_due(const tick_record& what);

  void set_view(const view& members);
  void tick();

  [[nodiscard]] claim_desk& desk() noexcept {
    return desk_;
  }

  // claim_host
  void send_claims(const std::string& peer, std::string bytes) override;
  void flush_claims_soon(const std::string& peer) override;
  void decided(std::uint64_t number, claim_verdict what) override;
  void fire(const tick_record& tick) override;
  void faulty(const std::string& peer, std::string_view why) override;

private:
  struct question {
    core::event_ptr event;
    verdict_function later;
  };

  pointer self_;
  hub_deps_ptr deps_;
  peer_talk& talk_;
  claim_desk desk_;
  std::uint64_t last_number_ = 0;
  /// Of the deliveries that are under way, or held.
  std::unordered_map<const core::event*, std::uint64_t> numbers_;
  std::unordered_map<std::uint64_t, question> pending_;
  std::vector<std::string> runners_; ///< who may fire
};

} // namespace mfo::cluster
