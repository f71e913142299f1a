#include "dead_letters/writer.hpp"

#include "tests/dead_letters/letters.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <semaphore>

namespace mfo::dead_letters {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A sink that a test tells what to do, and what it did.
struct fake {
  std::mutex mutex;
  bool fails = false;                           ///< guarded by mutex
  std::set<std::string> poison;                 ///< guarded by mutex
  std::vector<std::vector<std::string>> writes; ///< guarded by mutex
  std::size_t probes = 0;                       ///< guarded by mutex
  std::atomic<bool> held = false;
  std::counting_semaphore<> entered{0};
  std::counting_semaphore<> go{0};

  done write(std::span<const letter_ptr> letters) {
    if (held) {
      entered.release();
      go.acquire();
    }
    const std::lock_guard lock{mutex};
    writes.emplace_back();
    bool good = !fails;
    for (const auto& each : letters) {
      writes.back().push_back(each->event_id);
      good = good && !poison.contains(each->event_id);
    }
    return good ? done{} : tl::unexpected(std::string{"it is broken"});
  }

  done probe() {
    const std::lock_guard lock{mutex};
    ++probes;
    return fails ? tl::unexpected(std::string{"it is broken"}) : done{};
  }

  void set_fails(bool value) {
    const std::lock_guard lock{mutex};
    fails = value;
  }

  std::size_t probed() {
    const std::lock_guard lock{mutex};
    return probes;
  }

  std::size_t asked() {
    const std::lock_guard lock{mutex};
    return writes.size();
  }
};

class fake_sink final : public sink {
public:
  explicit fake_sink(std::shared_ptr<fake> to) : to_(std::move(to)) {}

  done write(std::span<const letter_ptr> letters) override {
    return to_->write(letters);
  }

  done probe() override {
    return to_->probe();
  }

private:
  std::shared_ptr<fake> to_;
};

using result = tl::expected<std::string, std::string>;

class writer_test : public testing::Test {
protected:
  std::vector<named_sink> sinks() const {
    std::vector<named_sink> made;
    made.push_back({"first", std::make_unique<fake_sink>(first)});
    made.push_back({"second", std::make_unique<fake_sink>(second)});
    return made;
  }

  writer_options options() {
    writer_options made;
    made.now = [this] {
      return writer_options::clock::time_point{now.load()};
    };
    return made;
  }

  static std::future<result> submit(writer& to, std::string id,
                                    std::size_t size = 10) {
    auto answer = std::make_shared<std::promise<result>>();
    auto value = sample_letter(std::move(id));
    value.body.assign(size, 'x');
    to.submit(std::make_shared<const letter>(std::move(value)),
              [answer](result what) { answer->set_value(std::move(what)); });
    return answer->get_future();
  }

  static result await(std::future<result> answer) {
    if (answer.wait_for(support::patience) != std::future_status::ready)
      return tl::unexpected(std::string{"never called back"});
    return answer.get();
  }

  static result write(writer& to, std::string id) {
    return await(submit(to, std::move(id)));
  }

