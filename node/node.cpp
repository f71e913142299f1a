#include "node/node_impl.hpp"

#include "node/watchdog.hpp"

#include <boost/asio/post.hpp>

#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using std::chrono::milliseconds;

/// Room for what comes after the drain: handing back connections, the actors.
constexpr std::chrono::seconds stop_time{5};
/// Of that, for what is left on the I/O thread.
constexpr std::chrono::seconds io_stop_time{1};
/// Of that, for the last dead letters.
constexpr std::chrono::seconds letter_time{3};
/// For a good-bye to reach all peers.
constexpr milliseconds leave_time{2'000};
constexpr milliseconds drain_poll{10};
/// How often files that may be replaced are looked at.
constexpr std::chrono::seconds file_period{10};

} // namespace

/// Whatever is read again while the node runs. On the main thread, which has
/// the time to wait for a disk.
void node_impl::reload() const {
  observer_.log->info(
      "reload asked for",
      {{"reason", "SIGHUP"},
       {"detail",
        "TLS files of the listeners and of the cluster alone are read "
        "again; a changed configuration needs a "
        "restart"}});
  tls_.reload();
  if (cluster_)
    cluster_->reload();
}

void node_impl::reload_changed() const {
  tls_.reload_changed();
  if (cluster_)
    cluster_->reload_changed();
}

exit_status node_impl::run() {
  auto turn = stop_->wait_for(file_period);
  for (; !turn.stop; turn = stop_->wait_for(file_period)) {
    if (turn.drain)
      begin_drain();
    if (turn.reload)
      reload();
    else
      reload_changed();
  }
  const auto [why, failed] = *turn.stop;
  observer_.log->info("node stopping", {{"reason", why}});
  begin_drain();
  const auto drained = drain();
  if (cluster_)
    cluster_->leave(leave_time);
  stop_everything();
  observer_.log->info("node stopped", {{"reason", why}});
  return failed || !drained ? exit_status::gave_up : exit_status::ok;
}

/// Readiness goes first, then new work.
void node_impl::begin_drain() {
  state_->advance(http::node_phase::draining);
  if (cluster_)
    cluster_->drain();
}

/// Waits for what is in flight, and for copies of peers' events to be needed no
/// more, or to be with others. What is left in flight then is answered 503, or
/// goes to peers or becomes a dead letter if it can. Whether nothing was left:
/// what is lost in the end is in flight until then, also while no sink takes
/// it.
bool node_impl::drain() {
  const auto in_flight = [this] {
    return observer_.metrics->events()->snapshot().in_flight +
           (cluster_ ? cluster_->running() : 0);
  };
  const auto held = [this] {
    return cluster_ ? cluster_->held() : 0;
  };
  const auto wait_until = [&](std::chrono::steady_clock::time_point end) {
    while (in_flight() + held() > 0 && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(drain_poll);
  };
  const auto now = std::chrono::steady_clock::now();
  wait_until(now + settings_.drain_timeout);
  if (const auto copies = held(); copies > 0)
    observer_.log->warn("copies left", {{"copies", copies}});
  const auto left = in_flight();
  if (left == 0)
    return true;
  const auto handed_over = [this] {
    return observer_.metrics->events()->snapshot().handed_over;
  };
  const auto before = handed_over();
  observer_.log->warn("drain timed out", {{"in_flight", left}});
  caf::anon_send(supervisor_, actors::abandon_atom::value);
  wait_until(std::chrono::steady_clock::now() + std::chrono::seconds{1});
  return in_flight() == 0 && handed_over() - before == left;
}

/// From the door inwards; also after a start that failed half-way. Idempotent.
void node_impl::stop_everything() {
  // Should anything below hang, the process still ends.
  watchdog guard{stop_time, [] {
                   ::_exit(static_cast<int>(exit_status::gave_up));
                 }};
  for (const auto& each : servers_)
    each.close();
  if (supervisor_)
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  supervisor_ = actors::supervisor_actor{};
  if (cluster_)
    cluster_->stop();
  system_.await_all_actors_done();
  // Nobody is there any more whom a call's answer could reach.
  if (taskflows_)
    taskflows_->stop_calls();
  // No actor has an event any more: what was acknowledged is here.
  if (handing_)
    handing_->stop();
  if (office_)
    office_->stop(letter_time);
  admin_.reset();
  if (io_thread_.joinable()) {
    boost::asio::post(io_, [this] {
      listener_->close();
      signals_.cancel();
      if (letter_round_)
        letter_round_->cancel();
      taskflows_->cancel();
    });
    work_.reset();
    // What is left ends with an error now, and then the thread has no more to
    // do; a late accept among it.
    const watchdog late{io_stop_time, [this] {
                          io_.stop();
                        }};
    io_thread_.join();
  }
}

tl::expected<std::unique_ptr<node>, std::string>
node::start(const config::settings& settings,
            std::vector<taskflow::workflow_ptr> workflows,
            const client_factory& make) {
  auto result = std::make_unique<node_impl>(settings, std::move(workflows));
  if (auto error = result->start(make))
    return tl::unexpected{std::move(*error)};
  return result;
}

} // namespace mfo::node
