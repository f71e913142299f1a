#include "http/recorder.hpp"

#include <algorithm>
#include <exception>

namespace mfo::http {

namespace {

class watched_responder final : public responder {
public:
  watched_responder(std::unique_ptr<responder> sender, recording_slip_ptr slip)
    : sender_(std::move(sender)), slip_(std::move(slip)) {}

  void send(answer value) noexcept override {
    slip_->answered(value.status);
    sender_->send(std::move(value));
  }

  [[nodiscard]] bool waits_for_the_end() const noexcept override {
    return sender_->waits_for_the_end();
  }

private:
  std::unique_ptr<responder> sender_;
  recording_slip_ptr slip_;
};

/// The verifier may not have been asked where the node itself was at fault.
bool is_genuine(const core::event& event, const core::outcome& result,
                bool acknowledged) {
  if (acknowledged || result.delivered())
    return true;
  if (*result.error == core::errc::stage_unavailable ||
      *result.error == core::errc::internal_error)
    return event.where.came_to(core::stage::router).has_value();
  return core::was_proven(*result.error);
}

telemetry::event_state state_of(const core::outcome& result,
                                bool acknowledged) {
  if (result.delivered())
    return telemetry::event_state::delivered;
  return acknowledged ? telemetry::event_state::dead_lettered
                      : telemetry::event_state::refused;
}

} // namespace

std::size_t recorded_request::size() const noexcept {
  auto bytes = method.size() + path.size() + query.size() + body.size();
  for (const auto& [name, value] : headers)
    bytes += name.size() + value.size();
  return bytes;
}

recording_slip::recording_slip(std::shared_ptr<recorder> to,
                               recorded_request what,
                               std::vector<number> recordings)
  : to_(std::move(to)), recordings_(std::move(recordings)), size_(what.size()),
    what_(std::move(what)) {}

recording_slip::~recording_slip() {
  try {
    to_->close(recordings_, size_, what_, genuine_);
  } catch (const std::exception&) {
    // Out of memory: it is not recorded.
  }
}

void recording_slip::answered(int status) noexcept {
  const std::lock_guard lock{mutex_};
  what_.status = status;
}

void recording_slip::refused(core::errc reason, int status) noexcept {
  const std::lock_guard lock{mutex_};
  what_.status = status;
  what_.reason = reason;
  what_.outcome = telemetry::event_state::refused;
}

void recording_slip::ended(const core::event& event,
                           const core::outcome& result,
                           bool acknowledged) noexcept {
  const std::lock_guard lock{mutex_};
  const auto state = state_of(result, acknowledged);
  if (!std::exchange(has_ended_, true)) {
    what_.outcome = state;
    try {
      what_.type = event.type();
    } catch (const std::exception&) {
      // Out of memory: it has no name.
    }
  } else if (what_.outcome != state) {
    what_.outcome.reset();
  }
  if (!what_.reason)
    what_.reason = result.error;
  what_.upstream_status =
      std::max(what_.upstream_status, result.upstream_status);
  genuine_ = genuine_ || is_genuine(event, result, acknowledged);
}

std::unique_ptr<responder> watched(std::unique_ptr<responder> sender,
                                   recording_slip_ptr slip) {
  return std::make_unique<watched_responder>(std::move(sender),
                                             std::move(slip));
}

std::optional<recorder::number> recorder::begin(order what,
                                                done_function done) {
  const std::lock_guard lock{mutex_};
  if (recordings_.size() >= most)
    return std::nullopt;
  const auto of = next_++;
  recordings_.emplace(
      of, recording{.what = std::move(what), .done = std::move(done)});
  on_.store(true, std::memory_order_relaxed);
  return of;
}

std::function<void()>
recorder::take_out(std::map<number, recording>::iterator at) {
  auto& ended = at->second;
  ended.got.unfinished = ended.pending;
  auto tell = [done = std::move(ended.done),
               got = std::make_shared<result>(std::move(ended.got))] {
    done(std::move(*got));
  };
  recordings_.erase(at);
  on_.store(!recordings_.empty(), std::memory_order_relaxed);
  return tell;
}

void recorder::end(number which) {
  std::function<void()> tell;
  {
    const std::lock_guard lock{mutex_};
    if (const auto at = recordings_.find(which); at != recordings_.end())
      tell = take_out(at);
  }
  if (tell)
    tell();
}

void recorder::end_all() {
  std::vector<std::function<void()>> all;
  {
    const std::lock_guard lock{mutex_};
    while (!recordings_.empty())
      all.push_back(take_out(recordings_.begin()));
  }
  for (const auto& tell : all)
    tell();
}

bool recorder::wants(std::string_view endpoint) const {
  const std::lock_guard lock{mutex_};
  return std::ranges::any_of(recordings_, [&](const auto& each) {
    return each.second.what.endpoint == endpoint;
  });
}

recording_slip_ptr recorder::open(recorded_request what) {
  const auto size = what.size();
  std::vector<number> wanted;
  {
    const std::lock_guard lock{mutex_};
    for (auto& [of, each] : recordings_) {
      if (each.what.endpoint != what.endpoint->id)
        continue;
      if (size > each.what.max_bytes - each.bytes) {
        ++each.got.too_large;
        continue;
      }
      const auto room = each.what.count - each.got.requests.size() + spare;
      if (each.pending >= room ||
          size > each.what.max_bytes - each.pending_bytes)
        continue;
      ++each.pending;
      each.pending_bytes += size;
      wanted.push_back(of);
    }
  }
  if (wanted.empty())
    return nullptr;
  return std::make_shared<recording_slip>(shared_from_this(), std::move(what),
                                          std::move(wanted));
}

void recorder::close(const std::vector<number>& recordings, std::size_t size,
                     const recorded_request& what, bool genuine) {
  std::vector<std::function<void()>> ended;
  {
    const std::lock_guard lock{mutex_};
    for (const auto of : recordings) {
      const auto at = recordings_.find(of);
      if (at == recordings_.end())
        continue;
      auto& its = at->second;
      --its.pending;
      its.pending_bytes -= size;
      if (!genuine && !its.what.all) {
        ++its.got.not_genuine;
      } else if (size > its.what.max_bytes - its.bytes) {
        ++its.got.too_large;
      } else {
        its.bytes += size;
        its.got.requests.push_back(what);
        if (its.got.requests.size() >= its.what.count)
          ended.push_back(take_out(at));
      }
    }
  }
  for (const auto& tell : ended)
    tell();
}

} // namespace mfo::http
