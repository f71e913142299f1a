#pragma once

#include "http/undelivered.hpp"
#include "telemetry/log.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace mfo::node {

/// The dead-letter office of a node with peers. What was acknowledged, and is
/// not done when the node stops, is no dead letter: peers get it, and go on
/// with it once this node has left. What they do not take, and all else, is for
/// the office behind. Thread-safe.
class handing_office final : public http::dead_letter_office {
public:
  handing_office(std::shared_ptr<http::dead_letter_office> behind,
                 std::shared_ptr<telemetry::log> log);

  /// `ask` is given events that peers are to take, and must not block; of each
  /// `answered` is to be called. Before this nothing is asked.
  void begin(std::function<void(const core::event_ptr&)> ask);

  void take(http::undelivered what) noexcept override;

  /// Whether a peer has the event.
  void answered(const std::string& id, bool handed_over) noexcept;

  /// Nobody answers any more.
  void stop() noexcept;

private:
  std::shared_ptr<http::dead_letter_office> behind_;
  std::shared_ptr<telemetry::log> log_;
  std::mutex mutex_; ///< of what follows
  std::function<void(const core::event_ptr&)> ask_;
  std::map<std::string, http::undelivered> asked_; ///< by the event's id
};

} // namespace mfo::node
