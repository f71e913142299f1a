#include "devserver/control.hpp"

#include "core/rfc3339.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace mfo::devserver {

namespace {

using std::chrono::milliseconds;

/// A reply goes out in pieces of about this size.
constexpr std::size_t piece_bytes = 64 * 1024;

std::string timestamp(const recorded_event& event) {
  return core::to_rfc3339(std::chrono::duration_cast<milliseconds>(
      event.received_at.time_since_epoch()));
}

std::string headers_of(const recorded_event& event) {
  std::string text;
  for (const auto& [name, value] : event.headers.joined()) {
    text.append(text.empty() ? "" : ",");
    text.append(json_text(name)).append(":").append(json_text(value));
  }
  return text;
}

void render_event(std::string& out, const recorded_event& event) {
  fmt::format_to(std::back_inserter(out),
                 R"({{"received_at":"{}","headers":{{{}}},"body":)",
                 timestamp(event), headers_of(event));
  out.append(event.body).append("}");
}

void render_rejected(std::string& out, const recorded_event& event) {
  fmt::format_to(
      std::back_inserter(out),
      R"({{"received_at":"{}","headers":{{{}}},"id":{},"status":{}}})",
      timestamp(event), headers_of(event), json_text(event.id), event.status);
}

void render_id(std::string& out, const recorded_event& event) {
  out.append(json_text(event.id));
}

/// Goes through the log as the reply is written, so that no more than a piece
/// is held twice. Ends where the log ended at first.
class array_of_events {
public:
  using render = void (*)(std::string&, const recorded_event&);

  array_of_events(const event_log& log, std::uint64_t since,
                  std::uint64_t limit, render one)
    : log_(log), next_(since), end_(log.end()), left_(limit), render_(one) {}

  std::string operator()() {
    std::string piece = begun_ ? "" : "[";
    begun_ = true;
    while (!ended_ && piece.size() < piece_bytes)
      add_one(piece);
    return piece;
  }

private:
  void add_one(std::string& piece) {
    const auto page = left_ > 0 ? log_.read(next_, 1, end_) : event_log::page{};
    if (page.events.empty()) {
      ended_ = true;
      piece.append("]");
      return;
    }
    piece.append(first_ ? "\n" : ",\n");
    first_ = false;
    render_(piece, *page.events.front());
    next_ = page.next;
    --left_;
  }

  const event_log& log_;
  std::uint64_t next_;
  std::uint64_t end_;
  std::uint64_t left_;
  render render_;
  bool begun_ = false;
  bool first_ = true;
  bool ended_ = false;
};

reply list(const request& req, const event_log& log,
           array_of_events::render one) {
  constexpr auto all = std::numeric_limits<std::uint64_t>::max();
  const auto since = req.query_number("since", 0);
  const auto limit = req.query_number("limit", all);
  if (!since || !limit)
    return error_reply(400, "since and limit are whole numbers");
  return {.pieces = array_of_events(log, *since, *limit, one)};
}

reply count(const event_log& log) {
  const auto counts = log.count();
  return json_reply(200, {{"count", counts.held}, {"dropped", counts.dropped}});
}

reply count(const callback_sender& callbacks) {
  const auto counts = callbacks.count();
  return json_reply(200, {{"sent", counts.sent},
                          {"failed", counts.failed},
                          {"dropped", counts.dropped},
                          {"waiting", counts.waiting}});
}

} // namespace

reply control::clear_events() {
  rejected_.clear();
  return json_reply(200, {{"cleared", recorded_.clear()}});
}

reply control::set_faults(const request& req) {
  auto faults = parse_faults(req.body);
  if (!faults)
    return error_reply(400, faults.error());
  faults_.replace(std::move(*faults));
  return show_faults();
}

reply control::show_faults() const {
  return json_reply(200, {{"faults", faults_.show()}});
}

reply control::answer(const request& req) {
  const auto path = req.path();
  const bool get = req.method == "GET";
  const bool remove = req.method == "DELETE";
  if (path == "/__control/events" && get)
    return list(req, recorded_, render_event);
  if (path == "/__control/events" && remove)
    return clear_events();
  if (path == "/__control/events/count" && get)
    return count(recorded_);
  if (path == "/__control/ids" && get)
    return list(req, recorded_, render_id);
  if (path == "/__control/rejected" && get)
    return list(req, rejected_, render_rejected);
  if (path == "/__control/callbacks" && get)
    return count(callbacks_);
  if (path == "/__control/subscriptions" && get)
    return {.body = contract_.subscriptions()};
  if (path == "/__control/faults" && req.method == "POST")
    return set_faults(req);
  if (path == "/__control/faults" && remove)
    faults_.replace({});
  if (path == "/__control/faults" && (get || remove))
    return show_faults();
  return error_reply(404, fmt::format("no control {} {}", req.method, path));
}

} // namespace mfo::devserver
