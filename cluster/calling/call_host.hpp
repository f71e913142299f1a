#pragma once

#include "actors/api_request.hpp"
#include "cluster/rules/parcel.hpp"
#include "core/event.hpp"
#include "core/outcome.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::cluster {

/// A call that a peer asked for: whose it is, and its number there.
struct call_key {
  node_life origin;
  std::uint64_t number = 0;

  friend auto operator<=>(const call_key&, const call_key&) = default;
};

/// What the desk asks of whoever owns it. Nothing of it may call the desk
/// before it returns.
class call_host {
public:
  call_host() = default;
  call_host(const call_host&) = delete;
  call_host& operator=(const call_host&) = delete;
  virtual ~call_host() = default;

  /// A message of calls for a peer, over its present link; less than 4 MiB.
  virtual void send(const std::string& peer, std::string bytes) = 0;

  /// `call_desk::flush(peer)` is to be called once what is at hand now has been
  /// dealt with.
  virtual void flush_soon(const std::string& peer) = 0;

  /// Whether this node has a connector of that name.
  [[nodiscard]] virtual bool knows(const std::string& server) = 0;

  /// Makes a call for a peer, by the connector of this name;
  /// `call_desk::ended` is owed once for it, by the call's deadline.
  virtual void run_call(const call_key& key, const std::string& server,
                        const actors::api_request_ptr& request) = 0;

  /// The same for an event that is to be delivered. Its endpoint has what a
  /// connector asks of it, and no more; its stage is not counted yet.
  virtual void run_forward(const call_key& key, const std::string& server,
                           const core::event_ptr& event) = 0;

  /// Nobody waits any more for a call, or an event, that runs: its connector is
  /// to be told, which knows it by its id. `ended` is owed as before.
  virtual void cancel_run(const call_key& key, const std::string& server,
                          const std::string& id) = 0;

  /// What came of `call_desk::call(…, number)`; comes once.
  virtual void called(std::uint64_t number,
                      const actors::api_result_ptr& result) = 0;

  /// What came of `call_desk::forward(…, number)`; comes once.
  virtual void forwarded(std::uint64_t number, const core::outcome& how) = 0;

  /// The peer breaks the rules: its link is to be closed.
  virtual void faulty(const std::string& peer, std::string_view why) = 0;
};

} // namespace mfo::cluster
