// A listener goes to another address while clients come.

#include "tests/http/listener_fixture.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/support/wait_until.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace mfo::http {

namespace {

class a_listener_that_moves : public listener_fixture {
protected:
  void open_at(const char* host) {
    settings.listen = {host, here_.number()};
    open();
  }

  /// On the I/O thread.
  void move_to(const config::listen_address& address) {
    settings.listen = address;
    const auto bound = door->bind(address);
    ASSERT_TRUE(bound) << bound.error();
    door->adopt(settings, deps());
  }

  const support::reserved_port here_, elsewhere_;
};

TEST_F(a_listener_that_moves, takes_those_whom_it_has_not_accepted_yet) {
  open_at("127.0.0.1");
  std::vector<std::unique_ptr<raw_client>> waiting;
  support::run_on(io, [&] {
    for (int i = 0; i < 20; ++i)
      waiting.push_back(std::make_unique<raw_client>(here_.number()));
    move_to({"127.0.0.1", elsewhere_.number()});
  });
  for (const auto& each : waiting)
    EXPECT_EQ(each->ask("POST", "/hook", "{}").status, 202);
  EXPECT_EQ(ask("POST", "/hook", "{}").status, 202);
  EXPECT_FALSE(support::accepts_connections(here_.number()))
      << "who comes from then on";
}

TEST_F(a_listener_that_moves, can_come_back_at_once) {
  open_at("127.0.0.1");
  support::run_on(io, [&] {
    move_to({"127.0.0.1", elsewhere_.number()});
    move_to({"127.0.0.1", here_.number()});
  });
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(ask("POST", "/hook", "{}").status, 202);
  EXPECT_FALSE(support::accepts_connections(elsewhere_.number()));
  EXPECT_EQ(ask("POST", "/hook", "{}").status, 202);
}

TEST_F(a_listener_that_moves, refuses_nobody_where_its_port_stays) {
  open_at("127.0.0.1");
  std::atomic<bool> ends{false};
  std::atomic<int> taken{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      while (!ends) {
        EXPECT_EQ(devserver::ask(here_.number(), "POST", "/hook", "{}").status,
                  202);
        ++taken;
      }
    });
  for (const auto* host : {"0.0.0.0", "127.0.0.1", "0.0.0.0", "127.0.0.1"}) {
    support::run_on(io, [&] { move_to({host, here_.number()}); });
    const auto before = taken.load();
    EXPECT_TRUE(support::wait_until([&] { return taken > before + 100; }));
  }
  ends = true;
  for (auto& each : clients)
    each.join();
}

} // namespace

} // namespace mfo::http
