#include "actors/event_batcher.hpp"

#include "actors/batch_call.hpp"

#include <algorithm>
#include <utility>

namespace mfo::actors {

namespace {

/// Of an array: "[", and after each event "," or "]".
constexpr std::size_t bracket = 1;

} // namespace

event_batcher::event_batcher(
    std::shared_ptr<const config::server_settings> server, batch_host& host)
  : server_(std::move(server)), host_(host) {}

void event_batcher::add(std::unique_ptr<event_call> event) {
  const auto& bounds = server_->batch;
  const auto size = event->body()->size() + 1;
  if (bounds.max_events <= 1 || bracket + size > bounds.max_bytes) {
    host_.make(std::move(event));
    return;
  }
  const kind which{event->patient(), event->lifetime()};
  auto found = open_.find(which);
  if (found != open_.end() && found->second.bytes + size > bounds.max_bytes) {
    send(found);
    found = open_.end();
  }
  if (found == open_.end()) {
    found = open_.try_emplace(which).first;
    found->second.number = ++last_number_;
    found->second.bytes = bracket;
    host_.due_after(bounds.max_wait, last_number_);
  }
  auto& batch = found->second;
  batch.bytes += size;
  batch.events.push_back(std::move(event));
  if (batch.events.size() >= bounds.max_events)
    send(found);
}

void event_batcher::flush() {
  while (!open_.empty())
    send(open_.begin());
}

void event_batcher::due(std::uint64_t number) {
  const auto found = std::ranges::find_if(open_, [number](const auto& each) {
    return each.second.number == number;
  });
  if (found != open_.end())
    send(found);
}

void event_batcher::send(std::map<kind, gathering>::iterator which) {
  auto events = std::move(which->second.events);
  open_.erase(which);
  if (events.size() == 1)
    host_.make(std::move(events.front()));
  else
    host_.make(std::make_unique<batch_call>(
        std::move(events), server_, [this](std::unique_ptr<event_call> event) {
          host_.make(std::move(event));
        }));
}

} // namespace mfo::actors
