#include "http/exchange.hpp"

#include "tests/support/http_exchanges.hpp"

#include <gmock/gmock.h>

namespace mfo::http {

namespace {

using core::delivery_end;
using core::errc;
using testing::ElementsAre;

/// Its sender has an id of the delivery.
struct a_named_exchange : testing::Test {
  a_named_exchange() {
    maker.remember = [this](const core::event_ptr&, delivery_end end) {
      ends.push_back(end);
    };
  }

  test::exchange_maker maker;
  std::vector<delivery_end> ends;
};

TEST_F(a_named_exchange, is_held_from_its_acknowledgement_until_delivered) {
  const auto one = maker.make("{}", "1");
  one->acknowledge();
  EXPECT_THAT(ends, ElementsAre(delivery_end::held));
  one->finish({});
  EXPECT_THAT(ends, ElementsAre(delivery_end::held, delivery_end::taken));
}

TEST_F(a_named_exchange, is_held_until_somebody_else_has_it) {
  const auto one = maker.make("{}", "1");
  one->acknowledge();
  one->finish(core::refused(errc::upstream_rejected));
  EXPECT_THAT(ends, ElementsAre(delivery_end::held)) << "nobody has, yet";
  ASSERT_TRUE(maker.office->taken[0].secured);
  maker.office->taken[0].secured();
  EXPECT_THAT(ends, ElementsAre(delivery_end::held, delivery_end::taken));
}

TEST_F(a_named_exchange, that_others_hold_is_taken_when_it_is_acknowledged) {
  maker.replicate();
  const auto one = maker.make("{}", "1");
  one->acknowledge();
  one->finish(core::refused(errc::upstream_rejected));
  EXPECT_THAT(ends, ElementsAre(delivery_end::taken));
  EXPECT_FALSE(maker.office->taken[0].secured);
}

TEST_F(a_named_exchange, that_nobody_has_acknowledged_may_come_again) {
  maker.make("{}", "1")->finish(core::refused(errc::upstream_rejected));
  maker.make("{}", "2")->finish({});
  EXPECT_THAT(ends, ElementsAre(delivery_end::failed, delivery_end::taken));
}

} // namespace

} // namespace mfo::http
