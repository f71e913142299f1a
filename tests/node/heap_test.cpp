#include "node/heap.hpp"

#include "node/heap_metrics.hpp"

#include <gtest/gtest.h>

#ifdef MFO_JEMALLOC

#include <jemalloc/jemalloc.h>

#include <cstddef>
#include <vector>

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

double value_of(std::size_t number) {
  const auto families = read_heap_metrics();
  EXPECT_EQ(families.size(), 2U);
  return families.at(number).metric.at(0).gauge.value;
}

TEST(heap, tells_what_is_allocated_and_what_that_takes) {
  // What else the process has comes and goes: it is all less than half of this.
  constexpr std::size_t much = 64UL * 1024 * 1024;
  const auto before = value_of(0);
  {
    const std::vector<char> held(much, 'x');
    EXPECT_GT(value_of(0), before + much / 2);
    EXPECT_GE(value_of(1), value_of(0));
  }
  EXPECT_LT(value_of(0), before + much / 2);
}

} // namespace
} // namespace mfo::node

#endif
