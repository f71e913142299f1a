#include "cluster/calling/run_book.hpp"

#include "tests/cluster/calling/call_samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::good_result;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr run_book::clock::time_point book_now{1h};
const node_life caller{.name = "a", .incarnation = 7};

call_key key_of(std::uint64_t number, const node_life& origin = caller) {
  return {.origin = origin, .number = number};
}

void begin_run(run_book& book, const call_key& key) {
  ASSERT_FALSE(book.knows(key));
  book.begin(key,
             std::make_shared<const remote_call>(remote_call{
                 .server = "crm", .what = test::a_request("x", book_now)}),
             book_now + 10s);
}

std::vector<std::uint64_t> keys_of(const run_book::batch& taken) {
  std::vector<std::uint64_t> found;
  for (const auto& each : taken.results)
    found.push_back(each.key);
  return found;
}

using keys = std::vector<std::uint64_t>;
constexpr std::size_t plenty = 1'000'000;

TEST(a_run_book, knows_a_call_until_its_origin_has_the_result) {
  run_book book;
  begin_run(book, key_of(1));
  EXPECT_TRUE(book.knows(key_of(1)));
  EXPECT_EQ(book.running(), 1u);
  EXPECT_NE(book.running(key_of(1)), nullptr);
  EXPECT_NE(book.end(key_of(1), good_result()), nullptr);
  EXPECT_TRUE(book.knows(key_of(1)));
  EXPECT_EQ(book.running(), 0u);
  EXPECT_EQ(book.running(key_of(1)), nullptr);
  EXPECT_EQ(book.waiting(), 1u);
  const auto taken = book.take_unsent(caller, plenty);
  ASSERT_THAT(taken.results, SizeIs(1));
  EXPECT_TRUE(book.knows(key_of(1)));
  book.acknowledged(caller, taken.results.front().number);
  EXPECT_FALSE(book.knows(key_of(1)));
  EXPECT_EQ(book.waiting(), 0u);
  EXPECT_EQ(book.bytes(), 0u);
}

TEST(a_run_book, knows_a_call_by_its_origins_life_too) {
  run_book book;
  begin_run(book, key_of(1));
  EXPECT_FALSE(book.knows(key_of(1, {.name = "a", .incarnation = 8})));
  EXPECT_FALSE(book.knows(key_of(1, {.name = "b", .incarnation = 7})));
}

TEST(a_run_book, tells_a_result_once_on_a_link) {
  run_book book;
  begin_run(book, key_of(1));
  begin_run(book, key_of(2));
  book.end(key_of(2), good_result());
  EXPECT_EQ(keys_of(book.take_unsent(caller, plenty)), (keys{2}));
  EXPECT_FALSE(book.has_unsent(caller));
  book.end(key_of(1), good_result());
  EXPECT_TRUE(book.has_unsent(caller));
  EXPECT_EQ(keys_of(book.take_unsent(caller, plenty)), (keys{1}));
  EXPECT_THAT(book.take_unsent(caller, plenty).results, IsEmpty());
  book.link_opened(caller);
  EXPECT_EQ(keys_of(book.take_unsent(caller, plenty)), (keys{2, 1}));
}

TEST(a_run_book, takes_no_word_on_results_that_it_has_not_sent) {
  run_book book;
  begin_run(book, key_of(1));
  book.end(key_of(1), good_result());
  book.acknowledged(caller, 1000);
  EXPECT_TRUE(book.knows(key_of(1)));
}

/// Its numbers go on when all is forgotten: a word that is still on its way
/// would be taken for one on later results.
TEST(a_run_book, never_gives_a_number_twice) {
  run_book book;
  begin_run(book, key_of(1));
  book.end(key_of(1), good_result());
  const auto first = book.take_unsent(caller, plenty).results.front().number;
  book.acknowledged(caller, first);
  begin_run(book, key_of(2));
  book.end(key_of(2), good_result());
  EXPECT_EQ(keys_of(book.take_unsent(caller, plenty)), (keys{2}));
  book.acknowledged(caller, first);
  EXPECT_TRUE(book.knows(key_of(2)));
}