  std::atomic<std::chrono::seconds> now{1'000s};
  std::shared_ptr<fake> first = std::make_shared<fake>();
  std::shared_ptr<fake> second = std::make_shared<fake>();
};

TEST_F(writer_test, puts_a_letter_into_the_first_sink) {
  writer to{sinks(), options()};
  EXPECT_EQ(write(to, "1"), "first");
  EXPECT_EQ(second->asked(), 0u);
  const auto states = to.states();
  EXPECT_EQ(states[0].name, "first");
  EXPECT_EQ(states[0].written, 1u);
  EXPECT_TRUE(states[0].up);
  EXPECT_EQ(to.queued(), 0u);
}

TEST_F(writer_test, probes_sinks_that_nothing_is_written_to) {
  auto often = options();
  often.idle_every = 1ms;
  writer to{sinks(), often};
  EXPECT_TRUE(support::wait_until(
      [&] { return first->probed() == 1 && second->probed() == 1; }));
  EXPECT_TRUE(to.states()[0].up);
  EXPECT_TRUE(to.states()[0].last_success);
  second->set_fails(true);
  now = now.load() + 30s;
  EXPECT_TRUE(support::wait_until([&] { return !to.states()[1].up; }));
  EXPECT_EQ(to.states()[1].last_error, "it is broken");
  EXPECT_EQ(to.states()[1].failures, 0u) << "no letter was lost by it";
  EXPECT_TRUE(to.states()[0].up);
  EXPECT_EQ(first->probed(), 2u) << "not before its time";
}

TEST_F(writer_test, takes_the_next_sink_when_one_fails) {
  first->set_fails(true);
  writer to{sinks(), options()};
  EXPECT_EQ(write(to, "1"), "second");
  const auto states = to.states();
  EXPECT_FALSE(states[0].up);
  EXPECT_EQ(states[0].failures, 1u);
  EXPECT_EQ(states[0].last_error, "it is broken");
  EXPECT_TRUE(states[1].up);
}

TEST_F(writer_test, passes_over_a_sink_that_failed_for_a_growing_while) {
  first->set_fails(true);
  writer to{sinks(), options()};
  std::vector<long> asked_after; // seconds since it was asked before
  auto last = now.load();
  for (int i = 0; i < 300; ++i, now = now.load() + 1s) {
    const auto before = first->asked();
    EXPECT_EQ(write(to, "1"), "second");
    if (first->asked() == before)
      continue;
    asked_after.push_back((now.load() - last).count());
    last = now.load();
  }
  EXPECT_THAT(asked_after, ElementsAre(0, 1, 2, 4, 8, 16, 32, 60, 60, 60));
}

TEST_F(writer_test, takes_a_sink_again_that_has_recovered) {
  first->set_fails(true);
  writer to{sinks(), options()};
  EXPECT_EQ(write(to, "1"), "second");
  first->set_fails(false);
  EXPECT_EQ(write(to, "2"), "second") << "it is passed over still";
  now = now.load() + 1s;
  EXPECT_EQ(write(to, "3"), "first");
  EXPECT_TRUE(to.states()[0].up);
}

TEST_F(writer_test, asks_each_sink_before_it_gives_a_letter_up) {
  first->set_fails(true);
  second->set_fails(true);
  writer to{sinks(), options()};
  for (std::size_t i = 1; i < 4; ++i) {
    const auto answer = write(to, "1");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error(), "first: it is broken; second: it is broken");
    EXPECT_EQ(first->asked(), i) << "even while it is passed over";
    EXPECT_EQ(second->asked(), i);
  }
  first->set_fails(false);
  EXPECT_EQ(write(to, "1"), "first");
}

TEST_F(writer_test, writes_what_waits_as_one_batch) {
  first->held = true;
  writer to{sinks(), options()};
  std::vector<std::future<result>> answers;
  answers.push_back(submit(to, "0"));
  first->entered.acquire();
  for (int i = 1; i < 301; ++i)
    answers.push_back(submit(to, std::to_string(i)));
  EXPECT_EQ(to.queued(), 301u);
  first->held = false;
  first->go.release();
  for (auto& each : answers)
    EXPECT_EQ(await(std::move(each)), "first");
  ASSERT_THAT(first->writes, SizeIs(3));
  EXPECT_THAT(first->writes[1], SizeIs(256));
  EXPECT_EQ(first->writes[1].front(), "1");
  EXPECT_THAT(first->writes[2], SizeIs(44));
  EXPECT_EQ(to.queued(), 0u);
}

TEST_F(writer_test, keeps_a_batch_to_a_few_megabytes) {
  first->held = true;
  writer to{sinks(), options()};
  std::vector<std::future<result>> answers;
  answers.push_back(submit(to, "0"));
  first->entered.acquire();
  for (const auto* id : {"1", "2", "3"})
    answers.push_back(submit(to, id, 3 << 20));
  first->held = false;
  first->go.release();
  for (auto& each : answers)
    EXPECT_EQ(await(std::move(each)), "first");
  EXPECT_THAT(first->writes, Each(SizeIs(1)));
}

TEST_F(writer_test, refuses_at_once_what_its_queue_cannot_hold) {
  first->held = true;
  auto how = options();
  how.max_queued = 3;
  writer to{sinks(), how};
  auto writing = submit(to, "0");
  first->entered.acquire();
  auto one = submit(to, "1");
  auto two = submit(to, "2");
  auto three = submit(to, "3");
  ASSERT_EQ(three.wait_for(0s), std::future_status::ready);
  EXPECT_THAT(three.get().error(), HasSubstr("3 dead letters"));
  first->held = false;
  first->go.release();
  for (auto* each : {&writing, &one, &two})
    EXPECT_EQ(await(std::move(*each)), "first");
}

TEST_F(writer_test, counts_bytes_too) {
  first->held = true;
  auto how = options();
  how.max_queued_bytes = 100;
  writer to{sinks(), how};
  auto large = submit(to, "0", 1'000);
  first->entered.acquire();
  auto refused = submit(to, "1", 1);
  ASSERT_EQ(refused.wait_for(0s), std::future_status::ready);
  EXPECT_FALSE(refused.get());
  first->held = false;
  first->go.release();
  EXPECT_EQ(await(std::move(large)), "first") << "alone it may be any size";
}

TEST_F(writer_test, does_not_let_one_letter_hold_up_the_others) {
  first->poison = second->poison = {"3"};
  first->held = true;
  writer to{sinks(), options()};
  std::vector<std::future<result>> answers;
  answers.push_back(submit(to, "0"));
  first->entered.acquire();
  for (int i = 1; i < 6; ++i)
    answers.push_back(submit(to, std::to_string(i)));
  first->held = false;
  first->go.release();
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(await(std::move(answers[i])).has_value(), i != 3) << i;
}

TEST_F(writer_test, does_not_ask_sinks_that_are_down_for_every_letter) {
  first->held = true;
  writer to{sinks(), options()};
  auto good = submit(to, "0");
  first->entered.acquire();
  std::vector<std::future<result>> answers;
  for (int i = 0; i < 200; ++i)
    answers.push_back(submit(to, std::to_string(i)));
  first->set_fails(true);
  second->set_fails(true);
  first->held = false;
  first->go.release();
  for (auto& each : answers)
    EXPECT_THAT(await(std::move(each)).error(), HasSubstr("broken"));
  EXPECT_EQ(second->asked(), 4u) << "0, then all, then two alone";
}

TEST_F(writer_test, says_that_there_is_no_sink) {
  writer to{{}, options()};
  EXPECT_THAT(write(to, "1").error(), HasSubstr("no dead-letter sink"));
}

TEST_F(writer_test, writes_what_waits_before_it_stops) {
  first->held = true;
  writer to{sinks(), options()};
  std::vector<std::future<result>> answers;
  answers.push_back(submit(to, "0"));
  first->entered.acquire();
  for (int i = 1; i < 600; ++i)
    answers.push_back(submit(to, std::to_string(i)));
  first->held = false;
  std::thread stopping{[&] {
    to.stop(30s);
  }};
  first->go.release();
  stopping.join();
  for (auto& each : answers) {
    ASSERT_EQ(each.wait_for(0s), std::future_status::ready);
    EXPECT_EQ(each.get(), "first");
  }
  EXPECT_THAT(write(to, "late").error(), HasSubstr("has stopped"));
}

TEST_F(writer_test, calls_back_for_all_when_the_time_to_stop_is_over) {
  first->held = true;
  writer to{sinks(), options()};
  auto writing = submit(to, "0");
  first->entered.acquire();
  std::vector<std::future<result>> answers;
  for (int i = 1; i < 600; ++i)
    answers.push_back(submit(to, std::to_string(i)));
  first->held = false;
  std::thread stopping{[&] {
    to.stop(0ms);
  }};
  EXPECT_TRUE(support::wait_until([&] {
    return submit(to, "late").wait_for(0s) == std::future_status::ready;
  }));
  first->go.release();
  stopping.join();
  EXPECT_EQ(await(std::move(writing)), "first");
  for (auto& each : answers) {
    ASSERT_EQ(each.wait_for(0s), std::future_status::ready);
    EXPECT_THAT(each.get().error(), HasSubstr("the node stops"));
  }
  to.stop(1s);
}

TEST_F(writer_test, calls_back_once_for_each_letter_of_many_threads) {
  std::atomic<int> called{0};
  {
    writer to{sinks(), options()};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 500; ++i) {
          if (i % 50 == 0)
            (thread % 2 == 0 ? first : second)->set_fails(i % 100 == 0);
          to.submit(std::make_shared<const letter>(sample_letter()),
                    [&](const result&) { ++called; });
        }
      });
    for (auto& each : threads)
      each.join();
  }
  EXPECT_EQ(called, 2'000);
}

} // namespace
} // namespace mfo::dead_letters
