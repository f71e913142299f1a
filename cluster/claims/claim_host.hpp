#pragma once

#include "cluster/messages/claim_packing.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::cluster {

/// What the claim desk asks of whoever owns it. Nothing of it may call the desk
/// before it returns.
class claim_host {
public:
  claim_host() = default;
  claim_host(const claim_host&) = delete;
  claim_host& operator=(const claim_host&) = delete;
  virtual ~claim_host() = default;

  /// A claims message for a peer, over its present link.
  virtual void send_claims(const std::string& peer, std::string bytes) = 0;

  /// `claim_desk::flush(peer)` is to be called once what is at hand now has
  /// been dealt with.
  virtual void flush_claims_soon(const std::string& peer) = 0;

  /// What became of a claim that was pending; said once.
  virtual void decided(std::uint64_t number, claim_verdict what) = 0;

  /// Fires a tick that was pending, or was another node's: now it is this
  /// one's.
  virtual void fire(const tick_record& tick) = 0;

  /// The peer breaks the rules: its link is to be closed.
  virtual void faulty(const std::string& peer, std::string_view why) = 0;
};

} // namespace mfo::cluster
