#pragma once

#include "api/auth_provider.hpp"
#include "api/call.hpp"
#include "api/json_body.hpp"

#include "devserver/server.hpp"
#include "tests/api/replies.hpp"
#include "tests/support/http_client_runner.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace mfo::api {

/// A dev-server in process and a real client: calls go over a socket.
class on_dev_server : public testing::Test {
protected:
  void run(devserver::options settings = {}) {
    server = std::make_unique<devserver::server>(std::move(settings));
    const auto port = server->start();
    ASSERT_TRUE(port) << port.error();
    client = runner.make(test::config_for(*port));
  }

  void SetUp() override {
    run();
  }

  void TearDown() override {
    client->close();
  }

  http::client_result send(const call& to,
                           const auth_provider::credentials_set& who = {}) {
    http::client_request request;
    request.method = to.method;
    request.target = to.target;
    request.headers = who.headers;
    request.headers.add("Accept", to.accept);
    if (to.body)
      request.headers.add("Content-Type", to.content_type);
    request.body = to.body;
    return test::ask(*client, std::move(request));
  }

  /// The reply; a call that can't be made or isn't answered fails the test.
  http::client_response answer(const call_result& to) {
    if (!to) {
      ADD_FAILURE() << to.error().message;
      return {};
    }
    auto got = send(*to);
    if (!got) {
      ADD_FAILURE() << got.error().detail;
      return {};
    }
    return *std::move(got);
  }

  test::client_runner runner;
  std::unique_ptr<devserver::server> server;
  std::shared_ptr<http::client> client;
};

} // namespace mfo::api
