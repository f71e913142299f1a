#include "node/node_impl.hpp"

#include "node/heap.hpp"
#include "node/overview_view.hpp"
#include "node/watchdog.hpp"

#include "config/address.hpp"
#include "core/clocks.hpp"

#include <boost/asio/post.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <future>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using std::chrono::milliseconds;

/// Room for what comes after the drain, besides the last dead letters: handing
/// back connections, the actors, and what the admin listener owes (a second at
/// most).
constexpr std::chrono::seconds stop_time{4};
/// Of that, for the last spans,
constexpr milliseconds span_time{500};
/// and for what is left on the I/O thread.
constexpr std::chrono::seconds io_stop_time{1};
/// For a good-bye to reach all peers.
constexpr milliseconds leave_time{2'000};
constexpr milliseconds drain_poll{10};
/// For a turn of the I/O thread, which takes no time unless it is held up.
constexpr milliseconds turn_time{500};
/// For the last line of a node that is to end at once.
constexpr milliseconds last_line_time{500};
/// How often files that may be replaced are looked at,
constexpr std::chrono::seconds file_period{10};
/// those of a configuration that is watched, and all that the node depends on,
constexpr std::chrono::seconds watch_period{1};
/// and whether a former configuration is still in use.
constexpr milliseconds unused_period{100};

/// Events that have ended well enough: what a peer has goes on, and what a sink
/// has can.
std::uint64_t kept(const telemetry::ledger::totals& books) {
  return books.delivered + books.dead_lettered + books.handed_over;
}

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
  // What reading the command line and the configuration took is not needed for
  // events. Once: while it walks the heap, others wait.
  give_memory_back();
  const auto wait = [this] {
    return stop_->wait_for(service_.longest_wait(look_period()));
  };
  auto next_look = std::chrono::steady_clock::now() + file_period;
  auto turn = wait();
  for (; !turn.stop; turn = wait()) {
    service_.beat([this](auto task) {
      boost::asio::post(io_,
                        [this, task] { boost::asio::post(calls_io_, task); });
    });
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
  const auto left = drain();
  // Nothing comes any more, and those who wait for it can still be told.
  recorder_->end_all();
  if (cluster_)
    cluster_->leave(leave_time);
  stop_everything();
  observer_.log->info("node stopped", {{"reason", why}});
  const bool lost =
      left.of_peers || kept(observer_.metrics->events()->snapshot()) < left.due;
  return failed || lost ? exit_status::gave_up : exit_status::ok;
}

void node_impl::look_around() {
  const auto now = core::now_by_clocks();
  const auto parts = status();
  note_how_it_is(parts, now);
  if (state_->phase() != http::node_phase::ready)
    return;
  event_sources_.look(parts.in_force->settings.endpoints, now.steady);
  dependencies_.look(parts, now.steady);
}

/// For those who look later.
void node_impl::note_how_it_is(const status_parts& parts,
                               const core::instant& now) {
  history_->look(now.steady, [this] {
    return telemetry::history::sample{observer_.metrics->events()->snapshot(),
                                      observer_.metrics->answers()};
  });
  since_.look(health_checks(parts), circuits(parts.in_force->servers),
              now.unix_time);
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
  // Who was let in a moment before is in the books by then.
  const auto turn = std::make_shared<std::promise<void>>();
  boost::asio::post(io_, [turn] { turn->set_value(); });
  turn->get_future().wait_for(turn_time);
  if (cluster_)
    cluster_->drain();
}

/// Waits for what is in flight, and for copies of peers' events to be needed no
/// more, or to be with others. What is left in flight then is answered 503, or
/// goes to peers or becomes a dead letter if it can. Which of it is, the books
/// tell once the last sink has been heard.
node_impl::left_over node_impl::drain() {
  const auto books = [this] {
    return observer_.metrics->events()->snapshot();
  };
  const auto of_peers = [this] {
    return cluster_ ? cluster_->running() : 0;
  };
  const auto held = [this] {
    return cluster_ ? cluster_->held() : 0;
  };
  const auto done = [&] {
    return (!cluster_ || cluster_->draining()) &&
           books().in_flight + of_peers() + held() == 0;
  };
  const auto wait_until = [&](std::chrono::steady_clock::time_point end) {
    while (!done() && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(drain_poll);
  };
  const auto now = std::chrono::steady_clock::now();
  wait_until(now + generations_.current()->settings.drain_timeout);
  if (const auto copies = held(); copies > 0)
    observer_.log->warn("copies left", {{"copies", copies}});
  const auto then = books();
  const auto left = then.in_flight + of_peers();
  if (left > 0) {
    observer_.log->warn("drain timed out", {{"in_flight", left}});
    caf::anon_send(supervisor_, actors::abandon_atom::value);
    wait_until(std::chrono::steady_clock::now() + std::chrono::seconds{1});
  }
  return {.due = kept(then) + then.in_flight, .of_peers = of_peers() > 0};
}

/// Nothing is waited for any more, but for the line that says what that costs.
/// On the thread that hears signals.
void node_impl::end_at_once(int signal) const {
  auto& log = *observer_.log;
  const std::string_view name = signal == SIGINT ? "SIGINT" : "SIGTERM";
  const auto in_flight = observer_.metrics->events()->snapshot().in_flight;
  const auto known = observer_.events->list(
      {.outcome = std::string{to_string(telemetry::event_state::in_flight)},
       .limit = std::numeric_limits<std::size_t>::max()});
  // With `events.keep: 0` the node does not know one event from another.
  if (known.empty() && in_flight > 0)
    log.error("node ended by a second signal",
              {{"signal", name}, {"in_flight", in_flight}});
  else
    log.error(
        "node ended by a second signal",
        {{"signal", name},
         {"in_flight", in_flight},
         {"acknowledged", std::ranges::count_if(known, [](const auto& each) {
            return each->acknowledged.has_value();
          })}});
  log.flush(last_line_time);
  ::_exit(128 + signal);
}

milliseconds letter_time(const config::dead_letter_settings& of) {
  milliseconds all{1'000};
  for (const auto& sink : of.sinks)
    all += sink.timeout;
  return std::clamp(all, milliseconds{3'000}, milliseconds{30'000});
}

/// One time does for all, however many former configurations are in use: what
/// no sink takes is said to be lost before any of them is waited for.
void node_impl::stop_letters(milliseconds longest) {
  std::set<std::shared_ptr<letter_box>> boxes;
  for (const auto& each : generations_.all())
    boxes.insert(each->letters);
  const auto end = actors::letter_office::clock::now() + longest;
  for (const auto& each : boxes) {
    if (each->handing)
      each->handing->stop();
    if (each->office)
      each->office->begin_stop(end);
  }
  for (const auto& each : boxes)
    if (each->office)
      each->office->give_up(end);
  for (const auto& each : boxes)
    if (each->office)
      each->office->stop(milliseconds{0});
}

/// From the door inwards; also after a start that failed half-way. Idempotent.
void node_impl::stop_everything() {
  const auto all = generations_.all();
  milliseconds for_letters{0};
  for (const auto& each : all)
    for_letters =
        std::max(for_letters, letter_time(each->settings.dead_letters));
  // Should anything below hang, the process still ends.
  const watchdog guard{stop_time + for_letters, [] {
                         ::_exit(static_cast<int>(exit_status::gave_up));
                       }};
  if (clerk_)
    clerk_->begin_stop();
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
  stop_letters(for_letters);
  if (io_thread_.joinable())
    exporter_->stop(span_time);
  admin_.reset();
  clerk_.reset();
  signals_.stop();
  if (io_thread_.joinable()) {
    boost::asio::post(io_, [this, &all] {
      listener_->finish();
      for (const auto& each : all) {
        if (each->letters->round)
          each->letters->round->cancel();
        each->flows->cancel();
      }
    });
    work_.reset();
    calls_work_.reset();
    // What is left ends with an error now, and then the threads have no more to
    // do; a late accept among it.
    const watchdog late{io_stop_time, [this] {
                          io_.stop();
                          calls_io_.stop();
                        }};
    io_thread_.join();
    if (calls_thread_.joinable())
      calls_thread_.join();
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
