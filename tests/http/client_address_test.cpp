// To which addresses a client connects, where somebody has a say in it.

#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_script_server.hpp"

#include <gmock/gmock.h>

#include <mutex>

namespace mfo::http {
namespace {

using namespace mfo::test;
using testing::ElementsAre;

config::ip_address address(std::string_view text) {
  return config::ip_address::parse(text).value();
}

name_lookup gives(address_list addresses) {
  return [addresses = std::move(addresses)](const std::string&,
                                            const address_callback& done) {
    done(addresses);
  };
}

/// A check that lets everything through and notes what it was asked.
class noted {
public:
  address_check check() {
    return [this](const address_list& addresses) -> std::optional<std::string> {
      const std::lock_guard guard{mutex_};
      for (const auto& each : addresses)
        seen_.push_back(each.to_string());
      return std::nullopt;
    };
  }

  std::vector<std::string> seen() {
    const std::lock_guard guard{mutex_};
    return seen_;
  }

private:
  std::mutex mutex_;
  std::vector<std::string> seen_;
};

TEST(client_addresses, may_come_from_elsewhere_than_dns) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  noted note;
  auto config = config_for(server.port());
  config.server.host = "a.example";
  config.look_up = gives({address("127.0.0.1")});
  config.check_addresses = note.check();
  EXPECT_THAT(ask(*runner.make(config)), is_reply(200, "ok"));
  EXPECT_THAT(note.seen(), ElementsAre("127.0.0.1"));
}

TEST(client_addresses, are_tried_in_turn) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  auto config = config_for(server.port());
  config.server.host = "a.example";
  config.look_up = gives({address("::1"), address("127.0.0.1")});
  EXPECT_THAT(ask(*runner.make(config)), is_reply(200, "ok"));
}

TEST(client_addresses, may_be_none) {
  client_runner runner;
  auto config = config_for(1);
  config.server.host = "a.example";
  config.look_up = gives({});
  EXPECT_THAT(ask(*runner.make(config)),
              is_error_with(client_errc::resolve_failed, "no address"));
  config.look_up = [](const std::string&, const address_callback& done) {
    done(tl::unexpected(std::string{"no such name"}));
  };
  EXPECT_THAT(ask(*runner.make(config)),
              is_error_with(client_errc::resolve_failed, "no such name"));
}

TEST(client_addresses, are_checked_before_anything_is_sent) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  for (const auto* host : {"127.0.0.1", "localhost", "::ffff:127.0.0.1"}) {
    auto config = config_for(server.port());
    config.server.host = host;
    config.check_addresses = [](const auto&) {
      return std::optional{"why"};
    };
    const auto answer = ask(*runner.make(config));
    EXPECT_THAT(answer, is_error_with(client_errc::address_refused, "why"));
    EXPECT_THAT(answer, is_unsent());
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(client_addresses, are_checked_when_the_host_is_one) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  noted note;
  auto config = config_for(server.port());
  config.server.host = "::ffff:127.0.0.1";
  config.check_addresses = note.check();
  EXPECT_THAT(ask(*runner.make(config)), is_reply(200, "ok"));
  EXPECT_THAT(note.seen(), ElementsAre("127.0.0.1"));
}

TEST(client_addresses, that_come_too_late_are_not_connected_to) {
  script_server server{always(reply_of("ok"))};
  std::promise<address_callback> asked;
  client_runner runner;
  auto config = config_for(server.port());
  config.server.host = "a.example";
  config.look_up = [&](const std::string&, address_callback done) {
    asked.set_value(std::move(done));
  };
  auto client = runner.make(config);
  auto answer = send(*client, impatient(milliseconds{30}));
  auto done = asked.get_future().get();
  EXPECT_THAT(await(std::move(answer)), is_error(client_errc::timeout));
  done(address_list{address("127.0.0.1")});
  done = nullptr;
  EXPECT_EQ(server.connections(), 0);
}

} // namespace
} // namespace mfo::http
