#include "actors/waiting_calls.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <map>

namespace mfo::actors {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct waiting_calls_test : testing::Test {
  void add(std::uint64_t number, std::chrono::seconds deadline,
           bool patient = true) {
    auto& place = places[number];
    place.number = number;
    place.deadline = at(deadline);
    place.patient = patient;
    line.add(place);
  }

  void remove(std::uint64_t number) {
    line.remove(places[number]);
  }

  static waiting_calls::time_point at(std::chrono::seconds time) {
    return waiting_calls::time_point{time};
  }

  std::map<std::uint64_t, waiting_place> places;
  waiting_calls line;
};

TEST_F(waiting_calls_test, tells_who_came_first_of_those_with_the_same_time) {
  for (const auto number : {1U, 2U, 3U})
    add(number, 10s);
  EXPECT_EQ(line.most_urgent(), 1U);
  remove(1);
  EXPECT_EQ(line.most_urgent(), 2U);
}

TEST_F(waiting_calls_test, gives_a_call_that_comes_back_its_old_place) {
  for (const auto number : {1U, 2U, 3U})
    add(number, 10s);
  remove(1);
  add(1, 10s);
  EXPECT_EQ(line.most_urgent(), 1U);
}

TEST_F(waiting_calls_test, tells_who_has_the_least_time_left) {
  add(1, 10s);
  add(2, 5s);
  EXPECT_EQ(line.most_urgent(), 2U);
}

TEST_F(waiting_calls_test, tells_who_has_the_most_time_left) {
  add(1, 10s);
  add(2, 30s);
  add(3, 20s);
  EXPECT_EQ(line.youngest(), 2U);
  remove(2);
  EXPECT_EQ(line.youngest(), 3U);
}

TEST_F(waiting_calls_test, takes_the_later_of_two_with_the_same_deadline) {
  add(2, 10s);
  add(1, 10s);
  EXPECT_EQ(line.youngest(), 2U);
}

TEST_F(waiting_calls_test, tells_who_is_due_the_soonest_first) {
  add(1, 30s);
  add(2, 10s);
  add(3, 20s);
  EXPECT_EQ(line.next_deadline(), at(10s));
  EXPECT_THAT(line.due_by(at(9s)), IsEmpty());
  EXPECT_THAT(line.due_by(at(20s)), ElementsAre(2U, 3U));
  remove(2);
  EXPECT_EQ(line.next_deadline(), at(20s));
}

TEST_F(waiting_calls_test, tells_who_is_impatient) {
  add(1, 10s, true);
  add(2, 30s, false);
  add(3, 20s, false);
  EXPECT_THAT(line.impatient(), ElementsAre(2U, 3U));
  remove(2);
  remove(3);
  EXPECT_THAT(line.impatient(), IsEmpty());
}

TEST_F(waiting_calls_test, forgets_a_call_that_is_removed) {
  add(1, 10s, false);
  remove(1);
  remove(1);
  remove(7);
  EXPECT_TRUE(line.empty());
  EXPECT_EQ(line.size(), 0U);
  EXPECT_EQ(line.next_deadline(), std::nullopt);
  EXPECT_THAT(line.due_by(at(100s)), IsEmpty());
  EXPECT_THAT(line.impatient(), IsEmpty());
}

} // namespace
} // namespace mfo::actors
