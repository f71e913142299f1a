// Calls and their answers, over real sockets.

#include "tests/outbound/caller_fixture.hpp"
#include "tests/support/nginx_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdlib>
#include <semaphore>

namespace mfo::outbound {
namespace {

using taskflow::json;
using testing::HasSubstr;
using testing::Not;

TEST(http_caller, sends_a_call_and_gives_the_reply) {
  std::promise<test::http_request> seen;
  script_server server{[&](server_peer& peer, int) {
    seen.set_value(*peer.read_request());
    peer.write("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
               "Content-Length: 8\r\n\r\n{\"id\":7}");
  }};
  caller_world world{allowing({"127.0.0.1:*"})};
  auto call = get(on_port("127.0.0.1", server.port(), "/new?a=b"));
  call.method = "POST";
  call.headers = {{"Authorization", "Bearer t"}};
  call.body = R"({"q":1})";
  call.content_type = "application/json";
  const auto result = world.ask(std::move(call));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(**result,
            json::parse(R"({"status": 201, "body": {"id": 7}, "headers":
                            {"content-type": "application/json",
                             "content-length": "8"}})"));
  const auto request = seen.get_future().get();
  EXPECT_EQ(request.method_string(), "POST");
  EXPECT_EQ(request.target(), "/new?a=b");
  EXPECT_EQ(request["Host"], "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(request["Authorization"], "Bearer t");
  EXPECT_EQ(request["Content-Type"], "application/json");
  EXPECT_THAT(std::string(request["User-Agent"]),
              testing::MatchesRegex("mfo-node/[0-9.]+"));
  EXPECT_EQ(request.count("traceparent"), 0u);
  EXPECT_EQ(request.body(), R"({"q":1})");
}

TEST(http_caller, resolves_names) {
  script_server server{always(reply_of("ok"))};
  caller_world world{allowing({"a.example:*"})};
  world.names().set("a.example", {{"127.0.0.1"}});
  EXPECT_THAT(world.ask(get(on_port("a.example", server.port()))),
              has_body("ok"));
}

TEST(http_caller, keeps_a_connection_for_the_next_call_to_a_host) {
  script_server server{always(reply_of("ok"))};
  caller_world world{allowing({"a.example:*"})};
  world.names().set("a.example", {{"127.0.0.1"}});
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(world.ask(get(on_port("a.example", server.port()))),
                has_body("ok"));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(world.names().asked(), 1);
  EXPECT_EQ(world.caller().stats().hosts, 1u);
}

TEST(http_caller, does_not_follow_redirects) {
  script_server server{
      always("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
             "Content-Length: 0\r\n\r\n")};
  caller_world world{allowing({"127.0.0.1:*"})};
  const auto url = on_port("127.0.0.1", server.port());
  const auto refused = world.ask(get(url));
  ASSERT_THAT(refused, fails_with("http_status"));
  EXPECT_EQ(refused.error().status, 302);
  EXPECT_TRUE(refused.error().refused);
  auto call = get(url);
  call.accept_statuses = {302};
  const auto result = world.ask(std::move(call));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ((**result)["headers"]["location"], "http://127.0.0.1:1/");
}

TEST(http_caller, speaks_tls_to_whom_an_authority_vouches_for) {
  const test::authority ours;
  support::temporary_folder files;
  const support::nginx_process nginx{"location / { return 200 ok; }",
                                     ours.issue({{"DNS:a.example"}})};
  auto settings = allowing({"a.example:*", "b.example:*"});
  settings.ca_file = files.write("ca.pem", ours.certificate());
  caller_world world{settings};
  world.names().set("a.example", {{"127.0.0.1"}});
  world.names().set("b.example", {{"127.0.0.1"}});
  const auto port = ":" + std::to_string(nginx.port()) + "/";
  EXPECT_THAT(world.ask(get("https://a.example" + port)), has_body("ok"));
  EXPECT_THAT(world.ask(get("https://a.example" + port)), has_body("ok"));
  const auto other = world.ask(get("https://b.example" + port));
  ASSERT_THAT(other, fails_with("tls"));
  EXPECT_FALSE(other.error().transient);
}

TEST(http_caller, trusts_whom_the_system_trusts_where_it_is_told_of_no_others) {
  const test::authority ours;
  support::temporary_folder files;
  const support::nginx_process nginx{"location / { return 200 ok; }",
                                     ours.issue({{"DNS:a.example"}})};
  // Where OpenSSL has the system's certificates from.
  const auto file = files.write("ca.pem", ours.certificate());
  ::setenv("SSL_CERT_FILE", file.c_str(), 1);
  caller_world world{allowing({"a.example:*"})};
  world.names().set("a.example", {{"127.0.0.1"}});
  EXPECT_THAT(
      world.ask(get("https://a.example:" + std::to_string(nginx.port()) + "/")),
      has_body("ok"));
  ::unsetenv("SSL_CERT_FILE");
}

TEST(http_caller, trusts_no_stranger) {
  script_server server{always(reply_of("ok")),
                       {"127.0.0.1", test::self_signed({{"IP:127.0.0.1"}})}};
  caller_world world{allowing({"127.0.0.1:*"})};
  EXPECT_THAT(world.ask(get(
                  "https://127.0.0.1:" + std::to_string(server.port()) + "/")),
              fails_with("tls"));
}

TEST(http_caller, says_at_once_that_its_ca_file_is_none) {
  boost::asio::io_context io;
  auto settings = allowing({"a.example"});
  settings.ca_file = "/nowhere/ca.pem";
  const auto made = make_http_caller(io, settings);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error(), HasSubstr("/nowhere/ca.pem"));
}

TEST(http_caller, says_why_there_is_no_reply) {
  caller_world world{allowing({"*.example:*", "127.0.0.1:*"})};
  const auto dns = world.ask(get("http://gone.example:8080/?token=s3cret"));
  ASSERT_THAT(dns, fails_with("dns"));
  EXPECT_TRUE(dns.error().transient);
  EXPECT_THAT(dns.error().message, HasSubstr("gone.example"));
  EXPECT_THAT(dns.error().message, Not(HasSubstr("s3cret")));
  std::uint16_t port = 0;
  {
    script_server gone{always("")};
    port = gone.port();
  }
  EXPECT_THAT(world.ask(get(on_port("127.0.0.1", port))),
              fails_with("connect"));
  script_server breaks{[](server_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort");
  }};
  EXPECT_THAT(world.ask(get(on_port("127.0.0.1", breaks.port()))),
              fails_with("broken"));
}

TEST(http_caller, refuses_what_cannot_be_sent_before_it_is_sent) {
  caller_world world{allowing({"a.example"})};
  EXPECT_THAT(world.ask(get("http://a.example@127.0.0.1/")),
              fails_with("bad_url"));
  auto call = get("http://a.example/");
  call.headers = {{"X-A", "1\r\nX-B: 2"}};
  EXPECT_THAT(world.ask(std::move(call)), fails_with("bad_request"));
  EXPECT_EQ(world.names().asked(), 0);
}

TEST(http_caller, answers_on_the_io_thread_and_not_within_send) {
  boost::asio::io_context io;
  const auto caller = make_http_caller(io, allowing({"a.example"})).value();
  int answers = 0;
  caller->send(get("nonsense"), std::chrono::steady_clock::now() + 30s,
               [&](const auto&) { ++answers; });
  EXPECT_EQ(answers, 0);
  io.run();
  EXPECT_EQ(answers, 1);
}

TEST(http_caller, takes_calls_from_many_threads) {
  script_server server{always(reply_of("ok"))};
  caller_world world{allowing({"127.0.0.1:*"})};
  std::atomic<int> good{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i)
    senders.emplace_back([&] {
      for (int k = 0; k < 25; ++k)
        good += world.ask(get(on_port("127.0.0.1", server.port()))).has_value();
    });
  for (auto& sender : senders)
    sender.join();
  EXPECT_EQ(good, 100);
  EXPECT_LE(server.connections(), 32);
}

} // namespace
} // namespace mfo::outbound
