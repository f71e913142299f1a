// How another configuration comes into force while the node runs. All of it on
// the main thread, which has the time to wait for a disk.

#include "node/node_impl.hpp"

#include "node/key_place.hpp"
#include "node/risks.hpp"

#include "config/changes.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <future>
#include <sstream>
#include <string>
#include <utility>

namespace mfo::node {

namespace {

using std::chrono::milliseconds;

/// For the actors to know of a generation, or to have done with one.
constexpr std::chrono::seconds actor_time{10};
/// From one try to the next while what is watched is no good.
constexpr std::chrono::seconds retry_period{10};
/// So many may be in use, the one in force among them.
constexpr std::size_t most_generations = 8;

milliseconds unix_ms() {
  return std::chrono::duration_cast<milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

std::string not_at_run_time(const std::string& file, const std::string& key) {
  return line_about(file, {key, "cannot change while the node runs; restart "
                                "it, or put the former value back"});
}

} // namespace

void node_impl::on_io_thread(const std::function<void()>& task) {
  std::promise<void> done;
  boost::asio::post(io_, [&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

void node_impl::note_start() {
  note({.reason = "start",
        .at = unix_ms(),
        .generation = generations_.current()->number});
}

void node_impl::note(http::reload_report report) {
  const std::lock_guard lock{report_mutex_};
  report_ = std::move(report);
}

http::reload_report node_impl::last_report() const {
  const std::lock_guard lock{report_mutex_};
  return report_;
}

/// Those who asked at the same time have the same answer.
void node_impl::reload(const std::vector<stop_reason::reload_request>& asked) {
  auto& log = *observer_.log;
  const auto& reason = asked.front().reason;
  const bool quiet =
      std::ranges::all_of(asked, &stop_reason::reload_request::quiet);
  if (!quiet)
    log.info("reload asked for", {{"reason", reason}});
  http::reload_report report;
  if (state_->phase() == http::node_phase::ready)
    report = try_reload();
  else
    report.stopping = true;
  if (quiet && report.problems == last_report().problems)
    return;
  report.reason = reason;
  report.at = unix_ms();
  report.generation = generations_.current()->number;
  if (!report.stopping) {
    const bool well = report.problems.empty();
    observer_.metrics->reloads().ended(
        well, std::chrono::floor<std::chrono::seconds>(report.at));
    note(report);
    for (const auto& each : report.problems)
      log.error("configuration not reloaded; the former one stays in force",
                {{"reason", each}});
    if (well)
      log.info(
          "configuration reloaded",
          {{"generation", report.generation},
           {"changed", fmt::format("{}", fmt::join(report.changed, ", "))}});
  }
  for (const auto& each : asked)
    if (each.done)
      each.done(report);
}

/// What has come of it, but for what `reload` adds.
http::reload_report node_impl::try_reload() {
  http::reload_report report;
  // The files of certificates count in any case, as before there was more.
  if (cluster_)
    cluster_->reload();
  if (!how_.read_again) {
    generations_.current()->tls.reload();
    return report;
  }
  sources_.note();
  auto read = how_.read_again();
  if (!read) {
    report.problems = std::move(read.error());
    return report;
  }
  const std::string file =
      read->sources.empty() ? std::string{} : read->sources.front();
  sources_ = config::watched_files{read->sources};
  sources_.note();
  const auto former = generations_.current();
  report.changed = config::changed_keys(former->settings, read->settings);
  for (const auto& each : config::fixed_keys(report.changed, former->settings))
    report.problems.push_back(not_at_run_time(file, each));
  if (generations_.all().size() >= most_generations)
    report.problems.push_back(fmt::format(
        "{} former configurations are still in use by runs of taskflows that "
        "began under them; wait until one has ended, or cancel it",
        most_generations - 1));
  if (!report.problems.empty())
    return report;
  auto made = make_generation(*std::move(read), former.get());
  auto failure = made ? replace_by(*made) : std::optional{made.error()};
  if (failure) {
    std::istringstream lines{*failure};
    for (std::string line; std::getline(lines, line);)
      report.problems.push_back(line);
  }
  return report;
}

/// Whatever can fail comes before anything is in force.
std::optional<std::string> node_impl::replace_by(generation_ptr next) {
  if (auto failure = bind_addresses(*next))
    return failure;
  caf::scoped_actor self{system_};
  bool known = false;
  self->request(supervisor_, actor_time, actors::adopt_atom::value,
                parts_of(*next))
      .receive([&](std::uint64_t) { known = true; }, [](const caf::error&) {});
  // The number is taken, even where nothing comes of it.
  last_number_ = next->number;
  if (!known) {
    on_io_thread([this] { listener_->unbind(); });
    admin_->unbind();
    caf::anon_send(supervisor_, actors::retire_atom::value, next->number);
    caf::anon_send(supervisor_, actors::open_atom::value);
    return "the actors did not answer";
  }
  const auto former = generations_.current();
  put_in_force(next, *former);
  return std::nullopt;
}

std::optional<std::string> node_impl::bind_addresses(const generation& next) {
  const auto& settings = next.settings;
  tl::expected<void, std::string> bound;
  on_io_thread([&] { bound = listener_->bind(settings.listen); });
  if (!bound)
    return line_about(next.file, {"listen", std::move(bound.error())});
  bound = admin_->bind(settings.admin_listen);
  if (bound)
    return std::nullopt;
  on_io_thread([this] { listener_->unbind(); });
  return line_about(next.file, {"admin_listen", std::move(bound.error())});
}

void node_impl::put_in_force(const generation_ptr& next, generation& former) {
  const auto& settings = next->settings;
  const auto& before = former.settings;
  admission_->set_bounds(settings.limits.max_in_flight,
                         settings.limits.max_bytes_in_flight);
  if (deliveries_)
    deliveries_->set_bounds({settings.dedup.max_ids, settings.dedup.window});
  // A level that somebody has set since the start stays, unless the file says
  // something else than it did.
  if (settings.log.level != before.log.level)
    observer_.log->set_level(settings.log.level);
  observer_.refusals->set_limit(settings.log.refusals_per_second);
  observer_.events->keep(settings.events.keep);
  if (!settings.recording.enabled)
    recorder_->end_all();
  generations_.add(next);
  if (cluster_)
    cluster_->adopt(hub_rules_of(*next));
  on_io_thread([&] {
    listener_->adopt(settings, door_of(*next));
    next->letters->begin(io_);
    if (next->spans.client != former.spans.client)
      exporter_->adopt(next->spans);
    next->flows->take_over_control();
    next->flows->begin_after(*former.flows);
  });
  admin_->adopt(settings.admin_listen, settings.admin, next->tls.admin);
  former.token.reset();
  warn_of_risks(settings, admin_->port(), *observer_.log);
  caf::anon_send(supervisor_, actors::open_atom::value);
}

/// What nothing is under way under any more goes.
void node_impl::retire_unused() {
  const auto all = generations_.all();
  for (const auto& each : all) {
    if (each == all.back() || each->in_use())
      continue;
    caf::scoped_actor self{system_};
    self->request(supervisor_, actor_time, actors::retire_atom::value,
                  each->number)
        .receive([](std::uint64_t) {},
                 [&](const caf::error& why) {
                   observer_.log->warn(
                       "actors of a former configuration do not end",
                       {{"generation", each->number},
                        {"reason", caf::to_string(why)}});
                 });
    generations_.remove(each->number);
    each->flows->stop_calls();
    for (const auto& link : each->servers)
      if (std::ranges::none_of(all, [&](const auto& other) {
            return other != each &&
                   std::ranges::any_of(other->servers, [&](const auto& its) {
                     return its.deps == link.deps;
                   });
          }))
        link.close();
    observer_.log->info("former configuration let go",
                        {{"generation", each->number}});
    release(each);
  }
}

/// Timers of it are those of the I/O thread.
void node_impl::release(const generation_ptr& what) {
  const bool shares =
      std::ranges::any_of(generations_.all(), [&](const auto& other) {
        return other->letters == what->letters;
      });
  if (!shares && what->letters->office)
    what->letters->office->stop(letter_time(what->settings.dead_letters));
  on_io_thread([&] {
    what->flows->cancel();
    if (!shares && what->letters->round)
      what->letters->round->cancel();
  });
  // Their handlers have run by then.
  on_io_thread([] {});
}

/// A file that is being written is not read: it has to be the same at two
/// looks.
void node_impl::watch() {
  if (!how_.watches)
    return;
  const bool changed = sources_.changed();
  if (changed)
    sources_.note();
  if (std::exchange(sources_changing_, changed) && !changed)
    return stop_->ask_reload({"a file has changed"});
  // A file that is not there yet is none of those that are watched.
  const auto now = std::chrono::steady_clock::now();
  if (now < next_try_ || last_report().problems.empty())
    return;
  next_try_ = now + retry_period;
  stop_->ask_reload({.reason = "a file has changed", .quiet = true});
}

void node_impl::reload_changed_files() {
  generations_.current()->tls.reload_changed();
  if (cluster_)
    cluster_->reload_changed();
}

} // namespace mfo::node
