#include "node/node_impl.hpp"

#include "node/watchdog.hpp"

#include "config/address.hpp"

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
/// For a good-bye to reach all peers.
constexpr milliseconds leave_time{2'000};
constexpr milliseconds drain_poll{10};
/// How often files that may be replaced are looked at,
constexpr std::chrono::seconds file_period{10};
/// those of a configuration that is watched, and all that the node depends on,
constexpr std::chrono::seconds watch_period{1};
/// and whether a former configuration is still in use.
constexpr milliseconds unused_period{100};

} // namespace

/// A line of `systemctl status`.
std::string node_impl::service_status() const {
  if (state_->phase() != http::node_phase::ready)
    return "Drains: takes no more work";
  auto address = generations_.current()->settings.listen;
  address.port = listener_->port();
  return "Takes events on " + config::format_listen_address(address);
}

exit_status node_impl::run() {
  service_.ready(service_status());
  const auto wait = [this] {
    return stop_->wait_for(service_.longest_wait(look_period()));
  };
  auto next_look = std::chrono::steady_clock::now() + file_period;
  auto turn = wait();
  for (; !turn.stop; turn = wait()) {
    service_.beat([this](auto task) { boost::asio::post(io_, task); });
    if (turn.drain) {
      begin_drain();
      service_.status(service_status());
    }
    if (!turn.reloads.empty()) {
      service_.reloading();
      reload(turn.reloads);
      service_.ready(service_status());
    }
    retire_unused();
    watch();
    look_around();
    if (const auto now = std::chrono::steady_clock::now(); now >= next_look) {
      next_look = now + file_period;
      reload_changed_files();
    }
  }
  for (const auto& each : turn.reloads)
    if (each.done)
      each.done({.stopping = true});
  const auto [why, failed] = *turn.stop;
  service_.stopping("Stops: " + why);
  observer_.log->info("node stopping", {{"reason", why}});
  begin_drain();
  const auto drained = drain();
  if (cluster_)
    cluster_->leave(leave_time);
  stop_everything();
  observer_.log->info("node stopped", {{"reason", why}});
  return failed || !drained ? exit_status::gave_up : exit_status::ok;
}

void node_impl::look_around() {
  if (state_->phase() != http::node_phase::ready)
    return;
  const auto now = std::chrono::steady_clock::now();
  event_sources_.look(generations_.current()->settings.endpoints, now);
  dependencies_.look(status(), now);
}

/// How long the main thread may wait for something to do.
std::chrono::milliseconds node_impl::look_period() const {
  if (generations_.all().size() > 1)
    return unused_period;
  return watch_period;
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
  wait_until(now + generations_.current()->settings.drain_timeout);
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
  const auto all = generations_.all();
  for (const auto& each : all)
    for (const auto& server : each->servers)
      server.close();
  if (supervisor_)
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  supervisor_ = actors::supervisor_actor{};
  if (cluster_)
    cluster_->stop();
  system_.await_all_actors_done();
  // Nobody is there any more whom a call's answer could reach.
  for (const auto& each : all)
    each->flows->stop_calls();
  // No actor has an event any more: what was acknowledged is here.
  for (const auto& each : all) {
    if (each->letters->handing)
      each->letters->handing->stop();
    if (each->letters->office)
      each->letters->office->stop(letter_time);
  }
  admin_.reset();
  if (io_thread_.joinable()) {
    boost::asio::post(io_, [this, &all] {
      listener_->close();
      signals_.cancel();
      for (const auto& each : all) {
        if (each->letters->round)
          each->letters->round->cancel();
        each->flows->cancel();
      }
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
node::start(configuration given, node_options how) {
  auto result = std::make_unique<node_impl>(given.settings, std::move(how));
  if (auto error = result->start(std::move(given)))
    return tl::unexpected{std::move(*error)};
  return result;
}

} // namespace mfo::node
