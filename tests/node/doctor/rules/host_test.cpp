// The rules about this host: its ports, limits and clock.

#include "node/doctor/rules/clock.hpp"
#include "node/doctor/rules/limits.hpp"
#include "node/doctor/rules/ports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace mfo::node::doctor {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;
using testing::HasSubstr;

port_seen port_with(int error) {
  return {.subject = "listen", .address = "127.0.0.1:8088", .error = error};
}

TEST(a_port, is_good_when_it_is_free) {
  EXPECT_EQ(judge_port(port_with(0)).how, verdict::ok);
}

TEST(a_port, that_is_taken_fails_and_says_by_whom) {
  auto seen = port_with(EADDRINUSE);
  seen.users = {{17, "nginx"}, {18, "nginx"}};
  const auto found = judge_port(seen);
  EXPECT_EQ(found.how, verdict::failed);
  EXPECT_THAT(found.text, HasSubstr("nginx (pid 17), nginx (pid 18)"));
}

TEST(a_port, that_is_taken_by_who_cannot_be_seen_fails_all_the_same) {
  const auto found = judge_port(port_with(EADDRINUSE));
  EXPECT_EQ(found.how, verdict::failed);
  EXPECT_THAT(found.text, HasSubstr("only root"));
}

TEST(a_port, that_this_very_node_has_is_good) {
  auto seen = port_with(EADDRINUSE);
  seen.users = {{17, "mfo-node"}};
  seen.by_this_node = true;
  const auto found = judge_port(seen);
  EXPECT_EQ(found.how, verdict::ok);
  EXPECT_THAT(found.text, HasSubstr("this very node, mfo-node (pid 17)"));
}

TEST(a_port, that_cannot_be_had_fails_with_the_remedy_for_it) {
  EXPECT_THAT(judge_port(port_with(EACCES)).remedy,
              HasSubstr("CAP_NET_BIND_SERVICE"));
  EXPECT_THAT(judge_port(port_with(EADDRNOTAVAIL)).remedy,
              HasSubstr("ip address"));
  EXPECT_EQ(judge_port(port_with(EAFNOSUPPORT)).how, verdict::failed);
}

TEST(descriptors, are_enough_when_every_connection_has_one) {
  config::settings node;
  node.limits.max_connections = 100;
  const auto wanted = demand_of(node);
  EXPECT_GE(wanted.descriptors, 200u);
  EXPECT_EQ(judge_descriptors(wanted, {.descriptors = wanted.descriptors}).how,
            verdict::ok);
  const auto found = judge_descriptors(
      wanted, {.of_whom = "the node", .descriptors = 100, .hard = 100});
  EXPECT_EQ(found.how, verdict::failed);
  EXPECT_THAT(found.remedy, HasSubstr("hard limit"));
}

TEST(descriptors, are_wanted_for_servers_and_peers_too) {
  config::settings node;
  const auto alone = demand_of(node).descriptors;
  node.servers.emplace_back().max_in_flight = 500;
  node.cluster.name = "shop";
  EXPECT_GE(demand_of(node).descriptors, alone + 500 + 256);
}

TEST(memory, is_enough_when_what_may_be_in_flight_fits_with_some_to_spare) {
  config::settings node;
  node.limits.max_bytes_in_flight = 512u << 20;
  const auto wanted = demand_of(node);
  EXPECT_GE(wanted.memory, 512u << 20);
  const auto with = [&](std::uint64_t limit) {
    return judge_memory(wanted, {.memory = limit, .memory_by = "memory.max"});
  };
  EXPECT_EQ(with(2 * wanted.memory).how, verdict::ok);
  EXPECT_EQ(with(wanted.memory + wanted.memory / 10).how, verdict::warning);
  EXPECT_EQ(with(wanted.memory / 2).how, verdict::failed);
  EXPECT_THAT(with(wanted.memory / 2).remedy, HasSubstr("MemoryMax="));
}

TEST(memory, without_a_limit_is_left_out) {
  EXPECT_EQ(judge_memory({}, {}).how, verdict::left_out);
  EXPECT_EQ(judge_descriptors({}, {}).how, verdict::left_out);
}

/// A server whose clock is that far from ours, and that answers at once.
finding with_server_at(system_clock::duration off,
                       std::chrono::milliseconds tolerance = 5min) {
  const auto now =
      std::chrono::floor<std::chrono::seconds>(system_clock::now()) + 500ms;
  return judge_date({"servers.default", now, now + 20ms,
                     std::chrono::floor<std::chrono::seconds>(now + off)},
                    tolerance);
}

TEST(a_date, of_a_server_with_the_same_time_is_good) {
  EXPECT_EQ(with_server_at(0s).how, verdict::ok);
  EXPECT_EQ(with_server_at(-2s).how, verdict::ok);
}

TEST(a_date, that_is_off_by_more_than_signatures_may_be_fails) {
  EXPECT_EQ(with_server_at(10min).how, verdict::failed);
  EXPECT_EQ(with_server_at(-10min).how, verdict::failed);
  EXPECT_EQ(with_server_at(30s, 10s).how, verdict::failed);
  EXPECT_THAT(with_server_at(10min).text, HasSubstr("behind"));
  EXPECT_THAT(with_server_at(-10min).text, HasSubstr("ahead"));
}

TEST(a_date, that_is_off_by_less_is_to_be_looked_at) {
  EXPECT_EQ(with_server_at(30s).how, verdict::warning);
}

TEST(a_date, may_come_late_without_a_clock_being_wrong) {
  const auto asked =
      std::chrono::floor<std::chrono::seconds>(system_clock::now());
  EXPECT_EQ(
      judge_date({"servers.default", asked, asked + 40s, asked + 20s}, 5s).how,
      verdict::ok);
}

TEST(the_least_tolerance, is_of_the_endpoints_whose_signatures_have_a_time) {
  config::settings node;
  EXPECT_EQ(least_tolerance(node), std::nullopt);
  auto& hmac = node.endpoints.emplace_back().signature;
  hmac.tolerance = 1s;
  EXPECT_EQ(least_tolerance(node), std::nullopt);
  hmac.timestamp_header = "X-Time";
  auto& stripe = node.endpoints.emplace_back().signature;
  stripe.scheme = config::signature_scheme::stripe;
  EXPECT_EQ(least_tolerance(node), 1s);
}

TEST(the_kernels_clock, is_good_when_something_sets_it) {
  EXPECT_EQ(judge_kernel_clock({true, true, 3000us}).how, verdict::ok);
  EXPECT_EQ(judge_kernel_clock({true, false, 0us}).how, verdict::warning);
  EXPECT_EQ(judge_kernel_clock({}).how, verdict::left_out);
}

} // namespace
} // namespace mfo::node::doctor
