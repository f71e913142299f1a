// Requests that are sent on the client's own thread, as by its callbacks.

#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_script_server.hpp"

#include <boost/asio/post.hpp>
#include <gmock/gmock.h>

#include <string>
#include <thread>
#include <vector>

namespace mfo::http {
namespace {

using namespace mfo::test;
using testing::ElementsAre;

/// Answers each request with its body.
script_server::script echo() {
  return [](server_peer& peer, int) {
    while (auto request = peer.read_request())
      if (!peer.write(reply_of(request->body())))
        return;
  };
}

/// A client whose thread is the test's, while it runs.
class client_reentry : public testing::Test {
protected:
  void make(client_config config) {
    client_ = *make_beast_client(io_, std::move(config));
  }

  /// Sends a request from within the client's thread; none is answered there.
  void send(const std::string& body) {
    sending_ = true;
    client_->send(post(body), [this](const client_result& result) {
      EXPECT_FALSE(sending_) << "answered within send";
      answers_.push_back(result ? result->body : result.error().detail);
    });
    sending_ = false;
  }

  /// Leaves a kept connection behind, and does `then` with it.
  template <class Then>
  void after_a_reply(Then then) {
    client_->send(post(), [this, then](const client_result& result) {
      ASSERT_THAT(result, is_reply(200, "{}"));
      ASSERT_EQ(client_->stats().idle, 1u);
      then();
    });
  }

  /// Until `count` more were answered.
  void run_until_answered(std::size_t count) {
    while (answers_.size() < count && io_.run_one() > 0) {
    }
  }

  boost::asio::io_context io_;
  std::shared_ptr<client> client_;
  bool sending_ = false;
  std::vector<std::string> answers_;
};

TEST_F(client_reentry, begins_at_once_on_a_kept_connection) {
  script_server server{echo()};
  make(config_for(server.port()));
  after_a_reply([&] {
    send("a");
    EXPECT_EQ(client_->stats().idle, 0u);
    EXPECT_EQ(client_->stats().waiting, 0u);
  });
  run_until_answered(1);
  EXPECT_THAT(answers_, ElementsAre("a"));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(client_reentry, keeps_the_order_of_what_waits) {
  script_server server{echo()};
  auto config = config_for(server.port());
  config.max_connections = 1;
  make(config);
  after_a_reply([&] {
    for (const auto* body : {"a", "b", "c"})
      send(body);
  });
  run_until_answered(3);
  EXPECT_THAT(answers_, ElementsAre("a", "b", "c"));
}

TEST_F(client_reentry, does_not_get_ahead_of_another_thread) {
  script_server server{echo()};
  auto config = config_for(server.port());
  config.max_connections = 1;
  make(config);
  after_a_reply([&] {
    std::thread{[&] {
      send("theirs");
    }}.join();
    send("ours");
  });
  run_until_answered(2);
  EXPECT_THAT(answers_, ElementsAre("theirs", "ours"));
}

TEST_F(client_reentry, is_not_answered_within_send_where_nothing_can_be_sent) {
  script_server server{echo()};
  auto config = config_for(server.port());
  config.check_addresses = [](const address_list&) {
    return "forbidden";
  };
  make(config);
  boost::asio::post(io_, [&] { send("a"); });
  run_until_answered(1);
  EXPECT_THAT(answers_, ElementsAre("forbidden"));
}

TEST_F(client_reentry, is_not_answered_within_send_on_a_connection_that_ended) {
  script_server server{[](server_peer& peer, int) {
    if (auto request = peer.read_request())
      peer.write(reply_of(request->body()));
  }};
  make(config_for(server.port()));
  after_a_reply([&] {
    ASSERT_TRUE(eventually([&] { return server.finished() == 1; }));
    send("a");
  });
  run_until_answered(1);
  EXPECT_THAT(answers_, ElementsAre("a"));
  EXPECT_EQ(server.connections(), 2);
}

} // namespace
} // namespace mfo::http
