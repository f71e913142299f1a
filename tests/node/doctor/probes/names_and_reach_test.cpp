#include "node/doctor/probes/name_probe.hpp"
#include "node/doctor/probes/reach.hpp"

#include "tests/support/http_certificates.hpp"
#include "tests/support/http_script_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::node::doctor {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(a_name, of_this_host_is_found) {
  EXPECT_THAT(look_up("localhost", 10s).addresses, Contains("127.0.0.1"));
}

TEST(a_name, that_is_an_address_stands_for_itself) {
  EXPECT_THAT(look_up("192.0.2.7", 10s).addresses, ElementsAre("192.0.2.7"));
}

TEST(a_name, that_cannot_be_one_has_an_error) {
  const auto seen = look_up("not..a..name", 10s);
  EXPECT_TRUE(seen.addresses.empty());
  EXPECT_NE(seen.error, "");
}

reach_seen go_to(std::uint16_t port, bool tls, const std::string& ca = {},
                 std::chrono::milliseconds longest = 10s) {
  return reach({.server = {.tls = tls,
                           .host = "localhost",
                           .port = port,
                           .base_path = {}},
                .tls = {.ca_file = ca}},
               std::chrono::steady_clock::now() + longest);
}

TEST(a_way, to_a_server_of_tls_tells_of_its_certificate) {
  const support::temporary_folder folder;
  const test::authority authority;
  test::script_server server{
      test::silent(), {.tls = authority.issue({.names = {"DNS:localhost"}})}};
  const auto seen = go_to(server.port(), true,
                          folder.write("ca.pem", authority.certificate()));
  EXPECT_FALSE(seen.failed()) << seen.error;
  ASSERT_TRUE(seen.certificate);
  EXPECT_LT(seen.certificate->ends - std::chrono::system_clock::now(), 1h);
}

TEST(a_way, ends_in_tls_where_nobody_vouches) {
  const test::authority authority;
  test::script_server server{
      test::silent(), {.tls = authority.issue({.names = {"DNS:localhost"}})}};
  EXPECT_EQ(go_to(server.port(), true).stopped_at, reach_stage::tls);
}

TEST(a_way, ends_in_tls_when_the_server_says_nothing_in_time) {
  test::script_server server{test::silent()};
  const auto seen = go_to(server.port(), true, {}, 300ms);
  EXPECT_EQ(seen.stopped_at, reach_stage::tls);
  EXPECT_THAT(seen.error, HasSubstr("in time"));
}

TEST(a_way, by_a_proxy_that_speaks_no_http_ends_in_the_tunnel) {
  test::script_server proxy{[](test::server_peer& peer, int) {
    peer.read_some();
    peer.write("SSH-2.0-x\r\n\r\n");
  }};
  const auto seen = reach(
      {.server = {.tls = true, .host = "localhost", .port = 1, .base_path = {}},
       .via = http::proxy{.host = "127.0.0.1", .port = proxy.port()}},
      std::chrono::steady_clock::now() + 10s);
  EXPECT_EQ(seen.stopped_at, reach_stage::tunnel);
  EXPECT_THAT(seen.error, HasSubstr("not in HTTP"));
}

} // namespace
} // namespace mfo::node::doctor
