#include "devserver/bounded_store.hpp"

#include <gtest/gtest.h>

namespace mfo::devserver {
namespace {

TEST(bounded_store, forgets_the_oldest_beyond_its_number) {
  bounded_store<int> store(2, 1000);
  EXPECT_TRUE(store.put("a", 1, 1));
  EXPECT_TRUE(store.put("b", 2, 1));
  EXPECT_FALSE(store.put("a", 3, 1));
  EXPECT_TRUE(store.put("c", 4, 1));
  EXPECT_EQ(store.find("a"), nullptr);
  ASSERT_NE(store.find("b"), nullptr);
  EXPECT_EQ(*store.find("c"), 4);
}

TEST(bounded_store, forgets_the_oldest_beyond_its_bytes) {
  bounded_store<int> store(100, 10);
  store.put("a", 1, 5);
  store.put("b", 2, 5);
  EXPECT_EQ(store.find("a"), nullptr);
  store.put("c", 3, 100);
  EXPECT_EQ(store.find("c"), nullptr);
}

TEST(bounded_store, makes_room_where_something_is_erased) {
  bounded_store<int> store(2, 1000);
  store.put("a", 1, 1);
  store.put("b", 2, 1);
  EXPECT_TRUE(store.erase("a"));
  EXPECT_FALSE(store.erase("a"));
  store.put("c", 3, 1);
  EXPECT_NE(store.find("b"), nullptr);
}

} // namespace
} // namespace mfo::devserver
