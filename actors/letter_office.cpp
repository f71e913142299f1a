#include "actors/letter_office.hpp"

#include <algorithm>
#include <utility>

namespace mfo::actors {

namespace {

using std::chrono::milliseconds;

/// A write that began in time may be answered so much later.
constexpr milliseconds late_answer{500};

dead_letters::letter_ptr make_letter(const http::undelivered& what,
                                     const std::string& node_name) {
  const auto& event = what.event;
  const auto& why = what.why;
  auto letter = std::make_shared<dead_letters::letter>();
  letter->event_id = event->id;
  letter->type = event->type();
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
  letter->tracestate = event->tracestate;
  letter->body = event->envelope;
  return letter;
}

} // namespace

letter_office::letter_office(std::unique_ptr<dead_letters::writer> writer,
                             std::string node_name,
                             telemetry::observer observer,
                             std::function<clock::time_point()> now)
  : desk_(std::make_shared<letter_desk>(std::move(observer))),
    writer_(std::move(writer)), node_name_(std::move(node_name)),
    now_(std::move(now)) {}

letter_office::~letter_office() {
  stop(milliseconds{0});
}

void letter_office::take(http::undelivered what) noexcept {
  offer(std::make_shared<http::undelivered>(std::move(what)));
}

void letter_office::offer(letter_desk::item what) {
  auto letter = make_letter(*what, node_name_);
  desk_->offered(what);
  writer_->submit(std::move(letter),
                  [desk = desk_, what = std::move(what)](
                      const tl::expected<std::string, std::string>& sink) {
                    if (sink)
                      desk->written(what, *sink);
                    else
                      desk->refused(what, sink.error());
                  });
}

void letter_office::offer_again() {
  desk_->sum_up(now_());
  for (auto& each : desk_->take_kept())
    offer(std::move(each));
}

void letter_office::stop(milliseconds longest) {
  const auto end = clock::now() + longest;
  begin_stop(end);
  give_up(end);
  writer_->stop(milliseconds{0});
}

void letter_office::begin_stop(clock::time_point end) {
  offer_again();
  writer_->begin_stop(std::max(
      std::chrono::ceil<milliseconds>(end - clock::now()), milliseconds{0}));
}

void letter_office::give_up(clock::time_point end) {
  desk_->wait_for_answers(end + late_answer);
  desk_->close();
}

std::size_t letter_office::waiting() const {
  return desk_->waiting();
}

} // namespace mfo::actors
