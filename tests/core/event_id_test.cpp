#include "core/event_id.hpp"

#include <gmock/gmock.h>

#include <string>

namespace mfo::core {

namespace {

using std::chrono::milliseconds;
using testing::MatchesRegex;

constexpr auto uuid_shape =
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

TEST(uuid_v7, is_the_example_of_rfc_9562) {
  // Appendix A.6: 2022-02-22T19:22:22Z, rand_a 0xCC3, rand_b
  // 0x18C4DC0C0C07398F.
  EXPECT_EQ(uuid_v7(milliseconds{0x017F22E279B0}, 0xCC3, 0x18C4DC0C0C07398F),
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(uuid_v7, has_its_version_and_variant_whatever_the_random_bits) {
  const auto zeros = uuid_v7(milliseconds{0}, 0, 0);
  const auto ones = uuid_v7(milliseconds{0xFFFFFFFFFFFF}, ~0ULL, ~0ULL);
  EXPECT_EQ(zeros, "00000000-0000-7000-8000-000000000000");
  EXPECT_EQ(ones, "ffffffff-ffff-7fff-bfff-ffffffffffff");
}

TEST(uuid_v7, sorts_by_time) {
  auto last = uuid_v7(milliseconds{0}, ~0ULL, ~0ULL);
  for (const std::int64_t time :
       {1LL, 255LL, 256LL, 65'536LL, 1'764'000'000'000LL, 1'764'000'000'001LL,
        0xFFFFFFFFFFFFLL}) {
    EXPECT_LT(last, uuid_v7(milliseconds{time}, 0, 0)) << time;
    last = uuid_v7(milliseconds{time}, ~0ULL, ~0ULL);
  }
}

TEST(delivery_uuid, is_a_uuid_of_version_5) {
  for (int i = 0; i < 100; ++i) {
    const auto id = delivery_uuid("endpoint", std::to_string(i));
    EXPECT_THAT(id, MatchesRegex(uuid_shape));
    EXPECT_EQ(id[14], '5') << id;
    EXPECT_NE(std::string_view{"89ab"}.find(id[19]), std::string_view::npos)
        << id;
  }
}

TEST(delivery_uuid, never_changes_between_versions) {
  EXPECT_EQ(delivery_uuid("default", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
            "24e9861a-fb3b-588d-a796-58083e0a7a4b");
}

TEST(delivery_uuid, differs_by_endpoint_and_by_delivery) {
  const auto id = delivery_uuid("a", "1");
  EXPECT_EQ(id, delivery_uuid("a", "1"));
  EXPECT_NE(id, delivery_uuid("b", "1"));
  EXPECT_NE(id, delivery_uuid("a", "2"));
  EXPECT_NE(delivery_uuid("ab", "c"), delivery_uuid("a", "bc"));
}

} // namespace

} // namespace mfo::core
