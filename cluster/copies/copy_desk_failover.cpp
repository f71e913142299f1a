#include "cluster/copies/copy_desk.hpp"

#include "cluster/copies/ticket.hpp"

#include <algorithm>
#include <limits>

namespace mfo::cluster {

namespace {

/// When nobody is newly gone: some wait for another holder to run an event.
constexpr std::chrono::milliseconds due_every{1'000};

/// A peer may have said anything.
constexpr std::chrono::milliseconds longest_age{std::chrono::hours{24 * 366}};

} // namespace

void copy_desk::take_over(clock::time_point now) {
  if (store_.size() == 0 || (!due_soon_ && now < due_at_))
    return;
  const life_of view = [this](const std::string& name) {
    return name == self_.name ? self_.incarnation : watch_.incarnation_of(name);
  };
  const auto mine = store_.due(view, settings_.taken_over_at_once, now);
  due_soon_ = mine.size() == settings_.taken_over_at_once;
  due_at_ = now + due_every;
  for (const auto& each : mine)
    run(each, now);
}

void copy_desk::run(const replica_store::take_over& mine,
                    clock::time_point now) {
  using std::chrono::milliseconds;
  const auto kept =
      std::static_pointer_cast<const kept_event>(mine.event.content);
  auto what = unpack_copied_event(kept->bytes).value(); // it was when it came
  const auto here = std::chrono::duration_cast<milliseconds>(now - kept->since);
  what.age = std::min(what.age, longest_age) + here;
  what.time_left = std::max(what.time_left - here, milliseconds::zero());
  const std::string id{what.id};
  const auto event = host_.revive(what);
  if (!event) {
    // Let go without a word: another holder may be able to run it.
    static_cast<void>(store_.concluded(mine.origin, mine.event.id));
    ++counts_.cannot_run;
    return host_.cannot_run(mine.origin, id);
  }
  ++counts_.taken_over;
  counts_.impatient += mine.impatient ? 1 : 0;
  auto& tickets = running_[{mine.origin, id}];
  tickets.push_back(ticket_of(mine.event.id));
  if (tickets.size() == 1)
    host_.take_over(mine.origin, event);
}

void copy_desk::concluded(const node_life& origin, const std::string& id) {
  const auto ended = running_.extract({origin, id});
  if (!ended)
    return;
  for (const auto ticket : ended.mapped())
    for (const auto& copy : store_.concluded(origin, key_of(ticket)))
      add_note(copy.holder,
               {.what = {.origin = origin, .ticket = ticket}, .ended = true});
}

void copy_desk::tell_running(clock::time_point now) {
  if (now < tell_running_at_)
    return;
  tell_running_at_ = now + settings_.running_every;
  for (auto& copy : store_.running(settings_.max_notes))
    if (lines_.contains(copy.holder))
      add_note(copy.holder, {.what = {.origin = std::move(copy.origin),
                                      .ticket = ticket_of(copy.id)}});
}

/// That an event has ended waits for a link to the holder, if that lives.
void copy_desk::add_note(const std::string& holder, note what) {
  if (!watch_.incarnation_of(holder))
    return;
  auto& waiting = notes_[holder];
  if (waiting.size() >= settings_.max_notes) {
    waiting.pop_front();
    ++counts_.notes_dropped;
  }
  waiting.push_back(std::move(what));
  if (const auto to = lines_.find(holder); to != lines_.end())
    note_news(to->second);
}

} // namespace mfo::cluster