TEST(a_run_book, gives_results_in_parts) {
  run_book book;
  for (std::uint64_t number = 1; number <= 4; ++number) {
    begin_run(book, key_of(number));
    book.end(key_of(number), good_result(std::string(1000, 'x')));
  }
  EXPECT_EQ(keys_of(book.take_unsent(caller, 1500)), (keys{1, 2}));
  EXPECT_EQ(keys_of(book.take_unsent(caller, 1)), (keys{3}));
  EXPECT_TRUE(book.has_unsent(caller));
}

TEST(a_run_book, waits_for_the_origin_to_read) {
  run_book book{{.max_unread = 1500}};
  for (std::uint64_t number = 1; number <= 4; ++number) {
    begin_run(book, key_of(number));
    book.end(key_of(number), good_result(std::string(1000, 'x')));
  }
  const auto taken = book.take_unsent(caller, plenty);
  EXPECT_EQ(keys_of(taken), (keys{1, 2}));
  EXPECT_FALSE(book.has_unsent(caller));
  book.acknowledged(caller, taken.results.front().number);
  EXPECT_TRUE(book.has_unsent(caller));
  EXPECT_EQ(keys_of(book.take_unsent(caller, plenty)), (keys{3}));
}

TEST(a_run_book, keeps_an_error_where_it_has_no_room_for_a_result) {
  run_book book{{.max_bytes = 2000}};
  begin_run(book, key_of(1));
  begin_run(book, key_of(2));
  book.end(key_of(1), good_result(std::string(1500, 'x')));
  book.end(key_of(2), good_result(std::string(1500, 'x')));
  const auto taken = book.take_unsent(caller, plenty);
  ASSERT_THAT(taken.results, SizeIs(2));
  EXPECT_TRUE(taken.results[0].result->outcome.delivered());
  EXPECT_EQ(taken.results[1].result->outcome.error, core::errc::saturated);
  EXPECT_EQ(taken.results[1].result->outcome.upstream_status, 200);
  EXPECT_FALSE(taken.results[1].result->reply);
}

TEST(a_run_book, is_full_of_what_runs_and_of_what_waits) {
  run_book book{{.max_calls = 2}};
  begin_run(book, key_of(1));
  EXPECT_FALSE(book.is_full());
  begin_run(book, key_of(2));
  EXPECT_TRUE(book.is_full());
  book.end(key_of(1), good_result());
  EXPECT_TRUE(book.is_full());
  const auto taken = book.take_unsent(caller, plenty);
  book.acknowledged(caller, taken.results.front().number);
  EXPECT_FALSE(book.is_full());
}

TEST(a_run_book, drops_what_nobody_wants) {
  run_book book;
  begin_run(book, key_of(1));
  begin_run(book, key_of(2));
  book.end(key_of(1), good_result());
  static_cast<void>(book.take_unsent(caller, plenty));
  book.sweep(book_now + 9s);
  EXPECT_EQ(book.waiting(), 1u);
  book.sweep(book_now + 10s);
  EXPECT_EQ(book.waiting(), 0u);
  EXPECT_EQ(book.bytes(), 0u);
  EXPECT_EQ(book.running(), 1u); // its result is owed
}

TEST(a_run_book, forgets_an_origin_that_is_gone) {
  run_book book;
  begin_run(book, key_of(1));
  begin_run(book, key_of(2));
  book.end(key_of(1), good_result());
  book.gone(caller);
  EXPECT_EQ(book.waiting(), 0u);
  EXPECT_EQ(book.running(), 1u);
  EXPECT_NE(book.end(key_of(2), good_result()), nullptr);
  EXPECT_EQ(book.waiting(), 0u);
  EXPECT_EQ(book.running(), 0u);
}

TEST(a_run_book, tells_an_origin_that_was_taken_for_gone) {
  run_book book;
  begin_run(book, key_of(1));
  book.gone(caller);
  book.link_opened(caller);
  book.end(key_of(1), good_result());
  EXPECT_EQ(keys_of(book.take_unsent(caller, plenty)), (keys{1}));
}

TEST(a_run_book, takes_no_result_of_what_does_not_run) {
  run_book book;
  EXPECT_EQ(book.end(key_of(1), good_result()), nullptr);
  begin_run(book, key_of(1));
  EXPECT_EQ(book.end(key_of(2), good_result()), nullptr);
  book.end(key_of(1), good_result());
  EXPECT_EQ(book.end(key_of(1), good_result()), nullptr);
  EXPECT_EQ(book.waiting(), 1u);
}

} // namespace

} // namespace mfo::cluster
