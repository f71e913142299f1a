#include "cluster/copies/sent_copies.hpp"
#include "cluster/copies/ticket.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace mfo::cluster {

namespace {

TEST(copies_on_their_way, are_bounded_in_number) {
  sent_copies sent{{.events = 2, .bytes = 100}};
  for (std::uint64_t ticket = 1; ticket <= 2; ++ticket) {
    ASSERT_TRUE(sent.has_room(10));
    sent.add({.ticket = ticket, .version = 1, .bytes = 10});
  }
  EXPECT_FALSE(sent.has_room(10));
  EXPECT_EQ(sent.take().ticket, 1u);
  EXPECT_TRUE(sent.has_room(10));
}

TEST(copies_on_their_way, are_bounded_in_bytes) {
  sent_copies sent{{.events = 10, .bytes = 100}};
  sent.add({.ticket = 1, .version = 1, .bytes = 60});
  EXPECT_TRUE(sent.has_room(40));
  EXPECT_FALSE(sent.has_room(41));
  EXPECT_EQ(sent.bytes(), 60u);
  sent.take();
  EXPECT_EQ(sent.bytes(), 0u);
  EXPECT_TRUE(sent.has_room(101)) << "alone";
}

TEST(copies_on_their_way, are_counted_from_1) {
  sent_copies sent{{.events = 10, .bytes = 100}};
  EXPECT_EQ(sent.last(), 0u);
  sent.add({.ticket = 7, .version = 1, .bytes = 1});
  sent.add({.ticket = 8, .version = 1, .bytes = 1});
  EXPECT_EQ(sent.last(), 2u);
  EXPECT_EQ(sent.confirmed(), 0u);
  sent.take();
  EXPECT_EQ(sent.confirmed(), 1u);
  EXPECT_EQ(sent.last(), 2u);
}

TEST(a_ticket, is_in_the_same_order_as_its_key) {
  std::uint64_t last = 0;
  for (const std::uint64_t ticket :
       {std::uint64_t{1}, std::uint64_t{127}, std::uint64_t{128},
        std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{1} << 40U,
        std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(ticket_of(key_of(ticket)), ticket);
    EXPECT_LT(key_of(last), key_of(ticket));
    last = ticket;
  }
}

TEST(a_ticket, of_0_is_an_end) {
  EXPECT_EQ(key_or_end(0), "");
  EXPECT_EQ(ticket_of(""), 0u);
  EXPECT_EQ(key_or_end(5), key_of(5));
}

} // namespace

} // namespace mfo::cluster
