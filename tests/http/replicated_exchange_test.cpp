#include "http/exchange.hpp"

#include "tests/support/http_exchanges.hpp"

#include <gmock/gmock.h>

namespace mfo::http {

namespace {

using core::errc;
using testing::ElementsAre;
using testing::IsEmpty;

/// Others hold its event until they are told that it has settled.
struct a_replicated_exchange : testing::Test {
  a_replicated_exchange() {
    maker.replicate();
    maker.settled = [this](const core::event&) {
      in_flight.push_back(
          maker.observer.metrics->events()->snapshot().in_flight);
    };
  }

  test::exchange_maker maker;
  /// By the books, each time that it was told.
  std::vector<std::uint64_t> in_flight;
};

// A node whose books are empty says good-bye, and what others hold for it then
// is run by them.
TEST_F(a_replicated_exchange, is_settled_before_the_books_say_that_it_ended) {
  maker.make()->finish({});
  EXPECT_THAT(in_flight, ElementsAre(1u));
  EXPECT_EQ(maker.observer.metrics->events()->snapshot().in_flight, 0u);
}

TEST_F(a_replicated_exchange, is_settled_when_its_sender_is_refused) {
  maker.make()->finish(core::refused(errc::too_few_copies));
  EXPECT_THAT(in_flight, ElementsAre(1u));
}

TEST_F(a_replicated_exchange, is_not_settled_before_it_is_with_a_sink) {
  const auto one = maker.make();
  one->acknowledge();
  one->finish(core::refused(errc::upstream_rejected));
  EXPECT_THAT(in_flight, IsEmpty());
  ASSERT_TRUE(maker.office->taken[0].settled);
  maker.office->taken[0].settled();
  EXPECT_THAT(in_flight, ElementsAre(1u));
}

} // namespace

} // namespace mfo::http
