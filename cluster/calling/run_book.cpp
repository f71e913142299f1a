#include "cluster/calling/run_book.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

actors::api_result_ptr without_room(const actors::api_result& result) {
  auto small = std::make_shared<actors::api_result>();
  small->outcome = core::refused(
      core::errc::saturated,
      "the call was made, but too many results wait to be sent to peers");
  small->outcome.attempts = result.outcome.attempts;
  small->outcome.upstream_status = result.outcome.upstream_status;
  return small;
}

} // namespace

run_book::run_book(run_bounds limits) : limits_(limits) {}

bool run_book::knows(const call_key& key) {
  if (find(key) == nullptr)
    return false;
  sources_.find(key.origin)->second.gone = false;
  return true;
}

void run_book::begin(const call_key& key, remote_call_ptr call,
                     clock::time_point forget_at) {
  auto& from = sources_[key.origin];
  from.gone = false;
  from.entries.emplace(key.number,
                       entry{.call = std::move(call), .forget_at = forget_at});
  ++calls_;
}

remote_call_ptr run_book::running(const call_key& key) const {
  const auto* const found = find(key);
  return found == nullptr ? nullptr : found->call;
}

remote_call_ptr run_book::end(const call_key& key,
                              actors::api_result_ptr result) {
  const auto from = sources_.find(key.origin);
  if (from == sources_.end())
    return nullptr;
  auto& source = from->second;
  const auto found = source.entries.find(key.number);
  if (found == source.entries.end() || !found->second.call)
    return nullptr;
  auto& it = found->second;
  auto call = std::exchange(it.call, nullptr);
  if (source.gone) {
    source.entries.erase(found);
    --calls_;
    tidy(from);
    return call;
  }
  it.bytes = packed_size(*result);
  if (it.bytes > limits_.max_bytes - std::min(bytes_, limits_.max_bytes)) {
    result = without_room(*result);
    it.bytes = packed_size(*result);
  }
  it.result = std::move(result);
  bytes_ += it.bytes;
  ++waiting_;
  source.waiting.emplace(++last_number_, key.number);
  return call;
}

run_book::batch run_book::take_unsent(const node_life& origin,
                                      std::size_t most) {
  batch taken;
  const auto from = sources_.find(origin);
  if (from == sources_.end())
    return taken;
  auto& source = from->second;
  for (auto next = source.waiting.upper_bound(source.sent);
       next != source.waiting.end() && taken.bytes < most &&
       taken.results.size() < most_results_sent &&
       source.unread < limits_.max_unread;
       ++next) {
    const auto& it = source.entries.at(next->second);
    taken.results.push_back(
        {.number = next->first, .key = next->second, .result = it.result});
    taken.bytes += it.bytes;
    source.unread += it.bytes;
    source.sent = next->first;
  }
  return taken;
}

bool run_book::has_unsent(const node_life& origin) const {
  const auto from = sources_.find(origin);
  if (from == sources_.end())
    return false;
  const auto& source = from->second;
  return source.unread < limits_.max_unread &&
         source.waiting.upper_bound(source.sent) != source.waiting.end();
}

void run_book::acknowledged(const node_life& origin, std::uint64_t number) {
  const auto from = sources_.find(origin);
  if (from == sources_.end())
    return;
  auto& source = from->second;
  const auto last = std::min(number, source.sent);
  while (!source.waiting.empty() && source.waiting.begin()->first <= last)
    drop(source, source.waiting.begin());
  tidy(from);
}

void run_book::link_opened(const node_life& origin) {
  const auto from = sources_.find(origin);
  if (from == sources_.end())
    return;
  from->second.gone = false;
  from->second.sent = 0;
  from->second.unread = 0;
}

void run_book::gone(const node_life& origin) {
  const auto from = sources_.find(origin);
  if (from == sources_.end())
    return;
  auto& source = from->second;
  source.gone = true;
  while (!source.waiting.empty())
    drop(source, source.waiting.begin());
  tidy(from);
}

void run_book::sweep(clock::time_point now) {
  for (auto from = sources_.begin(); from != sources_.end();) {
    const auto current = from++;
    auto& source = current->second;
    for (auto next = source.waiting.begin(); next != source.waiting.end();) {
      const auto told = next++;
      if (source.entries.at(told->second).forget_at <= now)
        drop(source, told);
    }
    tidy(current);
  }
}

const run_book::entry* run_book::find(const call_key& key) const {
  const auto from = sources_.find(key.origin);
  if (from == sources_.end())
    return nullptr;
  const auto found = from->second.entries.find(key.number);
  return found == from->second.entries.end() ? nullptr : &found->second;
}

/// A result, and with it the call.
void run_book::drop(source_state& of, told_map::iterator which) {
  const auto found = of.entries.find(which->second);
  if (which->first <= of.sent)
    of.unread -= found->second.bytes;
  bytes_ -= found->second.bytes;
  --waiting_;
  --calls_;
  of.entries.erase(found);
  of.waiting.erase(which);
}

void run_book::tidy(source_map::iterator which) {
  if (which->second.entries.empty())
    sources_.erase(which);
}

} // namespace mfo::cluster
