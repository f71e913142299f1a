#include "telemetry/spans_of.hpp"

#include "telemetry/bounded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace mfo::telemetry {

namespace {

using std::chrono::microseconds;

constexpr std::size_t kept_of_a_name = 256;

std::string_view slug_of(core::errc reason) noexcept {
  return core::describe(reason).slug;
}

/// What the sender was told, as far as the event says.
int status_of(const event_record& record) noexcept {
  constexpr int accepted = 202;
  if (record.acknowledged || record.state != event_state::refused ||
      !record.reason)
    return accepted;
  return core::describe(*record.reason).status;
}

/// What a sender did wrong is no error of the span in which it was told so
/// (OpenTelemetry, "Semantic conventions for HTTP spans", Status).
bool is_senders_fault(const event_record& record) noexcept {
  constexpr int family = 100;
  return status_of(record) / family == 4;
}

/// Makes the spans of one event.
class event_spans {
public:
  event_spans(const core::event& event, const event_record& record,
              span::unix_time ended)
    : event_(event), record_(record), ended_unix_(ended),
      place_(core::parse_traceparent(event.traceparent)
                 .value_or(core::trace_context{})),
      came_(event.given_at ? between(event.received_at, *event.given_at)
                           : microseconds{0}),
      ended_(record.ended.value_or(came_)) {}

  [[nodiscard]] std::vector<span> all(std::string_view node) const {
    std::vector<span> spans{whole(node)};
    const auto until = [this](const event_record::offset& next) {
      return std::min(next.value_or(ended_), ended_);
    };
    // A peer gives what is verified.
    if (!event_.given_at)
      spans.push_back(part("verify", came_, until(record_.verified),
                           record_.verified.has_value()));
    const auto ready = event_.given_at ? came_ : record_.verified;
    const auto decided = routed();
    if (ready && (decided || record_.stage == core::stage::router))
      spans.push_back(part("route", *ready, until(decided),
                           decided.has_value() || !record_.reason));
    return spans;
  }

private:
  /// When it was decided what is done with it, be it by another node.
  [[nodiscard]] event_record::offset routed() const {
    if (record_.routed || record_.visits.empty())
      return record_.routed;
    return record_.visits.front().at;
  }

  [[nodiscard]] microseconds at(microseconds offset) const noexcept {
    return ended_unix_ - (ended_ - offset);
  }

  [[nodiscard]] span whole(std::string_view node) const {
    span made{.place = place_,
              .parent = event_.parent_span,
              .tracestate = event_.tracestate,
              .name = event_.given_at ? fmt::format("run on {}", node)
                                      : "receive " + record_.endpoint,
              .kind = record_.source && !event_.given_at ? span_kind::server
                                                         : span_kind::internal,
              .start = at(came_),
              .end = at(std::max(ended_, came_))};
    auto& all = made.attributes;
    all.emplace_back("mfo.event.id", record_.id);
    all.emplace_back("mfo.event.type", record_.type);
    all.emplace_back("mfo.event.outcome",
                     std::string{to_string(record_.state)});
    all.emplace_back("mfo.endpoint", record_.endpoint);
    add_request(made);
    add_way(made);
    if (!record_.reason)
      return made;
    all.emplace_back("mfo.event.reason", std::string{slug_of(*record_.reason)});
    if (!went_well(record_) &&
        (made.kind != span_kind::server || !is_senders_fault(record_)))
      fail(made);
    return made;
  }

  /// Of the request that it came with.
  void add_request(span& to) const {
    auto& all = to.attributes;
    if (to.kind != span_kind::server)
      return;
    all.emplace_back("http.request.method", event_.endpoint->method);
    all.emplace_back("http.route", event_.endpoint->path);
    all.emplace_back("url.path", event_.endpoint->path);
    all.emplace_back("http.response.status_code",
                     std::int64_t{status_of(record_)});
    all.emplace_back("client.address", record_.source->to_string());
    all.emplace_back("mfo.payload.size",
                     static_cast<std::int64_t>(record_.size));
  }

