#include "telemetry/ledger.hpp"

#include "telemetry/exposition.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mfo::telemetry {

namespace {

std::size_t position_of(core::errc reason) noexcept {
  return static_cast<std::size_t>(&core::describe(reason) -
                                  core::all_errors().data());
}

std::uint64_t total(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

/// Of refusals, by reason.
std::uint64_t total_of_ours(const std::vector<std::uint64_t>& refused) {
  constexpr int first_of_ours = 500;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < refused.size(); ++i)
    if (core::all_errors()[i].status >= first_of_ours)
      sum += refused[i];
  return sum;
}

/// A sample for each reason that occurred.
void add_reasons(prometheus::MetricFamily& family,
                 const prometheus::ClientMetric::Label& endpoint,
                 const std::vector<std::uint64_t>& counts) {
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] != 0)
      add_sample(
          family,
          {endpoint, {"reason", std::string{core::all_errors()[i].slug}}},
          static_cast<double>(counts[i]));
}

} // namespace

ledger::entry::entry(std::shared_ptr<ledger> book,
                     std::size_t endpoint) noexcept
  : book_(std::move(book)), endpoint_(endpoint) {}

ledger::entry& ledger::entry::operator=(entry&& other) noexcept {
  std::swap(book_, other.book_);
  std::swap(endpoint_, other.endpoint_);
  return *this;
}

ledger::entry::~entry() {
  refused(core::errc::internal_error);
}

void ledger::entry::delivered() noexcept {
  if (const auto book = std::exchange(book_, nullptr))
    book->close(endpoint_, &account::delivered);
}

void ledger::entry::refused(core::errc reason) noexcept {
  if (const auto book = std::exchange(book_, nullptr))
    book->close(endpoint_, &account::refused, reason);
}

void ledger::entry::dead_lettered(core::errc reason) noexcept {
  if (const auto book = std::exchange(book_, nullptr))
    book->close(endpoint_, &account::dead_lettered, reason);
}

void ledger::entry::handed_over() noexcept {
  if (const auto book = std::exchange(book_, nullptr))
    book->close(endpoint_, &account::handed_over);
}

std::shared_ptr<ledger>
ledger::make(const std::vector<std::string>& endpoint_ids) {
  std::shared_ptr<ledger> made{new ledger{}};
  made->add("none");
  for (const auto& each : endpoint_ids)
    made->add(each);
  return made;
}

std::size_t ledger::find(std::string_view label) const noexcept {
  return static_cast<std::size_t>(
      std::ranges::find(accounts_, label, &account::label) - accounts_.begin());
}

std::size_t ledger::add(const std::string& endpoint_id) {
  const std::lock_guard lock{mutex_};
  const auto index = find(endpoint_id);
  if (index == accounts_.size()) {
    auto& added = accounts_.emplace_back();
    added.label = endpoint_id;
    added.refused.resize(core::all_errors().size());
    added.dead_lettered.resize(core::all_errors().size());
  }
  return index;
}

std::size_t ledger::index_of(std::string_view endpoint_id) const {
  const std::lock_guard lock{mutex_};
  const auto index = find(endpoint_id);
  return index < accounts_.size() ? index : no_endpoint;
}

ledger::entry ledger::open(std::size_t endpoint, unix_time at) {
  const std::lock_guard lock{mutex_};
  auto& account = accounts_[endpoint];
  ++account.received;
  account.last_received = std::max(account.last_received, at);
  ++in_flight_;
  return entry{shared_from_this(), endpoint};
}

void ledger::received_and_refused(std::size_t endpoint, core::errc reason,
                                  unix_time at) {
  const std::lock_guard lock{mutex_};
  auto& account = accounts_[endpoint];
  ++account.received;
  ++account.refused[position_of(reason)];
  account.last_received = std::max(account.last_received, at);
}

void ledger::close(std::size_t endpoint,
                   std::uint64_t account::*column) noexcept {
  const std::lock_guard lock{mutex_};
  --in_flight_;
  ++(accounts_[endpoint].*column);
}

void ledger::close(std::size_t endpoint,
                   std::vector<std::uint64_t> account::*column,
                   core::errc reason) noexcept {
  const std::lock_guard lock{mutex_};
  --in_flight_;
  ++(accounts_[endpoint].*column)[position_of(reason)];
}

ledger::totals ledger::snapshot() const {
  const std::lock_guard lock{mutex_};
  totals sum{.in_flight = in_flight_};
  for (const auto& each : accounts_)
    add(each, sum);
  return sum;
}

std::map<std::string, std::uint64_t> ledger::genuine() const {
  const auto errors = core::all_errors();
  std::map<std::string, std::uint64_t> counts;
  const std::lock_guard lock{mutex_};
  for (const auto& each : accounts_) {
    auto& count = counts[each.label];
    count = each.delivered + each.handed_over + total(each.dead_lettered);
    for (std::size_t i = 0; i < errors.size(); ++i)
      if (core::was_proven(errors[i].code))
        count += each.refused[i];
  }
  return counts;
}

ledger::endpoint_totals ledger::snapshot(std::size_t endpoint) const {
  endpoint_totals sum;
  const std::lock_guard lock{mutex_};
  const auto& account = accounts_[endpoint];
  add(account, sum);
  sum.in_flight = sum.received - sum.delivered - sum.handed_over - sum.refused -
                  sum.dead_lettered;
  sum.last_received = account.last_received;
  return sum;
}

void ledger::add(const account& one, totals& to) {
  to.received += one.received;
  to.delivered += one.delivered;
  to.handed_over += one.handed_over;
  to.refused += total(one.refused);
  to.failed += total_of_ours(one.refused);
  to.dead_lettered += total(one.dead_lettered);
}

std::vector<prometheus::MetricFamily> ledger::Collect() const {
  std::unique_lock lock{mutex_};
  const auto accounts = accounts_;
  const auto in_flight = in_flight_;
  lock.unlock();

  auto received = make_family(events_received);
  auto delivered = make_family(events_delivered);
  auto refused = make_family(events_refused);
  auto dead_lettered = make_family(events_dead_lettered);
  auto handed_over = make_family(events_handed_over);
  auto gauge = make_family(events_in_flight);
  for (const auto& each : accounts) {
    const prometheus::ClientMetric::Label endpoint{"endpoint", each.label};
    add_sample(received, {endpoint}, static_cast<double>(each.received));
    add_sample(delivered, {endpoint}, static_cast<double>(each.delivered));
    add_reasons(refused, endpoint, each.refused);
    add_reasons(dead_lettered, endpoint, each.dead_lettered);
    add_sample(handed_over, {endpoint}, static_cast<double>(each.handed_over));
  }
  add_sample(gauge, {}, static_cast<double>(in_flight));
  return {received, delivered, refused, dead_lettered, handed_over, gauge};
}

} // namespace mfo::telemetry
