#include "torture/wire/mesh.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <arpa/inet.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace mfo::wire {

namespace {

using namespace std::chrono_literals;
using testing::StartsWith;

constexpr clock::time_point begun{1h};

using bytes = std::vector<std::byte>;

bytes packet_to(const char* address) {
  bytes made(28);
  made[0] = std::byte{0x45};
  const auto to = ::inet_addr(address);
  std::memcpy(&made[16], &to, sizeof to);
  return made;
}

/// Of a, b and c.
class a_mesh : public testing::Test {
protected:
  host made(const std::string& name, const char* address) {
    return {name, ::inet_addr(address), [this, name](packet) {
              ++came[name];
              return true;
            }};
  }

  static constexpr std::size_t a = 0;
  static constexpr std::size_t b = 1;

  std::map<std::string, int> came;
  mesh network{{made("a", "198.18.0.1"), made("b", "198.18.0.2"),
                made("c", "198.18.0.3")},
               7};
  const bytes to_a = packet_to("198.18.0.1");
  const bytes to_b = packet_to("198.18.0.2");
  const bytes to_c = packet_to("198.18.0.3");
};

using came_to = std::map<std::string, int>;

TEST_F(a_mesh, carries_a_packet_to_the_host_that_has_the_address) {
  network.take(a, to_b, begun);
  network.take(a, to_c, begun);
  network.take(b, to_c, begun);
  EXPECT_EQ(came, (came_to{{"b", 1}, {"c", 2}}));
}

TEST_F(a_mesh, carries_nothing_to_others_nor_what_is_no_ipv4) {
  network.take(a, packet_to("198.18.0.4"), begun);
  auto ipv6 = to_b;
  ipv6[0] = std::byte{0x60};
  network.take(a, ipv6, begun);
  network.take(a, packet{to_b}.first(19), begun);
  network.take(a, {}, begun);
  EXPECT_EQ(came, came_to{});
}

TEST_F(a_mesh, harms_one_direction_between_two_hosts_alone) {
  EXPECT_EQ(network.obey("cut a b"), "ok");
  network.take(a, to_b, begun);
  EXPECT_EQ(came, came_to{});
  network.take(b, to_a, begun);
  network.take(a, to_c, begun);
  EXPECT_EQ(came, (came_to{{"a", 1}, {"c", 1}}));
}

TEST_F(a_mesh, puts_a_rule_in_place_of_the_one_before) {
  EXPECT_EQ(network.obey("cut a b"), "ok");
  EXPECT_EQ(network.obey("rule a b"), "ok");
  network.take(a, to_b, begun);
  EXPECT_EQ(came, (came_to{{"b", 1}}));
}

TEST_F(a_mesh, heals_all_at_once) {
  EXPECT_EQ(network.obey("cut a b"), "ok");
  EXPECT_EQ(network.obey("rule b c loss 1"), "ok");
  EXPECT_EQ(network.obey("heal"), "ok");
  network.take(a, to_b, begun);
  network.take(b, to_c, begun);
  EXPECT_EQ(came, (came_to{{"b", 1}, {"c", 1}}));
}

TEST_F(a_mesh, tells_when_the_next_packet_is_due) {
  EXPECT_EQ(network.release(begun), clock::time_point::max());
  EXPECT_EQ(network.obey("rule a b delay 200 200"), "ok");
  EXPECT_EQ(network.obey("rule b c delay 100 100"), "ok");
  network.take(a, to_b, begun);
  network.take(b, to_c, begun);
  EXPECT_EQ(network.release(begun), begun + 100ms);
  EXPECT_EQ(came, came_to{});
  EXPECT_EQ(network.release(begun + 100ms), begun + 200ms);
  EXPECT_EQ(came, (came_to{{"c", 1}}));
  EXPECT_EQ(network.release(begun + 200ms), clock::time_point::max());
  EXPECT_EQ(came, (came_to{{"b", 1}, {"c", 1}}));
}

TEST_F(a_mesh, refuses_what_is_of_no_link) {
  EXPECT_EQ(network.obey("cut a d"), "error there is no link from a to d");
  EXPECT_EQ(network.obey("cut a a"), "error there is no link from a to a");
  EXPECT_THAT(network.obey("mend a b"), StartsWith("error "));
}

TEST_F(a_mesh, tells_what_became_of_the_packets_of_each_link) {
  network.obey("rule a b loss 1");
  network.obey("cut b c");
  network.take(a, to_b, begun);
  network.take(a, to_c, begun);
  network.take(b, to_c, begun);
  const auto answer = network.obey("stats");
  ASSERT_THAT(answer, StartsWith("ok ["));
  const auto links = nlohmann::json::parse(answer.substr(3));
  EXPECT_EQ(links.size(), 6);
  const auto link_of = [](const char* from, const char* to, int forwarded,
                          int lost, int cut) {
    return nlohmann::json{
        {"from", from}, {"to", to},   {"forwarded", forwarded},
        {"lost", lost}, {"cut", cut}, {"overflow", 0}};
  };
  EXPECT_EQ(links[0], link_of("a", "b", 0, 1, 0));
  EXPECT_EQ(links[1], link_of("a", "c", 1, 0, 0));
  EXPECT_EQ(links[3], link_of("b", "c", 0, 0, 1));
}

} // namespace

} // namespace mfo::wire
