#include "tests/cluster/claims/troubled_claims.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;

constexpr auto between_ticks = 15s;
constexpr auto grace = 30s;

} // namespace

tick_record troubled_claims::record_of(const tick_name& which) const {
  return {.trigger = "trigger-" + std::to_string(which.first),
          .tick = 1h + which.second * between_ticks};
}

/// Each node that is up comes to a tick by its own clock.
void troubled_claims::plan_ticks() {
  const int last = (plan_.trouble + calm_lasts) / between_ticks - 1;
  for (std::size_t trigger = 0; trigger < plan_.triggers; ++trigger)
    for (int which = 1; which <= last; ++which) {
      const tick_name name{trigger, which};
      const clock::time_point due{record_of(name).tick};
      for (const auto& each : names_)
        agenda.at(due - skews_[each],
                  [this, each, name] { come_to_tick(each, name); });
      agenda.at(due - plan_.most_skew - 10ms, [this, name] {
        if (is_calm())
          ticks_[name].version = version;
      });
      agenda.at(due + plan_.most_skew + 1s, [this, name] {
        ticks_[name].calm = ticks_[name].version == version;
      });
    }
}

void troubled_claims::come_to_tick(const std::string& name,
                                   const tick_name& which) {
  auto* const node = find(name);
  if (node == nullptr)
    return;
  const auto& may = eligible_[which.first];
  if (std::find(may.begin(), may.end(), name) != may.end())
    ticks_[which].came.emplace_back(node->life, now());
  const auto what = record_of(which);
  if (node->desk.tick(what, may, now(), unix_now() + skews_[name]) ==
      tick_verdict::fire)
    count_fire(what);
  // An owner is often killed just then.
  if (plan_.crashes && now() < troubled_until_ && pick(0, 5) == 0)
    agenda.in(pick_ms(0, 20), [this, name] { go_down(name); });
}

void troubled_claims::on_fire(claim_node&, const tick_record& tick) {
  count_fire(tick);
}

void troubled_claims::count_fire(const tick_record& tick) {
  for (auto& [which, book] : ticks_)
    if (record_of(which) == tick)
      ++book.fires;
}

void troubled_claims::judge_ticks() {
  for (const auto& [which, book] : ticks_) {
    const auto what = tick_id(record_of(which));
    const bool is_due = std::any_of(
        book.came.begin(), book.came.end(), [this](const auto& each) {
          return each.second + grace < ends_ && find(each.first) != nullptr;
        });
    if (is_due) {
      ++sum_.ticks;
      EXPECT_GE(book.fires, 1u) << what;
    }
    if (book.calm) {
      ++sum_.calm_ticks;
      EXPECT_LE(book.fires, 1u) << what;
    }
    sum_.fired_again += book.fires > 1 ? 1 : 0;
  }
}

} // namespace mfo::cluster::test
