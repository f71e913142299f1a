#include "node/handing_office.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace mfo::node {

handing_office::handing_office(std::shared_ptr<http::dead_letter_office> behind,
                               std::shared_ptr<telemetry::log> log)
  : behind_(std::move(behind)), log_(std::move(log)) {}

void handing_office::begin(std::function<void(const core::event_ptr&)> ask) {
  const std::lock_guard lock{mutex_};
  ask_ = std::move(ask);
}

void handing_office::take(http::undelivered what) noexcept {
  if (what.why.error != core::errc::draining)
    return behind_->take(std::move(what));
  const auto event = what.event;
  auto ask = std::function<void(const core::event_ptr&)>{};
  try {
    const std::lock_guard lock{mutex_};
    // Copied first: what has a place must not be let go of again.
    auto whom = ask_;
    if (whom && asked_.try_emplace(event->id, std::move(what)).second)
      ask = std::move(whom);
  } catch (const std::exception&) {
    // Out of memory: `what` is untouched, and the office behind may have room.
  }
  if (!ask)
    return behind_->take(std::move(what));
  try {
    ask(event);
  } catch (const std::exception&) {
    answered(event->id, false);
  }
}

void handing_office::answered(const std::string& id,
                              bool handed_over) noexcept {
  std::unique_lock lock{mutex_};
  auto found = asked_.extract(id);
  lock.unlock();
  if (!found)
    return;
  auto& what = found.mapped();
  if (!handed_over)
    return behind_->take(std::move(what));
  if (what.secured)
    what.secured();
  what.room = {};
  what.account.handed_over();
  what.story.end({.outcome = what.why,
                  .at = std::chrono::steady_clock::now(),
                  .as = telemetry::event_state::handed_over});
  log_->info("event handed over",
             {{"event_id", id}, {"endpoint", what.event->endpoint->id}});
}

void handing_office::stop() noexcept {
  std::unique_lock lock{mutex_};
  ask_ = nullptr;
  auto left = std::exchange(asked_, {});
  lock.unlock();
  for (auto& [id, what] : left)
    behind_->take(std::move(what));
}

} // namespace mfo::node
