#include "actors/letter_office.hpp"

#include <utility>

namespace mfo::actors {

namespace {

using std::chrono::milliseconds;

dead_letters::letter_ptr make_letter(const http::undelivered& what,
                                     const std::string& node_name) {
  const auto& [event, why, room, account] = what;
  auto letter = std::make_shared<dead_letters::letter>();
  letter->event_id = event->id;
  letter->type = event->endpoint->event_type;
  letter->endpoint = event->endpoint->id;
  letter->server = event->endpoint->server;
  letter->node = node_name;
  letter->reason = core::describe(*why.error).slug;
  letter->detail = why.detail;
  letter->attempts = why.attempts;
  letter->last_status = why.upstream_status;
  letter->received_at = event->received_unix;
  letter->dead_at = std::chrono::duration_cast<milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  letter->traceparent = event->traceparent;
  letter->body = event->envelope;
  return letter;
}

} // namespace

letter_office::letter_office(std::unique_ptr<dead_letters::writer> writer,
                             std::string node_name,
                             telemetry::observer observer)
  : writer_(std::move(writer)), node_name_(std::move(node_name)),
    observer_(std::move(observer)) {}

void letter_office::take(http::undelivered what) noexcept {
  offer(std::make_shared<http::undelivered>(std::move(what)));
}

void letter_office::offer(item what) {
  auto letter = make_letter(*what, node_name_);
  writer_->submit(std::move(letter),
                  [self = shared_from_this(),
                   what](tl::expected<std::string, std::string> sink) {
                    if (sink)
                      self->written(what, *sink);
                    else
                      self->keep(what, sink.error());
                  });
}

void letter_office::written(const item& what, const std::string& sink) {
  what->room = {};
  what->account.dead_lettered(*what->why.error);
  observer_.log->warn("event dead-lettered",
                      {{"event_id", what->event->id},
                       {"endpoint", what->event->endpoint->id},
                       {"server", what->event->endpoint->server},
                       {"sink", sink},
                       {"reason", core::describe(*what->why.error).slug},
                       {"attempts", what->why.attempts},
                       {"upstream_status", what->why.upstream_status},
                       {"detail", what->why.detail}});
}

void letter_office::keep(item what, const std::string& error) {
  const std::lock_guard lock{mutex_};
  observer_.log->error(stopped_ ? "event lost" : "no sink takes a dead letter",
                       {{"event_id", what->event->id},
                        {"endpoint", what->event->endpoint->id},
                        {"detail", error}});
  if (!stopped_)
    kept_.push_back(std::move(what));
}

void letter_office::offer_again() {
  std::vector<item> kept;
  {
    const std::lock_guard lock{mutex_};
    kept.swap(kept_);
  }
  for (auto& each : kept)
    offer(std::move(each));
}

void letter_office::stop(milliseconds longest) {
  offer_again();
  {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
  }
  writer_->stop(longest);
}

std::size_t letter_office::waiting() const {
  const std::lock_guard lock{mutex_};
  return kept_.size() + writer_->queued();
}

} // namespace mfo::actors
