#pragma once

#include "tests/cluster/calling/call_samples.hpp"
#include "tests/cluster/calling/simulated_callers.hpp"
#include "tests/cluster/membership/cards.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace mfo::cluster::test {

using mfo::test::between;

/// One life of a node: the host of a desk, and its connectors.
class simulated_callers::process final : public call_host {
public:
  process(simulated_callers& world, node_life self, role_set roles)
    : life(std::move(self)), card(card_of(life, roles)),
      settings(settings_of(world.plan_)),
      desk(settings, *this,
           [&world](std::size_t below) {
             return between(world.random_, std::size_t{0}, below - 1);
           }),
      world_(world) {}

  void send(const std::string& peer, std::string bytes) override {
    EXPECT_LT(bytes.size(), std::size_t{4} << 20U);
    world_.send(life, peer, std::move(bytes));
  }

  void flush_soon(const std::string& peer) override {
    world_.after(life, clock::duration{0}, [peer](process& self) {
      self.desk.flush(peer, self.world_.agenda_.now());
    });
  }

  bool knows(const std::string& server) override {
    return world_.servers_[life.name].contains(server);
  }

  void run_call(const call_key& key, const std::string&,
                const actors::api_request_ptr& request) override {
    run(key, request->deadline);
  }

  void run_forward(const call_key& key, const std::string&,
                   const core::event_ptr& event) override {
    run(key, event->deadline);
  }

  void cancel_run(const call_key& key, const std::string&,
                  const std::string&) override {
    world_.after(life, std::chrono::milliseconds{1}, [key](process& self) {
      self.desk.ended(key, bad_result(core::errc::taskflow_cancelled));
    });
  }

  void called(std::uint64_t number,
              const actors::api_result_ptr& result) override {
    world_.got(life, number, result->outcome);
  }

  void forwarded(std::uint64_t number, const core::outcome& how) override {
    world_.got(life, number, how);
  }

  void faulty(const std::string& peer, std::string_view why) override {
    ADD_FAILURE() << life.name << " finds " << peer << " faulty: " << why;
  }

  const node_life life;
  const std::shared_ptr<const node_card> card;
  const calling_settings settings;
  call_desk desk;
  bool frozen = false;
  std::deque<process_action> held; ///< what is to be done when it moves again
  std::set<call_key> made;

private:
  static std::shared_ptr<const node_card> card_of(const node_life& life,
                                                  role_set roles) {
    auto card = test::card_of(life.name, 1, life.incarnation);
    card.roles = roles;
    return std::make_shared<const node_card>(std::move(card));
  }

  /// In trouble there is little room, so that it is full now and then.
  static calling_settings settings_of(const calls_plan& plan) {
    calling_settings what;
    if (plan.trouble)
      what.running = {
          .max_calls = 30, .max_bytes = 400'000, .max_unread = 300'000};
    return what;
  }

  /// As a connector does it: by the deadline it has answered.
  void run(const call_key& key, clock::time_point deadline) {
    world_.ran(*this, key);
    const auto now = world_.agenda_.now();
    const bool hangs = between(world_.random_, 0, 15) == 0;
    const auto takes = world_.a_delay(1, 400);
    const bool in_time = !hangs && now + takes < deadline;
    const bool large = between(world_.random_, 0, 9) == 0;
    const auto result =
        !in_time ? bad_result(core::errc::upstream_timeout)
                 : good_result(std::string(large ? 150'000 : 10, 'x'));
    world_.after(
        life, in_time ? takes : deadline - now,
        [key, result](process& self) { self.desk.ended(key, result); });
  }

  simulated_callers& world_;
};

} // namespace mfo::cluster::test
