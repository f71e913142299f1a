#include "tests/node/io_turns_fixture.hpp"

#include "tests/support/run_on.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <caf/all.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

using io_turns_token = std::shared_ptr<int>;
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(io_turns_token)

namespace mfo::node {

namespace {

using namespace std::chrono_literals;

caf::behavior twice() {
  return {[](int number) {
    return 2 * number;
  }};
}

struct actors_and_io : testing::Test {
  ~actors_and_io() override {
    end_io();
  }

  void begin_io() {
    io_thread = std::thread{[this] {
      turns.run_taking_in();
    }};
    support::run_on(io, [] {}); // it has begun
  }

  void end_io() {
    work.reset();
    if (io_thread.joinable())
      io_thread.join();
  }

  int doubled(int number) {
    int result = 0;
    caf::scoped_actor self{*system};
    self->request(system->spawn(twice), support::patience, number)
        .receive([&](int answer) { result = answer; },
                 [&](const caf::error& why) {
                   ADD_FAILURE() << caf::to_string(why);
                 });
    return result;
  }

  caf::actor tells_of(place& where) {
    return system->spawn(reporter, &where);
  }

  boost::asio::io_context io{1};
  std::optional<
      boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>
      work{io.get_executor()};
  io_turns turns{io, io, 1};
  config_of_turns config{turns};
  std::optional<caf::actor_system> system{std::in_place, config};
  std::thread io_thread;
};

TEST_F(actors_and_io, actors_answer_before_io_runs) {
  EXPECT_EQ(doubled(4), 8);
}

TEST_F(actors_and_io, actors_answer_while_io_runs) {
  begin_io();
  EXPECT_EQ(doubled(4), 8);
}

TEST_F(actors_and_io, actors_answer_after_io_has_ended) {
  begin_io();
  EXPECT_EQ(doubled(4), 8);
  end_io();
  EXPECT_EQ(doubled(5), 10);
}

TEST_F(actors_and_io, actors_are_done_when_io_begins_and_ends_meanwhile) {
  for (int i = 0; i < 100; ++i)
    caf::anon_send(system->spawn(twice), i);
  begin_io();
  for (int i = 0; i < 100; ++i)
    caf::anon_send(system->spawn(twice), i);
  end_io();
  system->await_all_actors_done();
}

TEST_F(actors_and_io, what_a_handler_sends_is_handled_on_its_thread) {
  begin_io();
  place where;
  boost::asio::post(io, [&] { caf::anon_send(tells_of(where), 1); });
  EXPECT_EQ(where.get(), io_thread.get_id());
}

TEST_F(actors_and_io, what_another_thread_sends_wakes_io) {
  begin_io();
  for (int i = 0; i < 200; ++i) {
    support::run_on(io, [] {}); // and then it has nothing more to do
    place where;
    caf::anon_send(tells_of(where), 1);
    ASSERT_EQ(where.get(), io_thread.get_id());
  }
}

TEST_F(actors_and_io, what_waits_when_io_is_stopped_is_run_after_it) {
  begin_io();
  place where;
  const auto of_io = io_thread.get_id();
  boost::asio::post(io, [&] {
    io.stop();
    caf::anon_send(tells_of(where), 1);
  });
  const auto handled = where.get();
  ASSERT_TRUE(handled);
  EXPECT_NE(handled, of_io);
}

TEST_F(actors_and_io, an_actor_that_always_has_messages_leaves_io_its_turn) {
  begin_io();
  bool had_its_turn = false; // of the I/O thread
  std::promise<void> ended;
  caf::anon_send(system->spawn([&](caf::event_based_actor* self) {
    boost::asio::post(io, [&] { had_its_turn = true; });
    return caf::behavior{[&, self](int number) {
      if (!had_its_turn)
        return self->send(self, number + 1);
      self->quit();
      ended.set_value();
    }};
  }),
                 0);
  EXPECT_EQ(ended.get_future().wait_for(support::patience),
            std::future_status::ready);
}

TEST_F(actors_and_io, actors_that_always_have_messages_leave_io_its_turn) {
  begin_io();
  bool had_its_turn = false; // of the I/O thread
  std::promise<void> ended;
  const auto echo = system->spawn([] {
    return caf::behavior{[](int number) {
      return number + 1;
    }};
  });
  caf::anon_send(system->spawn([&](caf::event_based_actor* self) {
    boost::asio::post(io, [&] { had_its_turn = true; });
    return caf::behavior{[&, self](int number) {
      if (!had_its_turn)
        return self->send(echo, number);
      self->quit();
      ended.set_value();
    }};
  }),
                 0);
  EXPECT_EQ(ended.get_future().wait_for(support::patience),
            std::future_status::ready);
}

TEST_F(actors_and_io, delayed_messages_come_before_io_runs) {
  place where;
  caf::delayed_anon_send(tells_of(where), 1ms, 1);
  EXPECT_TRUE(where.get());
}

TEST_F(actors_and_io, delayed_messages_come_while_io_runs) {
  begin_io();
  place where;
  caf::delayed_anon_send(tells_of(where), 1ms, 1);
  EXPECT_EQ(where.get(), io_thread.get_id());
}

TEST_F(actors_and_io, delayed_messages_come_after_io_has_ended) {
  begin_io();
  end_io();
  place where;
  caf::delayed_anon_send(tells_of(where), 1ms, 1);
  EXPECT_TRUE(where.get());
}

// What ends a system is in the hidden actors, for which it does not wait.

/// Does nothing but send to itself, and leaves all else in its mailbox.
caf::behavior busy(caf::event_based_actor* self) {
  self->set_default_handler(caf::skip);
  return {[self](const io_turns_token& token) {
    self->send(self, token);
  }};
}

TEST_F(actors_and_io, a_system_ends_while_an_actor_sends_to_itself_for_ever) {
  const auto token = std::make_shared<int>();
  caf::anon_send(system->spawn<caf::hidden>(busy), token);
  begin_io();
  EXPECT_EQ(doubled(4), 8);
  io.stop(); // the actor keeps it busy
  end_io();
  system.reset();
  EXPECT_EQ(token.use_count(), 1);
}

TEST_F(actors_and_io, a_system_ends_with_messages_that_nobody_has_read) {
  const auto token = std::make_shared<int>();
  const auto quits = system->spawn([](caf::event_based_actor* self) {
    return caf::behavior{[self](const io_turns_token&) {
      self->quit();
    }};
  });
  for (int i = 0; i < 1000; ++i)
    caf::anon_send(quits, token);
  system.reset();
  EXPECT_EQ(token.use_count(), 1);
}

TEST_F(actors_and_io, a_system_ends_with_requests_that_nobody_has_answered) {
  const auto token = std::make_shared<int>();
  auto of_busy = system->spawn<caf::hidden>(busy);
  caf::anon_send(of_busy, token);
  place asked;
  system->spawn<caf::hidden>(
      [token, &asked, whom = std::move(of_busy)](caf::event_based_actor* self) {
        self->request(whom, caf::infinite, std::string{"?"})
            .then([token](int) {}, [token](const caf::error&) {});
        asked.is_here();
      });
  ASSERT_TRUE(asked.get());
  system.reset();
  EXPECT_EQ(token.use_count(), 1);
}

TEST_F(actors_and_io, a_system_ends_before_a_delayed_message_is_due) {
  const auto token = std::make_shared<int>();
  caf::delayed_anon_send(system->spawn<caf::hidden>(busy), 1h, token);
  system.reset();
  EXPECT_EQ(token.use_count(), 1);
}

} // namespace

} // namespace mfo::node
