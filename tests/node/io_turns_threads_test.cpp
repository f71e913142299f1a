#include "tests/node/io_turns_fixture.hpp"

#include "actors/intake.hpp"
#include "actors/mfo_connector.hpp"
#include "tests/support/run_on.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/all.hpp>
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <thread>

namespace mfo::node {

namespace {

struct connector_like {
  static inline const char* name = actors::mfo_connector_state::name;
};

struct intake_like {
  static inline const char* name = actors::intake_state::name;
};

struct other_stage {
  static inline const char* name = "validator";
};

template <class State>
caf::behavior stage_like(caf::stateful_actor<State>* self, place* where) {
  return reporter(self, where);
}

struct actors_on_threads : testing::TestWithParam<unsigned> {
  ~actors_on_threads() override {
    end_io();
  }

  void begin_io() {
    taking_thread = std::thread{[this] {
      turns.run_taking_in();
    }};
    calling_thread = std::thread{[this] {
      turns.run_calling();
    }};
    support::run_on(taking_in, [] {}); // it has begun
    support::run_on(calling, [] {});
  }

  void end_io() {
    taking_in_work.reset();
    calling_work.reset();
    for (auto* each : {&taking_thread, &calling_thread})
      if (each->joinable())
        each->join();
  }

  template <class State>
  std::optional<std::thread::id> place_of() {
    place where;
    caf::anon_send(system->spawn(stage_like<State>, &where), 1);
    return where.get();
  }

  using guard =
      boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

  boost::asio::io_context taking_in{1};
  boost::asio::io_context calling{1};
  std::optional<guard> taking_in_work{taking_in.get_executor()};
  std::optional<guard> calling_work{calling.get_executor()};
  io_turns turns{taking_in, calling, GetParam()};
  config_of_turns config{turns};
  std::optional<caf::actor_system> system{std::in_place, config};
  std::thread taking_thread;
  std::thread calling_thread;
};

INSTANTIATE_TEST_SUITE_P(, actors_on_threads, testing::Values(2U, 3U, 5U),
                         testing::PrintToStringParamName());

TEST_P(actors_on_threads, connectors_run_where_servers_are_called) {
  begin_io();
  EXPECT_EQ(place_of<connector_like>(), calling_thread.get_id());
}

TEST_P(actors_on_threads, intake_runs_where_events_are_taken_in) {
  begin_io();
  EXPECT_EQ(place_of<intake_like>(), taking_thread.get_id());
}

TEST_P(actors_on_threads, the_stages_between_have_the_threads_that_are_left) {
  begin_io();
  const auto found = place_of<other_stage>();
  ASSERT_TRUE(found);
  EXPECT_NE(found, calling_thread.get_id());
  EXPECT_EQ(found == taking_thread.get_id(), GetParam() == 2);
}

TEST_P(actors_on_threads, all_of_them_answer_before_and_after_io) {
  EXPECT_TRUE(place_of<connector_like>());
  EXPECT_TRUE(place_of<intake_like>());
  begin_io();
  EXPECT_TRUE(place_of<other_stage>());
  end_io();
  EXPECT_TRUE(place_of<connector_like>());
  EXPECT_TRUE(place_of<intake_like>());
  EXPECT_TRUE(place_of<other_stage>());
}

TEST_P(actors_on_threads, a_message_goes_to_and_fro_however_often) {
  begin_io();
  const auto far = system->spawn([](caf::stateful_actor<connector_like>*) {
    return caf::behavior{[](int number) {
      return number + 1;
    }};
  });
  constexpr int often = 1000;
  std::promise<void> ended;
  caf::anon_send(system->spawn([&](caf::stateful_actor<intake_like>* self) {
    return caf::behavior{[&, self](int number) {
      if (number < often)
        return self->send(far, number);
      self->quit();
      ended.set_value();
    }};
  }),
                 0);
  EXPECT_EQ(ended.get_future().wait_for(support::patience),
            std::future_status::ready);
}

} // namespace

} // namespace mfo::node
