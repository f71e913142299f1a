// A real server: nginx.

#include "tests/support/http_certificates.hpp"
#include "tests/support/http_client_runner.hpp"
#include "tests/support/nginx_process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tinyproxy_process.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <deque>
#include <functional>

namespace mfo::http {
namespace {

using namespace mfo::test;
using support::nginx_process;

constexpr auto replies = R"(
  location / { return 200 ok; }
  location /api/events { return 202 taken; }
)";

client_request get(std::string target) {
  client_request request;
  request.method = "GET";
  request.target = std::move(target);
  return request;
}

TEST(client_nginx, answers) {
  const nginx_process nginx{replies};
  client_runner runner;
  auto client = runner.make(config_for(nginx.port()));
  EXPECT_THAT(ask(*client, get("/")), is_reply(200, "ok"));
  EXPECT_THAT(ask(*client), is_reply(202, "taken"));
  EXPECT_THAT(ask(*client, post(std::string(900'000, 'x'))),
              is_reply(202, "taken"));
  EXPECT_EQ(client->stats().opened, 1u);
}

TEST(client_nginx, answers_over_tls_and_through_a_proxy) {
  const authority ours;
  support::temporary_folder files;
  const nginx_process nginx{replies, ours.issue({{"IP:127.0.0.1"}})};
  const support::tinyproxy_process via{nginx.port()};
  client_runner runner;
  auto config = config_for(nginx.port());
  config.server.tls = true;
  config.tls.ca_file = files.write("ca.pem", ours.certificate());
  EXPECT_THAT(ask(*runner.make(config)), is_reply(202, "taken"));
  config.via = proxy{"127.0.0.1", via.port()};
  EXPECT_THAT(ask(*runner.make(config)), is_reply(202, "taken"));
}

TEST(client_nginx, closes_kept_connections_without_a_call_lost) {
  const nginx_process nginx{std::string{"keepalive_requests 3;"} + replies};
  client_runner runner;
  auto client = runner.make(config_for(nginx.port()));
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(ask(*client), is_reply(202, "taken"));
  EXPECT_GE(client->stats().opened, 7u);
}

/// Sends a request as soon as the one before it is answered, until told to
/// stop, and counts what comes back.
class caller {
public:
  caller(http::client& client, std::atomic<bool>& stop)
    : client_(client), stop_(stop) {
    next();
  }

  /// No answer is outstanding any more.
  bool is_done() const {
    return done_;
  }

  int good() const {
    return good_;
  }

  int bad() const {
    return bad_;
  }

  /// Calls that were answered twice, or without having been sent.
  int surplus() const {
    return surplus_;
  }

private:
  void next() {
    auto answered = std::make_shared<std::atomic<int>>(0);
    client_.send(post(), [this, answered](const client_result& result) {
      if (++*answered > 1)
        ++surplus_;
      ++(result && result->status == 202 ? good_ : bad_);
      if (stop_)
        done_ = true;
      else
        next();
    });
  }

  http::client& client_;
  std::atomic<bool>& stop_;
  std::atomic<int> good_{0};
  std::atomic<int> bad_{0};
  std::atomic<int> surplus_{0};
  std::atomic<bool> done_{false};
};

TEST(client_nginx, restarts_under_load_and_every_call_is_answered_once) {
  nginx_process nginx{replies};
  client_runner runner;
  auto config = config_for(nginx.port());
  config.max_connections = 8;
  auto client = runner.make(config);
  std::atomic<bool> stop{false};
  std::deque<caller> callers;
  for (int i = 0; i < 8; ++i)
    callers.emplace_back(*client, stop);
  auto sum = [&](int (caller::*count)() const) {
    int result = 0;
    for (const auto& each : callers)
      result += (each.*count)();
    return result;
  };
  for (int restart = 0; restart < 3; ++restart) {
    auto good = sum(&caller::good);
    ASSERT_TRUE(eventually([&] { return sum(&caller::good) > good + 50; }));
    nginx.stop();
    auto bad = sum(&caller::bad);
    EXPECT_TRUE(eventually([&] { return sum(&caller::bad) > bad; }));
    nginx.start();
  }
  auto good = sum(&caller::good);
  EXPECT_TRUE(eventually([&] { return sum(&caller::good) > good + 50; }));
  stop = true;
  for (const auto& each : callers)
    EXPECT_TRUE(eventually([&] { return each.is_done(); }));
  EXPECT_EQ(sum(&caller::surplus), 0);
  EXPECT_THAT(ask(*client), is_reply(202, "taken"));
  EXPECT_LE(client->stats().open, 8u);
  EXPECT_EQ(client->stats().waiting, 0u);
}

} // namespace
} // namespace mfo::http
