#pragma once

#include "node/server_link.hpp"

#include "actors/flow_report.hpp"
#include "actors/interfaces.hpp"
#include "actors/supervisor.hpp"
#include "cluster/hub/hub.hpp"
#include "cluster/hub/transport_wire.hpp"
#include "cluster/membership/node_card.hpp"
#include "cluster/transport/transport_settings.hpp"
#include "config/settings.hpp"
#include "config/watched_files.hpp"
#include "core/stage.hpp"
#include "taskflow/definition.hpp"
#include "telemetry/event_book.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/io_context.hpp>
#include <caf/actor_system.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

constexpr std::chrono::milliseconds join_time{2'000};

/// The node's seat in its cluster: the hub, and the transport by which it
/// reaches its peers.
class cluster_seat {
public:
  struct deps {
    caf::actor_system& system; ///< set up by cluster::prepare
    boost::asio::io_context& io;
    const config::settings& settings;
    cluster::hub_rules rules; ///< to begin with
    std::shared_ptr<core::stage_depths> depths;
    std::shared_ptr<telemetry::log> log;
    std::shared_ptr<telemetry::event_book> events; ///< not null
    std::function<void()> drain_asked; ///< by an operator; any thread
    std::shared_ptr<actors::intake_handle> intake;
    /// Fires a schedule's tick.
    std::function<void(const std::string& trigger,
                       std::chrono::milliseconds at)>
        fire;
    /// As hub_deps::take_over.
    std::function<bool(const core::event_ptr&)> take_over;
    /// As hub_deps::handed_over.
    std::function<void(const std::string& id, bool done)> handed_over;
  };

  /// Listens; peers are not reached before `begin`. The error is one line.
  static tl::expected<std::unique_ptr<cluster_seat>, std::string>
  open(const deps& given);

  ~cluster_seat();
  cluster_seat(const cluster_seat&) = delete;
  cluster_seat& operator=(const cluster_seat&) = delete;

  [[nodiscard]] const actors::sharing_actor& hub() const noexcept {
    return shares_;
  }

  /// Has the hub go by these rules, whose actors it knows already.
  void adopt(cluster::hub_rules rules) const;

  /// Joins. Where there are seeds, waits until a link is there, for `join_time`
  /// at most: a node that is ready should know somebody.
  void begin();

  /// Takes no more work of peers, and gives its own to them; soon.
  void drain();

  /// It does so, and the numbers below tell of all that it had taken.
  [[nodiscard]] bool draining() const noexcept {
    return report_->draining.load();
  }

  /// Asks a member to do so; false: there is none of that name with a link to
  /// it, nor is it this node.
  [[nodiscard]] bool ask_to_drain(const std::string& node) const;

  /// Says good-bye, and waits until that is done, or so long.
  void leave(std::chrono::milliseconds longest);

  /// Reads certificate, key and CA again, and logs what came of it. With a bad
  /// file what was read before stays.
  void reload();

  /// The same, if one of them has changed, or was bad. To be called now and
  /// then, on the thread that calls `reload`.
  void reload_changed();

  /// As exchange_services::settled. Any thread.
  void settled(const core::event& event) const;

  /// A peer is to go on with the event, as this node stops;
  /// `deps::handed_over` will be told whether one does. Any thread.
  void hand_over(const core::event_ptr& event) const;

  /// As exchange_services::remember. Any thread, as what follows.
  void settle(const core::event_ptr& event, core::delivery_end end) const;

  /// A schedule's tick is due: one node of the cluster fires it.
  void schedule_due(const std::string& trigger,
                    std::chrono::milliseconds at) const;

  /// Ends the hub and all links. Idempotent.
  void stop();

  /// What this node has in hand for peers: events and calls, until they know
  /// how these ended.
  [[nodiscard]] std::size_t running() const noexcept {
    return report_->running.load(std::memory_order_relaxed) +
           report_->calls.running.load(std::memory_order_relaxed) +
           report_->calls.untold.load(std::memory_order_relaxed);
  }

  /// Events of peers that this node holds copies of.
  [[nodiscard]] std::size_t held() const noexcept {
    return report_->copies.held.load(std::memory_order_relaxed);
  }

  [[nodiscard]] const cluster::hub_report& report() const noexcept {
    return *report_;
  }

  [[nodiscard]] cluster::transport& links() const noexcept {
    return wire_->get();
  }

private:
  explicit cluster_seat(const config::cluster_tls_settings& tls);

  void try_reload();

  cluster::hub_actor hub_;
  actors::sharing_actor shares_;
  std::shared_ptr<cluster::hub_report> report_ =
      std::make_shared<cluster::hub_report>();
  std::shared_ptr<cluster::transport_wire> wire_;
  std::shared_ptr<telemetry::log> log_;
  bool has_seeds_ = false;
  config::watched_files files_;
  std::string failure_; ///< of the last time; empty: it went well
};

/// What the hub needs of a configuration. `flows`: what a node that is no
/// connector goes by to tell how busy it is.
[[nodiscard]] cluster::hub_rules
rules_of(const config::settings& settings,
         std::vector<taskflow::workflow_ptr> workflows,
         const std::vector<server_link>& servers,
         std::shared_ptr<const actors::flow_report> flows,
         core::generation_ptr generation);

/// What the node says of itself to its peers; `process` tells it from another
/// of its name.
[[nodiscard]] cluster::node_card card_of(const config::settings& settings,
                                         std::uint64_t process);

/// How it meets them.
[[nodiscard]] cluster::transport_settings
transport_of(const config::settings& settings);

/// Whether the node calls servers itself: it is alone, or a connector. Else its
/// peers do that, and it needs neither a way to them nor their credentials.
[[nodiscard]] bool calls_servers(const config::settings& settings);

/// Sets an actor system up for it.
void prepare_for_cluster(caf::actor_system_config& config,
                         const config::cluster_settings& settings);

} // namespace mfo::node