  /// Where it went.
  void add_way(span& to) const {
    auto& all = to.attributes;
    if (record_.to && !record_.to->server.empty())
      all.emplace_back("mfo.server", record_.to->server);
    if (record_.attempts > 0)
      all.emplace_back("mfo.attempts", std::int64_t{record_.attempts});
    if (!record_.sink.empty())
      all.emplace_back("mfo.sink", record_.sink);
    if (!record_.visits.empty())
      all.emplace_back("mfo.placed_on", record_.visits.back().node);
    if (record_.acknowledged)
      to.moments.push_back({"acknowledged", at(*record_.acknowledged)});
    for (const auto& each : record_.visits)
      to.moments.push_back({"placed", at(each.at)});
    if (record_.undelivered)
      to.moments.push_back({"undelivered", at(*record_.undelivered)});
  }

  [[nodiscard]] span part(std::string name, microseconds from, microseconds to,
                          bool well) const {
    span made{.place = place_,
              .parent = place_.span,
              .tracestate = event_.tracestate,
              .name = std::move(name),
              .start = at(from),
              .end = at(std::max(from, to))};
    made.place.span = core::child_span(place_.span, made.name);
    if (!well && record_.reason && !went_well(record_))
      fail(made);
    return made;
  }

  /// Requires: there is a reason.
  void fail(span& what) const {
    what.failed = true;
    what.message = slug_of(*record_.reason);
    what.attributes.emplace_back("error.type", what.message);
  }

  const core::event& event_;
  const event_record& record_;
  const span::unix_time ended_unix_;
  const core::trace_context place_;
  const microseconds came_; ///< since it was received
  const microseconds ended_;
};

/// Marks it as failed, unless all went well.
void add_end(span& to, std::string_view outcome,
             const std::optional<run_problem>& problem) {
  to.attributes.emplace_back("mfo.outcome", std::string{outcome});
  if (!problem)
    return;
  to.failed = true;
  to.message = problem->code;
  to.attributes.emplace_back("error.type", problem->code);
}

} // namespace

std::vector<span> spans_of(const core::event& event, const event_record& record,
                           std::string_view node, span::unix_time ended) {
  return event_spans{event, record, ended}.all(node);
}

std::vector<span> spans_of(const run_record& run) {
  const auto event = core::parse_traceparent(run.of.traceparent);
  if (!event)
    return {};
  const microseconds began = run.started_unix;
  const auto took = run.duration.value_or(microseconds{0});
  std::vector<span> spans;
  spans.reserve(run.tasks.size() + 1);
  auto& whole = spans.emplace_back(
      span{.place = *event,
           .parent = event->span,
           .name = fmt::format("run {}/{}", run.of.workflow, run.of.taskflow),
           .start = began,
           .end = began + took});
  whole.place.span = run_span(event->span, run.of.id);
  const auto id = whole.place.span;
  whole.attributes = {{"mfo.run.id", run.of.id},
                      {"mfo.workflow", run.of.workflow},
                      {"mfo.taskflow", run.of.taskflow},
                      {"mfo.event.id", run.of.event_id}};
  if (!run.of.trigger.empty())
    whole.attributes.emplace_back("mfo.trigger", run.of.trigger);
  add_end(whole, run.outcome, run.problem);
  for (const auto& each : run.tasks) {
    if (each.attempts == 0)
      continue; // it never began
    auto& task = spans.emplace_back(
        span{.place = *event,
             .parent = id,
             .name = "task " + each.type,
             .start = began + each.began,
             // What is under way as its run ends, ends with it.
             .end = began + each.began +
                    each.duration.value_or(
                        std::max(took - each.began, microseconds{0}))});
    task.place.span = task_span(id, each.path);
    task.attributes = {{"mfo.run.id", run.of.id}, {"mfo.task.path", each.path}};
    if (each.attempts > 1)
      task.attributes.emplace_back("mfo.attempts", std::int64_t{each.attempts});
    add_end(task, each.outcome, each.problem);
  }
  return spans;
}

std::uint64_t run_span(std::uint64_t event, std::string_view run) {
  return core::child_span(event, cut(run, kept_of_a_name));
}

// As long as the book keeps it.
std::uint64_t task_span(std::uint64_t run, std::string_view path) {
  return core::child_span(run, cut(path, kept_of_a_name));
}

std::string place_of_task(std::string_view traceparent, std::string_view run,
                          std::string_view path) {
  auto place = core::parse_traceparent(traceparent);
  if (!place || !place->sampled)
    return std::string{traceparent};
  place->span = task_span(run_span(place->span, run), path);
  return core::to_traceparent(*place);
}

} // namespace mfo::telemetry
