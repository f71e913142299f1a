#pragma once

#include "config/settings.hpp"
#include "core/delivery_window.hpp"
#include "core/event.hpp"
#include "core/json_check.hpp"
#include "core/outcome.hpp"
#include "signatures/probe.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace mfo::actors {

/// What the validator is made of.
struct validator_deps {
  std::uint64_t generation = 0; ///< of the configuration that all this is of
  std::vector<config::endpoint_settings> endpoints;
  config::limits_settings limits;
  /// Shared with the exchanges; null: repetitions are not looked for.
  std::shared_ptr<core::delivery_window> deliveries{};
  /// Whether an event of `ack: received` is acknowledged as soon as it may go
  /// on, unless it is ordered: then the router does that. Else the hub does.
  bool acknowledges = true;
  /// Who answers probes (signatures/probe.hpp).
  signatures::probe_identity identity{};
  /// Seconds since 1970, for what is signed with its time.
  std::function<std::chrono::seconds()> unix_now;
};

/// The rules of the validator: is an event genuine, what is in it, is that
/// well-formed and as its endpoint expects, and is it the first of its id. Who
/// is no sender of ours is told nothing about any of the rest.
///
/// Not thread-safe; keeps room for parsing.
class examiner {
public:
  explicit examiner(const validator_deps& deps);
  ~examiner();
  examiner(examiner&&) noexcept;
  examiner& operator=(examiner&&) noexcept;

  /// Verifies and decodes. What the body holds, to come in the event's place;
  /// nothing where the event stands as it is.
  tl::expected<std::vector<core::event_ptr>, core::outcome>
  prove(const core::event& event);

  /// Why the proven event may not go on; nothing where it may. It has the
  /// claim to its delivery's id then.
  std::optional<core::outcome> admit(const core::event& event,
                                     std::chrono::steady_clock::time_point now);

private:
  tl::expected<std::vector<core::event_ptr>, core::outcome>
  open(const core::event& event);
  [[nodiscard]] std::optional<core::outcome>
  answer_to_probe(const core::event& event) const;
  static std::vector<core::event_ptr>
  label_by_payload(const core::event& event);

  struct state;
  std::unique_ptr<state> state_;
};

} // namespace mfo::actors
