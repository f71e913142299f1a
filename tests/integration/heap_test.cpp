#include "tests/integration/fixture.hpp"

namespace mfo::integration {
namespace {

using a_heap = running_node;

TEST_F(a_heap, is_told_by_the_metrics_of_the_node_that_has_it) {
  start();
  const auto told = metrics();
#ifdef MFO_SANITIZED
  EXPECT_THAT(told, testing::Not(testing::HasSubstr("mfo_heap")))
      << "a sanitizer's malloc tells nothing of it";
#else
  const auto allocated = sum_of(told, "mfo_heap_allocated_bytes");
  EXPECT_GT(allocated, 0);
  EXPECT_GE(sum_of(told, "mfo_heap_resident_bytes"), allocated);
#endif
}

} // namespace
} // namespace mfo::integration
