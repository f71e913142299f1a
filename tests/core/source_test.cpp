#include "core/source.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mfo::core {

namespace {

using config::ip_address;

ip_address address(std::string_view text) {
  return ip_address::parse(text).value();
}

TEST(a_source, is_an_ipv4_address) {
  EXPECT_EQ(source_of(address("192.0.2.1")), address("192.0.2.1"));
  EXPECT_EQ(source_of(address("::ffff:192.0.2.1")), address("192.0.2.1"));
}

TEST(a_source, is_the_site_of_an_ipv6_address) {
  EXPECT_EQ(source_of(address("2001:db8:1:2:3:4:5:6")),
            address("2001:db8:1:2::"));
  EXPECT_NE(source_of(address("2001:db8:1:2::1")),
            source_of(address("2001:db8:1:3::1")));
}

TEST(the_hash_of_a_source, is_another_with_another_seed) {
  std::set<std::size_t> hashes;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed)
    hashes.insert(source_hash{seed}(address("192.0.2.1")));
  EXPECT_EQ(hashes.size(), 1'000u);
}

TEST(the_hash_of_a_source, tells_neighbours_apart_by_its_last_bits) {
  std::set<std::size_t> last_bits;
  for (std::uint32_t i = 0; i < 4'096; ++i)
    last_bits.insert(source_hash{7}(ip_address::v4(i << 12U)) % 4'096);
  EXPECT_GT(last_bits.size(), 2'300u) << "63 % of them, if it were random";
}

} // namespace

} // namespace mfo::core
