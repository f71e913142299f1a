#include "http/connection_pool.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mfo::http {

namespace {

using std::chrono::steady_clock;

/// Between two sweeps at least: a bound on what many different deadlines cost,
/// and how late a time-out may be.
constexpr milliseconds sweep_distance{5};

} // namespace

connection_pool::connection_pool(asio::io_context& io,
                                 connection_settings settings)
  : settings_(std::move(settings)), executor_(io.get_executor()),
    timer_(executor_) {}

// NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
connection_pool::~connection_pool() {
  // Only an I/O context that went away before `close` was carried out leaves
  // anything to do here. What closed connections still have under way keeps
  // them alive, but they no longer touch the pool.
  shut_down();
}

void connection_pool::send(client_request request, client_callback done) {
  if (auto fault = find_fault(request); !fault.empty()) {
    done(tl::unexpected(
        client_error{client_errc::invalid_request, std::move(fault)}));
    return;
  }
  if (auto refusal = admit(request, done))
    done(tl::unexpected(
        client_error{*refusal, make_error_code(*refusal).message()}));
}

std::optional<client_errc> connection_pool::admit(client_request& request,
                                                  client_callback& done) {
  auto begun = steady_clock::now();
  const auto& config = settings_.config;
  std::unique_lock lock{mutex_};
  if (closed_)
    return client_errc::closed;
  if (outstanding_.load(std::memory_order_relaxed) >=
      config.max_connections + config.max_waiting)
    return client_errc::queue_full;
  client_exchange next{std::move(request), std::move(done), begun,
                       outstanding_};
  if (inbox_.empty() && executor_.running_in_this_thread()) {
    lock.unlock();
    if (start_at_once(next))
      return std::nullopt;
    lock.lock();
  }
  inbox_.push_back(std::move(next));
  if (inbox_.size() == 1)
    asio::post(executor_, [self = shared_from_this()] { self->empty_inbox(); });
  return std::nullopt;
}

/// Only on a kept connection: to make one may fail at once, and nobody expects
/// that within `send`. Else `next` is left as it was.
bool connection_pool::start_at_once(client_exchange& next) {
  auto chosen = waiting_.empty() ? take_idle() : nullptr;
  if (!chosen)
    return false;
  start(*chosen, std::move(next));
  publish();
  return true;
}

void connection_pool::start(connection& chosen, client_exchange next) {
  chosen.start(std::move(next));
  watch(chosen.deadline());
}

void connection_pool::empty_inbox() {
  {
    std::lock_guard guard{mutex_};
    batch_.swap(inbox_);
  }
  for (auto& next : batch_) {
    if (auto chosen = waiting_.empty() ? obtain() : nullptr) {
      start(*chosen, std::move(next));
      continue;
    }
    watch(next.deadline());
    waiting_.push_back(std::move(next));
  }
  batch_.clear();
  publish();
}

/// Gives the waiting requests to connections as far as there are any.
void connection_pool::pump() {
  while (!waiting_.empty()) {
    auto chosen = obtain();
    if (!chosen)
      return;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    start(*chosen, std::move(next));
  }
}

/// An idle connection, or a new one, or none.
std::shared_ptr<connection> connection_pool::obtain() {
  if (auto kept = take_idle())
    return kept;
  if (connections_.size() >= settings_.config.max_connections)
    return nullptr;
  opened_count_.fetch_add(1, std::memory_order_relaxed);
  connection_owner& owner = *this;
  return connections_.emplace_back(
      std::make_shared<connection>(executor_, settings_, owner));
}

/// An idle connection that the server has not closed, or none.
std::shared_ptr<connection> connection_pool::take_idle() {
  while (!idle_.empty()) {
    auto candidate = idle_.back()->shared_from_this();
    if (candidate->is_quiet()) {
      idle_.pop_back();
      return candidate;
    }
    forget(*candidate);
    candidate->abandon();
  }
  return nullptr;
}

void connection_pool::forget(connection& source) {
  std::erase(idle_, &source);
  std::erase_if(connections_,
                [&](const auto& each) { return each.get() == &source; });
}

void connection_pool::on_idle(connection& source) {
  idle_.push_back(&source);
  pump();
  watch(source.deadline());
  publish();
}

void connection_pool::on_closed(connection& source) {
  forget(source);
  pump();
  publish();
}

void connection_pool::on_certificate(std::chrono::sys_seconds end) {
  certificate_end_.store(end.time_since_epoch().count(),
                         std::memory_order_relaxed);
}

