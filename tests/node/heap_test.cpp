#include "node/heap.hpp"

#include <gtest/gtest.h>

#ifdef MFO_JEMALLOC

#include <jemalloc/jemalloc.h>

namespace mfo::node {
namespace {

bool option(const char* name) {
  bool value = false;
  auto size = sizeof value;
  EXPECT_EQ(::mallctl(name, &value, &size, nullptr, 0), 0) << name;
  return value;
}

TEST(heap, gives_back_what_is_free_by_a_thread_of_its_own) {
  EXPECT_TRUE(option("opt.background_thread"));
  EXPECT_TRUE(option("background_thread"));
  give_memory_back();
}

} // namespace
} // namespace mfo::node

#endif
