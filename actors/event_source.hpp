#pragma once

#include "actors/route.hpp"
#include "config/settings.hpp"
#include "core/admission.hpp"
#include "core/clocks.hpp"
#include "http/answer.hpp"
#include "http/exchange.hpp"
#include "http/node_state.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::actors {

/// Where events come from that no sender sends: schedules, people, and other
/// taskflows. From here on they go the way of all events, with an account, room
/// and a deadline; an event whose failure nobody hears of becomes a dead letter
/// where there is an office. Thread-safe.
class event_source {
public:
  struct deps {
    /// All endpoints of the node, which the ledger has; those of the triggers
    /// have their ids.
    std::vector<config::endpoint_settings> endpoints{};
    std::vector<taskflow::workflow_ptr> workflows{};
    std::size_t max_payload = 0; ///< bytes
    std::size_t max_hops = 0;    ///< events in a row that came of one another
    std::shared_ptr<http::node_state> state;
    std::shared_ptr<core::admission> room;
    /// Of its own. The generation is not kept in use by this source.
    core::event_origin origin;
    /// What time it is. Any thread.
    std::function<core::instant()> now = core::now_by_clocks;
    http::exchange_services_ptr services; ///< never null
    /// As listener_deps::admit. Any thread.
    std::function<void(http::exchange_ptr)> admit;
  };

  explicit event_source(deps given);

  struct offer {
    std::string_view trigger; ///< the id of trigger_ref; it is in use
    std::string_view payload; ///< one JSON text
    std::string_view type;
    std::string_view source;
    /// The same for what is the same event; empty: it is a new one.
    std::string_view delivery_id{};
    std::string_view traceparent{};
    std::string_view tracestate{};
    unsigned hops = 0;
  };

  /// The event's id, once it is on its way; how it ended goes to `sender`, who
  /// may be null. An event that is refused here is counted, and `sender` is
  /// told nothing.
  tl::expected<std::string, core::errc>
  take(const offer& what, std::unique_ptr<http::responder> sender = nullptr);

  /// An event that a taskflow has made comes to all event triggers that ask for
  /// its type, while the node stops too, as it is part of what is under way.
  /// The first refusal, if there is any; the others have the event then, and
  /// take it once only.
  core::outcome pass_on(const core::event& event);

  /// An event that another node had acknowledged, and that is gone: it goes the
  /// way of all events, and ends delivered or as a dead letter. False: there is
  /// no room for it now. Requires: an office.
  [[nodiscard]] bool inherit(core::event_ptr event);

private:
  struct endpoint {
    std::size_t index; ///< in the ledger
    std::shared_ptr<const config::endpoint_settings> settings;
  };

  [[nodiscard]] std::string id_of(const offer& what, core::instant now);

  deps deps_;
  std::weak_ptr<const core::generation> generation_;
  std::map<std::string, endpoint, std::less<>> by_id_;
  std::vector<trigger_ref> by_type_;
  std::mutex mutex_; ///< guards the origin
};

} // namespace mfo::actors
