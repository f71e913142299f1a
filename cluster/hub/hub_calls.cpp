#include "cluster/hub/hub_calls.hpp"

#include "actors/refusals.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace mfo::cluster {

namespace {

core::outcome connector_lost(const caf::error& why) {
  return core::refused(core::errc::stage_unavailable, caf::to_string(why));
}

} // namespace

hub_calls::hub_calls(pointer self, hub_deps_ptr deps,
                     const hub_rules_ptr& rules, peer_talk& talk,
                     random_below random)
  : self_(self), deps_(std::move(deps)), rules_(rules), talk_(talk),
    desk_(deps_->calling, *this, std::move(random)) {}

// The promise is kept before the desk is asked: it may answer at once.

hub_calls::call_promise
hub_calls::call(const std::string& server,
                const actors::api_request_ptr& request) {
  auto answer = self_->make_response_promise<actors::api_result_ptr>();
  const auto number = ++last_number_;
  waiting_.emplace(number, waiting{server, request->id, answer});
  desk_.call(server, request, number, self_->clock().now());
  return answer;
}

hub_calls::forward_promise hub_calls::forward(const std::string& server,
                                              const core::event_ptr& event) {
  auto answer = self_->make_response_promise<core::outcome>();
  const auto number = ++last_number_;
  waiting_.emplace(number, waiting{server, event->id, answer});
  desk_.forward(server, event, number, self_->clock().now());
  return answer;
}

void hub_calls::cancel(const std::string& server, const std::string& id) {
  const auto found = std::ranges::find_if(waiting_, [&](const auto& each) {
    return each.second.id == id && each.second.server == server;
  });
  if (found != waiting_.end())
    desk_.cancel(found->first, self_->clock().now());
}

void hub_calls::abandon(const std::string& server) {
  std::vector<std::uint64_t> numbers;
  for (auto& [number, it] : waiting_)
    if (it.server == server)
      numbers.push_back(number);
  for (const auto number : numbers) {
    // Whatever the desk says of it now, it ends because the node stops.
    give_up(waiting_.extract(number).mapped());
    desk_.cancel(number, self_->clock().now());
  }
}

void hub_calls::give_up(waiting& it) {
  auto how = actors::node_stops(true);
  if (auto* const caller = std::get_if<forward_promise>(&it.caller)) {
    caller->deliver(std::move(how));
    return;
  }
  auto result = std::make_shared<actors::api_result>();
  result->outcome = std::move(how);
  std::get<call_promise>(it.caller).deliver(
      actors::api_result_ptr{std::move(result)});
}

void hub_calls::come(const std::string& peer, std::string_view bytes,
                     clock::time_point now) {
  desk_.come(peer, bytes, now);
  note_runs();
}

void hub_calls::tick() {
  desk_.sweep(self_->clock().now());
  note_runs();
  auto& shown = deps_->report->calls;
  shown.waiting.store(desk_.waiting(), std::memory_order_relaxed);
  shown.away.store(desk_.away(), std::memory_order_relaxed);
  deps_->report->show(desk_.totals());
}

/// At once, as a node that stops waits until there are none.
void hub_calls::note_runs() {
  auto& shown = deps_->report->calls;
  shown.running.store(desk_.running(), std::memory_order_relaxed);
  shown.untold.store(desk_.untold(), std::memory_order_relaxed);
  shown.untold_bytes.store(desk_.unread_bytes(), std::memory_order_relaxed);
}

void hub_calls::send(const std::string& peer, std::string bytes) {
  talk_.send<calls_atom>(peer, std::move(bytes));
}

void hub_calls::flush_soon(const std::string& peer) {
  talk_.flush_soon(peer);
}

bool hub_calls::knows(const std::string& server) {
  return rules_->servers.contains(server);
}

template <class Result>
void hub_calls::note_end(const call_key& key, const Result& what) {
  desk_.ended(key, what);
  note_runs();
}

void hub_calls::run_call(const call_key& key, const std::string& server,
                         const actors::api_request_ptr& request) {
  self_->request(connectors_[server], caf::infinite, request)
      .then(
          [this, key](const actors::api_result_ptr& result) {
            note_end(key, result);
          },
          [this, key](const caf::error& why) {
            note_end(key, connector_lost(why));
          });
}

void hub_calls::run_forward(const call_key& key, const std::string& server,
                            const core::event_ptr& event) {
  event->where = {deps_->depths, core::stage::mfo_connector};
  self_->request(connectors_[server], caf::infinite, event)
      .then([this, key](const core::outcome& how) { note_end(key, how); },
            [this, key](const caf::error& why) {
              note_end(key, connector_lost(why));
            });
}

void hub_calls::cancel_run(const call_key&, const std::string& server,
                           const std::string& id) {
  self_->send(connectors_[server], actors::cancel_atom::value, id);
}

void hub_calls::called(std::uint64_t number,
                       const actors::api_result_ptr& result) {
  if (auto it = waiting_.extract(number))
    std::get<call_promise>(it.mapped().caller).deliver(result);
}

void hub_calls::forwarded(std::uint64_t number, const core::outcome& how) {
  if (auto it = waiting_.extract(number))
    std::get<forward_promise>(it.mapped().caller).deliver(how);
}

void hub_calls::faulty(const std::string& peer, std::string_view why) {
  talk_.faulty(peer, why);
}

} // namespace mfo::cluster
