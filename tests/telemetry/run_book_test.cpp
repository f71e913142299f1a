#include "telemetry/run_book.hpp"

#include "tests/telemetry/spans.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using kind = task_note::kind;

const clock::time_point begin_of_time{1h};

struct a_book : testing::Test {
  run_entry begin(std::string id, std::string taskflow = "main") {
    return book.begin({.id = std::move(id),
                       .workflow = "intake",
                       .taskflow = std::move(taskflow),
                       .trigger = "gh",
                       .event_id = "event-1"},
                      1'000ms, begin_of_time);
  }

  static void end(run_entry& entry, std::string_view outcome = "Succeeded") {
    entry.ended(outcome, std::nullopt, begin_of_time + 5ms);
  }

  static task_note note(kind what, std::string_view path,
                        microseconds after = 0us) {
    return {.what = what,
            .path = path,
            .type = "set",
            .at = begin_of_time + after,
            .outcome = what == kind::ended ? "Succeeded" : ""};
  }

  std::vector<std::string> ids(const run_book::filter& which = {}) const {
    std::vector<std::string> all;
    for (const auto& each : book.list(which))
      all.push_back(each.of.id);
    return all;
  }

  run_book book{{.keep_runs = 3, .max_tasks = 4}};
};

TEST_F(a_book, tells_of_a_run_under_way) {
  const auto entry = begin("a");
  const auto run = book.find("a");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->of.workflow, "intake");
  EXPECT_EQ(run->of.taskflow, "main");
  EXPECT_EQ(run->of.trigger, "gh");
  EXPECT_EQ(run->of.event_id, "event-1");
  EXPECT_EQ(run->started_unix, 1'000ms);
  EXPECT_FALSE(run->duration);
  EXPECT_EQ(run->outcome, "");
  EXPECT_EQ(book.running(), 1U);
}

TEST_F(a_book, tells_how_a_run_ended) {
  auto entry = begin("a");
  entry.ended("Failed", run_problem{"raised", "no stock", "check"},
              begin_of_time + 1'500us);
  const auto run = book.find("a");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->duration, 1'500us);
  EXPECT_EQ(run->outcome, "Failed");
  ASSERT_TRUE(run->problem);
  EXPECT_EQ(run->problem->code, "raised");
  EXPECT_EQ(run->problem->message, "no stock");
  EXPECT_EQ(run->problem->task, "check");
  EXPECT_EQ(book.running(), 0U);
}

TEST_F(a_book, tells_of_each_task) {
  auto entry = begin("a");
  entry.note(note(kind::began, "first", 10us));
  entry.note(note(kind::began, "second", 20us));
  auto again = note(kind::tried_again, "second", 25us);
  again.attempts = 2;
  entry.note(again);
  const run_problem problem{"timeout", "took too long", "second"};
  auto last = note(kind::ended, "second", 50us);
  last.attempts = 2;
  last.outcome = "Errored";
  last.problem = &problem;
  entry.note(last);
  const auto tasks = book.find("a")->tasks;
  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_EQ(tasks[0].path, "first");
  EXPECT_EQ(tasks[0].type, "set");
  EXPECT_EQ(tasks[0].began, 10us);
  EXPECT_FALSE(tasks[0].duration);
  EXPECT_EQ(tasks[1].duration, 30us);
  EXPECT_EQ(tasks[1].outcome, "Errored");
  EXPECT_EQ(tasks[1].attempts, 2U);
  ASSERT_TRUE(tasks[1].problem);
  EXPECT_EQ(tasks[1].problem->code, "timeout");
}

TEST_F(a_book, tells_of_tasks_that_never_began) {
  auto entry = begin("a");
  auto skipped = note(kind::ended, "first", 10us);
  skipped.attempts = 0;
  skipped.outcome = "Skipped";
  entry.note(skipped);
  const auto run = book.find("a");
  ASSERT_EQ(run->tasks.size(), 1U);
  EXPECT_EQ(run->tasks[0].outcome, "Skipped");
  EXPECT_EQ(run->tasks[0].attempts, 0U);
  EXPECT_EQ(run->tasks[0].duration, 0us);
  EXPECT_EQ(run->tasks_total, 1U);
}

TEST_F(a_book, keeps_the_first_tasks_and_counts_the_others) {
  auto entry = begin("a");
  for (const auto* path : {"1", "2", "3", "4", "5", "6"}) {
    entry.note(note(kind::began, path));
    entry.note(note(kind::ended, path));
  }
  auto skipped = note(kind::ended, "7");
  skipped.attempts = 0;
  entry.note(skipped);
  const auto run = book.find("a");
  EXPECT_EQ(run->tasks.size(), 4U);
  EXPECT_EQ(run->tasks.back().path, "4");
  EXPECT_EQ(run->tasks_total, 7U);
}

TEST_F(a_book, lists_the_newest_first) {
  auto a = begin("a");
  auto b = begin("b");
  auto c = begin("c");
  end(b);
  end(a);
  EXPECT_THAT(ids(), ElementsAre("c", "b", "a"));
  EXPECT_THAT(ids({.limit = 2}), ElementsAre("c", "b"));
  EXPECT_THAT(book.list({}).front().tasks, IsEmpty());
}

TEST_F(a_book, lists_what_is_asked_for) {
  auto a = begin("a");
  auto b = begin("b", "other");
  auto c = begin("c");
  end(a, "Failed");
  end(b);
  using state = run_book::filter::state;
  EXPECT_THAT(ids({.is = state::running}), ElementsAre("c"));
  EXPECT_THAT(ids({.is = state::ended}), ElementsAre("b", "a"));
  EXPECT_THAT(ids({.taskflow = "other"}), ElementsAre("b"));
  EXPECT_THAT(ids({.outcome = "Failed"}), ElementsAre("a"));
  EXPECT_THAT(ids({.workflow = "another"}), IsEmpty());
  EXPECT_THAT(ids({.taskflow = "main", .outcome = "Failed"}), ElementsAre("a"));
}

TEST_F(a_book, forgets_the_oldest_of_those_that_ended) {
  const auto kept = begin("under way");
  for (const auto* id : {"a", "b", "c", "d", "e"}) {
    auto entry = begin(id);
    end(entry);
  }
  EXPECT_THAT(ids(), ElementsAre("e", "d", "c", "under way"));
  EXPECT_FALSE(book.find("a"));
}

TEST_F(a_book, can_keep_none_that_ended) {
  book = run_book{{.keep_runs = 0}};
  auto entry = begin("a");
  end(entry);
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(a_book, bounds_the_bytes_of_those_that_ended) {
  book = run_book{{.keep_runs = 1'000, .max_bytes = 10'000}};
  for (int i = 0; i < 100; ++i) {
    auto entry = begin(std::to_string(i));
    entry.note(note(kind::began, std::string(256, 'x')));
    end(entry);
  }
  const auto kept = ids();
  EXPECT_GT(kept.size(), 5U);
  EXPECT_LT(kept.size(), 20U);
  EXPECT_EQ(kept.front(), "99");
}

TEST_F(a_book, bounds_the_bytes_of_those_under_way) {
  book = run_book{{.max_bytes = 10'000}};
  auto entry = begin("a");
  for (int i = 0; i < 1'000; ++i)
    entry.note(note(kind::began, std::to_string(i)));
  const auto run = book.find("a");
  EXPECT_EQ(run->tasks_total, 1'000U);
  EXPECT_GT(run->tasks.size(), 10U);
  EXPECT_LT(run->tasks.size(), 100U);
  end(entry);
  auto next = begin("b");
  next.note(note(kind::began, "1"));
  EXPECT_EQ(book.find("b")->tasks.size(), 1U) << "the room is given back";
}

TEST_F(a_book, cuts_texts_between_two_characters) {
  std::string message(1'023, 'x');
  message += "\xC3\xA4"; // ä
  auto entry = begin(std::string(300, 'i'));
  entry.ended("Errored", run_problem{std::string(100, 'c'), message, ""},
              begin_of_time);
  const auto run = book.find(std::string(256, 'i'));
  ASSERT_TRUE(run);
  EXPECT_EQ(run->problem->code.size(), 64U);
  EXPECT_EQ(run->problem->message, std::string(1'023, 'x'));
}

TEST_F(a_book, knows_tasks_by_their_whole_path) {
  const std::string common(300, 'p');
  auto entry = begin("a");
  entry.note(note(kind::began, common + "1"));
  entry.note(note(kind::began, common + "2"));
  entry.note(note(kind::ended, common + "2"));
  const auto tasks = book.find("a")->tasks;
  EXPECT_FALSE(tasks[0].duration);
  EXPECT_TRUE(tasks[1].duration);
}

TEST_F(a_book, has_a_run_end_that_nobody_runs_any_more) {
  {
    auto entry = begin("a");
    const auto moved = std::move(entry);
    EXPECT_FALSE(book.find("a")->duration);
  }
  const auto run = book.find("a");
  EXPECT_EQ(run->outcome, "Errored");
  EXPECT_EQ(run->problem->code, "abandoned");
}

TEST_F(a_book, writes_nothing_after_the_end) {
  auto entry = begin("a");
  end(entry);
  entry.note(note(kind::began, "late"));
  entry.ended("Failed", std::nullopt, begin_of_time + 1h);
  const auto run = book.find("a");
  EXPECT_EQ(run->outcome, "Succeeded");
  EXPECT_EQ(run->tasks_total, 0U);
  run_entry nothing;
  nothing.note(note(kind::began, "x"));
}

TEST_F(a_book, may_go_before_its_entries) {
  auto entry = begin("a");
  book = run_book{};
  entry.note(note(kind::began, "first"));
  end(entry);
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(a_book, is_read_while_it_is_written) {
  std::thread writer{[this] {
    for (int i = 0; i < 200; ++i) {
      auto entry = begin(std::to_string(i));
      entry.note(note(kind::began, "first"));
      entry.note(note(kind::ended, "first"));
      end(entry);
    }
  }};
  for (int i = 0; i < 200; ++i)
    for (const auto& each : book.list({})) {
      const auto run = book.find(each.of.id);
      EXPECT_TRUE(!run || run->tasks.size() <= 1);
    }
  writer.join();
  EXPECT_THAT(ids(), ElementsAre("199", "198", "197"));
}

TEST(a_traced_book, tells_of_runs_whose_trace_is_sampled) {
  const auto spans = std::make_shared<test::span_list>();
  run_book book{run_book::bounds{}, spans};
  const auto run = [&](const std::string& trace) {
    auto entry = book.begin({.id = "a",
                             .workflow = "intake",
                             .taskflow = "main",
                             .trigger = "gh",
                             .event_id = "event-1",
                             .traceparent = trace},
                            1'000ms, begin_of_time);
    entry.note({.what = kind::began,
                .path = "check",
                .type = "set",
                .at = begin_of_time + 1ms});
    entry.ended("Succeeded", std::nullopt, begin_of_time + 5ms);
  };
  run(test::other_trace);
  EXPECT_THAT(spans->spans, IsEmpty());
  run(test::sampled_trace);
  EXPECT_THAT(test::names(spans->spans),
              ElementsAre("run intake/main", "task set"));
}

TEST_F(a_book, tells_of_runs_that_changed_since_it_was_asked_last) {
  auto a = begin("a");
  auto b = begin("b");
  auto news = book.changed_after(0, 10);
  ASSERT_EQ(news.runs.size(), 2u);
  EXPECT_EQ(news.runs[0].of.id, "b");
  EXPECT_THAT(book.changed_after(news.mark, 10).runs, IsEmpty());
  a.note(note(kind::began, "t"));
  news = book.changed_after(news.mark, 10);
  ASSERT_EQ(news.runs.size(), 1u);
  EXPECT_EQ(news.runs[0].of.id, "a");
  EXPECT_EQ(news.runs[0].tasks.size(), 1u);
  end(b);
  news = book.changed_after(news.mark, 10);
  ASSERT_EQ(news.runs.size(), 1u);
  EXPECT_EQ(news.runs[0].outcome, "Succeeded");
  EXPECT_EQ(news.mark, book.mark());
}

TEST_F(a_book, leaves_out_runs_that_changed_longest_ago) {
  const auto a = begin("a");
  const auto b = begin("b");
  const auto c = begin("c");
  const auto news = book.changed_after(0, 2);
  ASSERT_EQ(news.runs.size(), 2u);
  EXPECT_EQ(news.runs[0].of.id, "c");
  EXPECT_EQ(news.runs[1].of.id, "b");
  EXPECT_EQ(news.left_out, 1u);
}

} // namespace

} // namespace mfo::telemetry
