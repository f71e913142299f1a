// What a call must not reach, whatever its URL and its host's addresses are.

#include "tests/outbound/caller_fixture.hpp"

namespace mfo::outbound {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(http_caller_reach, is_nothing_at_first) {
  script_server server{always(reply_of("ok"))};
  caller_world world{{}};
  const auto result =
      world.ask(get(on_port("127.0.0.1", server.port(), "/?token=s3cret")));
  ASSERT_THAT(result, fails_with("not_allowed"));
  EXPECT_TRUE(result.error().refused);
  EXPECT_FALSE(result.error().transient);
  EXPECT_THAT(result.error().message, HasSubstr("127.0.0.1"));
  EXPECT_THAT(result.error().message, Not(HasSubstr("s3cret")));
  EXPECT_EQ(server.connections(), 0);
}

TEST(http_caller_reach, is_no_private_address_of_an_allowed_name) {
  script_server server{always(reply_of("ok"))};
  caller_world world{allowing({"a.example:*"}, {})};
  for (const auto* address :
       {"127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "0.0.0.0",
        "10.0.0.1", "169.254.169.254", "fd00:ec2::254", "2002:7f00:1::1"}) {
    world.names().set("a.example", {{address}});
    const auto result = world.ask(get(on_port("a.example", server.port())));
    ASSERT_THAT(result, fails_with("not_allowed")) << address;
    EXPECT_TRUE(result.error().refused);
    EXPECT_FALSE(result.error().transient);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(http_caller_reach, is_no_name_with_one_bad_address) {
  script_server server{always(reply_of("ok"))};
  caller_world world{allowing({"a.example:*"})};
  world.names().set("a.example", {{"127.0.0.1", "10.0.0.1"}});
  EXPECT_THAT(world.ask(get(on_port("a.example", server.port()))),
              fails_with("not_allowed"));
  EXPECT_EQ(server.connections(), 0);
}

/// The first answer is good, and each later one is not: who asks twice for one
/// connection, to check and to connect, is caught.
TEST(http_caller_reach, is_not_widened_by_a_name_that_changes_its_addresses) {
  script_server allowed{always(reply_of("allowed")), {.address = "127.0.0.2"}};
  caller_world world{allowing({"a.example:*"}, {"127.0.0.2"})};
  world.names().set("a.example", {{"127.0.0.2"}, {"127.0.0.1"}});
  EXPECT_THAT(world.ask(get(on_port("a.example", allowed.port()))),
              has_body("allowed"));
  EXPECT_EQ(world.names().asked(), 1);
}

TEST(http_caller_reach, is_checked_again_for_each_connection) {
  script_server closes{[](server_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\n"
               "Content-Length: 2\r\n\r\nok");
  }};
  caller_world world{allowing({"a.example:*"}, {"127.0.0.1"})};
  world.names().set("a.example", {{"127.0.0.1"}, {"127.0.0.2"}});
  const auto url = on_port("a.example", closes.port());
  EXPECT_THAT(world.ask(get(url)), has_body("ok"));
  EXPECT_THAT(world.ask(get(url)), fails_with("not_allowed"));
  EXPECT_EQ(closes.connections(), 1);
}

TEST(http_caller_reach, is_no_port_that_is_not_named) {
  caller_world world{allowing({"a.example", "b.example:8443"})};
  for (const auto* url : {"http://a.example:22/", "http://a.example:443/",
                          "https://a.example:80/", "https://b.example/"})
    EXPECT_THAT(world.ask(get(url)), fails_with("not_allowed")) << url;
  EXPECT_EQ(world.names().asked(), 0);
}

TEST(http_caller_reach, is_known_to_the_server_by_the_name_that_was_allowed) {
  std::promise<std::string> host;
  script_server server{[&](server_peer& peer, int) {
    host.set_value(std::string((*peer.read_request())["Host"]));
    peer.write(reply_of("ok"));
  }};
  caller_world world{allowing({"a.example:*"})};
  world.names().set("a.example", {{"127.0.0.1"}});
  EXPECT_THAT(world.ask(get(on_port("A.Example", server.port()))),
              has_body("ok"));
  EXPECT_EQ(host.get_future().get(),
            "a.example:" + std::to_string(server.port()));
}

} // namespace
} // namespace mfo::outbound
