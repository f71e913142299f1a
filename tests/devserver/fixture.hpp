#pragma once

#include "devserver/server.hpp"
#include "tests/devserver/raw_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace mfo::devserver {

/// A running server, and requests to it by hand.
class running_server : public testing::Test {
protected:
  void run(options settings = {}) {
    one = std::make_unique<server>(std::move(settings));
    const auto started = one->start();
    ASSERT_TRUE(started) << started.error();
  }

  void SetUp() override {
    run();
  }

  answer ask(std::string_view method, std::string_view target,
             std::string_view body = {}, const field_list& fields = {}) {
    return devserver::ask(one->port(), method, target, body, fields);
  }

  nlohmann::json ask_json(std::string_view method, std::string_view target,
                          std::string_view body = {},
                          const field_list& fields = {}) {
    return nlohmann::json::parse(ask(method, target, body, fields).body);
  }

  void set_faults(std::string_view json) {
    const auto set = one->set_faults(json);
    ASSERT_TRUE(set) << set.error();
  }

  std::unique_ptr<server> one;
};

} // namespace mfo::devserver
