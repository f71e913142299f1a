#include "node/node.hpp"

#include "signatures/signer.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace mfo::node {
namespace {

namespace beast = boost::beast;
using boost::asio::ip::tcp;
using ::testing::HasSubstr;

/// A client that fails in a way that nobody foresaw.
class throwing_client final : public http::client {
public:
  void send(http::client_request, http::client_callback) override {
    throw std::logic_error{"unforeseen"};
  }

  void close() override {}
};

config::settings quiet_settings() {
  config::settings settings;
  settings.node_name = "test";
  settings.listen = {"127.0.0.1", 0};
  settings.admin_listen = {"127.0.0.1", 0};
  config::server_settings server;
  server.url = "http://127.0.0.1:1";
  server.max_waiting = 100;
  settings.servers = {server};
  settings.log.level = config::log_level::off;
  config::endpoint_settings endpoint;
  endpoint.id = "hook";
  endpoint.path = "/hook";
  endpoint.signature.secrets = {config::secret{"s3cret"}};
  endpoint.server = server.name;
  settings.endpoints = {endpoint};
  return settings;
}

/// The status of one request; 0 when there is no whole answer.
unsigned ask(std::uint16_t port, beast::http::verb method,
             const std::string& target, const std::string& body = {}) {
  boost::asio::io_context io;
  tcp::socket socket{io};
  beast::error_code error;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, error);
  if (error)
    return 0;
  beast::http::request<beast::http::string_body> request{method, target, 11};
  request.set("Host", "localhost");
  if (method == beast::http::verb::post) {
    request.set("Content-Type", "application/json");
    for (const auto& [name, value] : signatures::sign(
             quiet_settings().endpoints.front().signature, {.body = body}))
      request.set(name, value);
    request.body() = body;
    request.prepare_payload();
  }
  beast::http::write(socket, request, error);
  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> reply;
  if (!error)
    beast::http::read(socket, buffer, reply, error);
  return error ? 0 : reply.result_int();
}

TEST(node, gives_up_with_exit_70_when_an_actor_fails_again_and_again) {
  auto started = node::start(
      {quiet_settings(), {}},
      {.in = {.make = [](boost::asio::io_context&,
                         const config::server_settings&, const std::string&) {
         return std::make_shared<throwing_client>();
       }}});
  ASSERT_TRUE(started) << started.error();
  const auto port = (*started)->port();
  const auto admin_port = (*started)->admin_port();
  EXPECT_EQ(ask(admin_port, beast::http::verb::get, "/health/ready"), 200U);
  auto ended =
      std::async(std::launch::async, [&] { return (*started)->run(); });
  unsigned failed = 0;
  // Between two failures the node answers 503: the actor is being restarted.
  while (ended.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
    if (ask(port, beast::http::verb::post, "/hook", "{}") == 500)
      ++failed;
  EXPECT_EQ(ended.get(), exit_status::gave_up);
  EXPECT_GE(failed, 5U);
}

TEST(node, says_in_one_line_why_it_cannot_listen) {
  boost::asio::io_context io;
  const tcp::acceptor holder{
      io, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
  auto settings = quiet_settings();
  settings.listen.port = holder.local_endpoint().port();
  const auto started = node::start({settings, {}});
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error(), HasSubstr("cannot listen on 127.0.0.1:"));
  EXPECT_THAT(started.error(), HasSubstr("in use"));
  EXPECT_EQ(started.error().find('\n'), std::string::npos);
}

TEST(node, says_which_certificate_file_it_cannot_read) {
  auto settings = quiet_settings();
  settings.servers[0].url = "https://127.0.0.1:1";
  settings.servers[0].tls.ca_file = "no/such/file.pem";
  const auto started = node::start({settings, {}});
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error(), HasSubstr("no/such/file.pem"));
}

TEST(node, stops_when_it_is_thrown_away_without_having_run) {
  auto started = node::start({quiet_settings(), {}});
  ASSERT_TRUE(started) << started.error();
  const auto port = (*started)->port();
  started->reset();
  EXPECT_EQ(ask(port, beast::http::verb::get, "/hook"), 0U);
}

} // namespace
} // namespace mfo::node
