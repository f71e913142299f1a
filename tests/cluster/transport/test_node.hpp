#pragma once

#include "cluster/transport/prepare.hpp"
#include "cluster/transport/transport.hpp"
#include "core/leak_pause.hpp"
#include "tests/cluster/transport/certificates_of_nodes.hpp"
#include "tests/support/wait_until.hpp"

#include <caf/all.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// Settings of a node that has these files and lets these names in.
inline transport_settings settings_with(const node_files& files,
                                        std::vector<std::string> allowed = {
                                            "*"}) {
  transport_settings settings;
  settings.certificate = files.certificate;
  settings.key = files.key;
  settings.ca = files.ca;
  settings.allowed_names = std::move(allowed);
  return settings;
}

inline transport_settings settings_without_tls() {
  transport_settings settings;
  settings.tls = false;
  return settings;
}

/// An actor system with a transport, whose gate answers a number with the next
/// one, as a message to the sender.
class test_node {
public:
  explicit test_node(const transport_settings& settings,
                     const heartbeat_settings& heartbeat = {})
    : config_(heartbeat), system_(core::while_leaks_pause(config_)) {
    gate_ = system_.spawn([this](caf::event_based_actor* self) {
      return caf::behavior{
          [this, self](std::int32_t number) {
            ++asked_;
            if (self->current_sender() != nullptr)
              self->send(caf::actor_cast<caf::actor>(self->current_sender()),
                         number + 1);
          },
          [](const std::string&) {},
      };
    });
    auto opened = transport::open(
        system_, settings, caf::actor_cast<caf::strong_actor_ptr>(gate_),
        [this](const link_event& event) { note(event); });
    if (opened)
      transport_.emplace(*std::move(opened));
    else
      ADD_FAILURE() << opened.error();
  }

  ~test_node() {
    stop();
    caf::anon_send_exit(gate_, caf::exit_reason::kill);
  }

  test_node(const test_node&) = delete;

  void stop() {
    if (transport_)
      transport_->stop();
  }

  transport& link() {
    return *transport_;
  }

  config::listen_address address() const {
    return {"127.0.0.1", transport_->bound_port()};
  }

  caf::actor_system& system() {
    return system_;
  }

  int asked() const {
    return asked_;
  }

  /// Dials, and gives the token.
  std::uint64_t dial(const config::listen_address& to,
                     const std::string& expected = {}) {
    const auto token = ++last_token_;
    EXPECT_TRUE(transport_->dial(to, expected, token));
    return token;
  }

  /// Dials, and waits for what comes of it.
  link_event dialled(const config::listen_address& to,
                     const std::string& expected = {}) {
    const auto token = dial(to, expected);
    return wait_for(
        [token](const link_event& event) { return event.token == token; });
  }

  link_event dialled(const test_node& to, const std::string& expected = {}) {
    return dialled(to.address(), expected);
  }

  /// The first event of this kind that comes, or has come.
  link_event wait_for(link_event::kind kind) {
    return wait_for(
        [kind](const link_event& event) { return event.what == kind; });
  }

  link_event wait_for(const std::function<bool(const link_event&)>& wanted) {
    std::optional<link_event> found;
    support::wait_until([&] {
      found = find(wanted);
      return found.has_value();
    });
    if (!found)
      ADD_FAILURE() << "no such event among " << told();
    return found.value_or(link_event{});
  }

  std::size_t count(link_event::kind kind) const {
    const std::lock_guard lock{mutex_};
    return static_cast<std::size_t>(
        std::count_if(events_.begin(), events_.end(),
                      [kind](const auto& each) { return each.what == kind; }));
  }

  /// Asks a gate; false where no answer comes.
  bool ask(const caf::strong_actor_ptr& gate, std::int32_t number = 1) {
    caf::scoped_actor self{system_};
    self->send(caf::actor_cast<caf::actor>(gate), number);
    bool answered = false;
    self->receive([&](std::int32_t answer) { answered = answer == number + 1; },
                  caf::after(support::patience) >> [] {});
    return answered;
  }

  std::string told() const {
    const std::lock_guard lock{mutex_};
    std::string result;
    for (const auto& each : events_)
      result += "\n  " + std::to_string(static_cast<int>(each.what)) + " " +
                each.peer + " " + std::string{to_string(each.reason)} + ": " +
                each.text;
    return result;
  }

private:
  struct configuration : caf::actor_system_config {
    explicit configuration(const heartbeat_settings& heartbeat) {
      prepare(*this, heartbeat);
      set("scheduler.max-threads", std::size_t{2});
    }
  };

  void note(const link_event& event) {
    const std::lock_guard lock{mutex_};
    events_.push_back(event);
  }

  std::optional<link_event>
  find(const std::function<bool(const link_event&)>& wanted) const {
    const std::lock_guard lock{mutex_};
    const auto found = std::find_if(events_.begin(), events_.end(), wanted);
    return found == events_.end() ? std::nullopt : std::optional{*found};
  }

  configuration config_;
  caf::actor_system system_;
  caf::actor gate_;
  std::atomic<int> asked_ = 0;
  mutable std::mutex mutex_; ///< of the events
  std::vector<link_event> events_;
  std::uint64_t last_token_ = 0;
  std::optional<transport> transport_;
};

} // namespace mfo::cluster::test