/// Sees to it that a sweep comes no later than `deadline`.
void connection_pool::watch(steady_time deadline) {
  if (watched_ && *watched_ <= deadline)
    return;
  watched_ = deadline;
  timer_.expires_at(deadline);
  timer_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec)
      self->sweep();
  });
}

void connection_pool::sweep() {
  auto now = steady_clock::now();
  // Nobody is to arm the timer before the end.
  watched_ = steady_time::min();
  end_overdue_waiting(now);
  end_overdue_connections(now);
  watched_.reset();
  auto next = steady_time::max();
  for (const auto& each : waiting_)
    next = std::min(next, each.deadline());
  for (const auto& each : connections_)
    next = std::min(next, each->deadline());
  if (next != steady_time::max())
    watch(std::max(next, now + sweep_distance));
  publish();
}

void connection_pool::end_overdue_waiting(steady_time now) {
  auto is_overdue = [now](const client_exchange& each) {
    return each.deadline() <= now;
  };
  if (std::none_of(waiting_.begin(), waiting_.end(), is_overdue))
    return;
  std::deque<client_exchange> all;
  all.swap(waiting_);
  std::vector<client_exchange> overdue;
  for (auto& each : all) {
    if (is_overdue(each))
      overdue.push_back(std::move(each));
    else
      waiting_.push_back(std::move(each));
  }
  for (auto& each : overdue) {
    each.stop_waiting(now);
    each.fail(client_errc::timeout, "while waiting for a connection");
  }
}

void connection_pool::end_overdue_connections(steady_time now) {
  std::vector<std::shared_ptr<connection>> overdue;
  std::copy_if(connections_.begin(), connections_.end(),
               std::back_inserter(overdue),
               [now](const auto& each) { return each->deadline() <= now; });
  // One that ends gives its place to who waits; who waits may have been given
  // another of these in the meantime.
  for (const auto& each : overdue)
    if (each->deadline() <= now)
      each->expire();
}

void connection_pool::cancel(std::uint64_t ticket) {
  // Behind what empties the inbox, if the request is in there.
  asio::post(executor_,
             [self = shared_from_this(), ticket] { self->drop(ticket); });
}

void connection_pool::drop(std::uint64_t ticket) {
  std::deque<client_exchange> kept;
  std::vector<client_exchange> dropped;
  for (auto& each : waiting_)
    if (each.request().ticket == ticket)
      dropped.push_back(std::move(each));
    else
      kept.push_back(std::move(each));
  waiting_.swap(kept);
  std::vector<std::shared_ptr<connection>> carriers;
  std::ranges::copy_if(
      connections_, std::back_inserter(carriers),
      [ticket](const auto& each) { return each->carries(ticket); });
  publish();
  for (auto& each : dropped) {
    each.stop_waiting(steady_clock::now());
    each.fail(client_errc::cancelled, "while waiting for a connection");
  }
  // An answer may have cancelled, or closed, more.
  for (const auto& each : carriers)
    if (each->carries(ticket))
      each->give_up();
}

void connection_pool::close() {
  {
    std::lock_guard guard{mutex_};
    if (std::exchange(closed_, true))
      return;
  }
  asio::post(executor_, [self = shared_from_this()] { self->shut_down(); });
}

void connection_pool::shut_down() {
  timer_.cancel();
  idle_.clear();
  // Dropping an exchange answers it, and an answer may run anything: take all
  // there is before the first.
  auto connections = std::exchange(connections_, {});
  auto waiting = std::exchange(waiting_, {});
  std::vector<client_exchange> inbox;
  {
    std::lock_guard guard{mutex_};
    inbox.swap(inbox_);
  }
  publish();
  for (const auto& each : connections)
    each->abandon();
}

client_stats connection_pool::stats() const noexcept {
  client_stats now{open_count_.load(std::memory_order_relaxed),
                   idle_count_.load(std::memory_order_relaxed),
                   waiting_count_.load(std::memory_order_relaxed),
                   opened_count_.load(std::memory_order_relaxed)};
  if (const auto end = certificate_end_.load(std::memory_order_relaxed);
      end != 0)
    now.certificate_end = std::chrono::sys_seconds{std::chrono::seconds{end}};
  return now;
}

void connection_pool::publish() noexcept {
  open_count_.store(connections_.size(), std::memory_order_relaxed);
  idle_count_.store(idle_.size(), std::memory_order_relaxed);
  waiting_count_.store(waiting_.size(), std::memory_order_relaxed);
}

} // namespace mfo::http
