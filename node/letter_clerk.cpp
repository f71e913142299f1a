#include "node/letter_clerk.hpp"

#include "core/rfc3339.hpp"
#include "dead_letters/factory.hpp"
#include "http/admin/problem.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace mfo::node {

namespace {

using clock = std::chrono::steady_clock;
using config::dead_letter_sink;
using config::dead_letter_sink_settings;
using dead_letters::letter;
using dead_letters::reader;
using nlohmann::json;

/// A sink that hangs holds up whoever waits, and the node's stop.
constexpr std::chrono::milliseconds longest_read{2'000};

std::string_view word_of(dead_letter_sink type) {
  switch (type) {
  case dead_letter_sink::file:
    return "file";
  case dead_letter_sink::redis:
    return "redis";
  case dead_letter_sink::amqp:
    return "amqp";
  case dead_letter_sink::http:
    break;
  }
  return "http";
}

json letter_json(const std::string& sink, const letter& value) {
  json shown{{"sink", sink},
             {"event_id", value.event_id},
             {"endpoint", value.endpoint},
             {"server", value.server},
             {"type", value.type},
             {"reason", value.reason},
             {"detail", value.detail},
             {"attempts", value.attempts},
             {"dead_at", core::to_rfc3339(value.dead_at)},
             {"size", value.body.size()}};
  if (value.last_status > 0)
    shown["last_status"] = value.last_status;
  return shown;
}

json sink_json(const dead_letter_sink_settings& sink,
               const std::vector<dead_letters::sink_state>& states) {
  const auto state =
      std::ranges::find(states, sink.name, &dead_letters::sink_state::name);
  return {{"name", sink.name},
          {"type", word_of(sink.type)},
          {"up", state == states.end() || state->up},
          {"readable", dead_letters::is_readable(sink)}};
}

tl::expected<std::unique_ptr<reader>, std::string>
open_reader(dead_letter_sink_settings sink) {
  sink.timeout = std::min(sink.timeout, longest_read);
  return dead_letters::make_reader(sink);
}

/// Shows those letters of another reader whose events are wanted, until it is
/// over.
class choosy_reader final : public reader {
public:
  choosy_reader(reader& all, const std::set<std::string>& wanted,
                const std::function<bool()>& is_over)
    : all_(all), wanted_(wanted), is_over_(is_over) {}

  tl::expected<dead_letters::walk_report, std::string>
  for_each(const visitor& visit) override {
    return all_.for_each([&](const std::string& handle, const letter& value) {
      if (is_over_())
        return next::stop;
      return wanted_.contains(value.event_id) ? visit(handle, value)
                                              : next::letter;
    });
  }

  dead_letters::done mark_replayed(const std::string& handle) override {
    return all_.mark_replayed(handle);
  }

  dead_letters::done purge(std::span<const std::string> handles) override {
    return all_.purge(handles);
  }

  dead_letters::done tidy() override {
    return all_.tidy();
  }

private:
  reader& all_;
  const std::set<std::string>& wanted_;
  const std::function<bool()>& is_over_;
};

/// What has become of each event.
class replay_result {
public:
  void note(const std::string& event, const dead_letters::done& result) {
    auto& why = events_[event];
    if (!result)
      why = result.error();
  }

  /// What stands for events of which there was no letter.
  void note_problem(const std::string& sink, const std::string& why) {
    problems_.append(problems_.empty() ? "" : "; ")
        .append("sink ")
        .append(sink)
        .append(": ")
        .append(why);
  }

  [[nodiscard]] std::string text(const std::vector<std::string>& ids,
                                 bool out_of_time) const {
    auto replayed = json::array();
    auto failed = json::array();
    const auto fail = [&failed](const std::string& id, const std::string& why) {
      failed.push_back({{"event_id", id}, {"detail", why}});
    };
    for (const auto& id : ids) {
      const auto at = events_.find(id);
      if (at == events_.end())
        fail(id, !problems_.empty() ? problems_
                 : out_of_time      ? "the time was over before its turn"
                                    : "there is no letter of this event");
      else if (at->second)
        fail(id, *at->second);
      else
        replayed.push_back(id);
    }
    return http::json_text(
        {{"replayed", std::move(replayed)}, {"failed", std::move(failed)}});
  }

private:
  /// Nothing: it was delivered.
  std::map<std::string, std::optional<std::string>> events_;
  std::string problems_;
};

} // namespace

letter_clerk::letter_clerk(deps given) : deps_(std::move(given)) {}

letter_clerk::~letter_clerk() {
  stop();
}

void letter_clerk::list(std::size_t limit, done_function done) {
  begin([this, limit] { return list_now(limit); }, std::move(done));
}

void letter_clerk::replay(std::vector<std::string> event_ids,
                          done_function done) {
  begin([this, ids = std::move(event_ids)] { return replay_now(ids); },
        std::move(done));
}

void letter_clerk::begin(job what, done_function done) {
  std::unique_lock lock{mutex_};
  if (busy_ || stopping_) {
    lock.unlock();
    return done(tl::unexpected{std::string{
        stopping_ ? "The node stops."
                  : "The dead letters are being read or delivered already."}});
  }
  // Of the job before, which has ended but for a call of its `done`.
  if (thread_.joinable())
    thread_.join();
  busy_ = true;
  thread_ = std::thread{[this, what = std::move(what), done = std::move(done)] {
    auto result = what();
    {
      const std::lock_guard ended{mutex_};
      busy_ = false;
    }
    done(std::move(result));
  }};
}

void letter_clerk::begin_stop() {
  const std::lock_guard lock{mutex_};
  stopping_ = true;
  if (abandon_)
    abandon_();
}

void letter_clerk::stop() {
  begin_stop();
  std::unique_lock lock{mutex_};
  auto last = std::exchange(thread_, {});
  lock.unlock();
  if (last.joinable())
    last.join();
}

std::string letter_clerk::list_now(std::size_t limit) const {
  const auto end = clock::now() + deps_.list_time;
  const auto now = deps_.look();
  auto sinks = json::array();
  auto letters = json::array();
  bool more = false;
  for (const auto& each : now.settings.sinks) {
    auto& sink = sinks.emplace_back(sink_json(each, now.states));
    if (!dead_letters::is_readable(each))
      continue;
    const auto visit = [&](const std::string&, const letter& value) {
      more = letters.size() >= limit || stopping_ || clock::now() >= end;
      if (more)
        return reader::next::stop;
      letters.push_back(letter_json(each.name, value));
      return reader::next::letter;
    };
    auto walked = tl::expected<void, std::string>{};
    if (auto from = open_reader(each); !from)
      walked = tl::unexpected{from.error()};
    else if (!more)
      walked = (*from)->for_each(visit).map([](const auto&) {});
    if (!walked)
      sink["error"] = walked.error();
  }
  return http::json_text({{"sinks", std::move(sinks)},
                          {"dead_letters", std::move(letters)},
                          {"more", more}});
}

std::string letter_clerk::replay_now(const std::vector<std::string>& ids) {
  const auto end = clock::now() + deps_.replay_time;
  const auto now = deps_.look();
  const auto to = deps_.connect();
  {
    const std::lock_guard lock{mutex_};
    abandon_ = to.abandon;
  }
  const std::set<std::string> wanted{ids.begin(), ids.end()};
  replay_result result;
  const std::function<bool()> is_over = [&] {
    return stopping_ || clock::now() >= end;
  };
  dead_letters::replay_tools tools;
  tools.deliver = to.deliver;
  tools.is_stopped = is_over;
  tools.progress = [&](const auto&, const letter& value,
                       const dead_letters::done& done) {
    result.note(value.event_id, done);
  };
  for (const auto& each : now.settings.sinks) {
    if (!dead_letters::is_readable(each) || is_over())
      continue;
    auto from = open_reader(each);
    if (!from) {
      result.note_problem(each.name, from.error());
      continue;
    }
    choosy_reader chosen{**from, wanted, is_over};
    if (const auto done = dead_letters::replay(chosen, {}, tools); !done)
      result.note_problem(each.name, done.error());
  }
  {
    const std::lock_guard lock{mutex_};
    abandon_ = {};
  }
  return result.text(ids, is_over());
}

} // namespace mfo::node
