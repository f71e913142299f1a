// A hub, and all that a peer can send to it: the input is a list of messages,
// each behind a byte of its kind and two of its length. Whatever they are, the
// hub goes on, every word that it says can be read, and its own events end once
// each when the peer is gone.

#include "cluster/hub/hub.hpp"
#include "cluster/hub/link_number.hpp"
#include "cluster/messages/call_packing.hpp"
#include "cluster/messages/claim_packing.hpp"
#include "cluster/messages/copy_packing.hpp"
#include "cluster/messages/membership_packing.hpp"
#include "cluster/messages/work_packing.hpp"
#include "fuzz/target.hpp"
#include "tests/cluster/hub/far_gate.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace mfo::fuzz {

namespace {

using namespace mfo::cluster;
using namespace std::chrono_literals;
using mfo::cluster::test::far_node;
using mfo::cluster::test::gate_at;

constexpr std::uint64_t peer_process = 7;

void can_be_read(const caf::message& what) {
  caf::message_handler known{
      [](hello_atom, const std::string& bytes) {
        require(unpack_hello(bytes).has_value());
      },
      [](welcome_atom, const std::string& bytes) {
        require(unpack_hello(bytes).has_value());
      },
      [](refuse_atom, const std::string& bytes) {
        require(unpack_refusal(bytes).has_value());
      },
      [](beat_atom, const std::string& bytes) {
        require(unpack_heartbeat(bytes).has_value());
      },
      [](drain_atom, const std::string& node) { require(!node.empty()); },
      [](work_atom, std::uint64_t, const std::string& bytes) {
        require(unpack_work(bytes).has_value());
      },
      [](copies_atom, std::uint64_t, const std::string& bytes) {
        require(unpack_copies(bytes).has_value());
      },
      [](claims_atom, std::uint64_t, const std::string& bytes) {
        require(unpack_claims(bytes).has_value());
      },
      [](calls_atom, std::uint64_t, const std::string& bytes) {
        require(unpack_calls(bytes, {}).has_value());
      },
      // CAF's answer to a word that the hub does not know; hubs do not mind it.
      [](const caf::error&) {
      }};
  auto copy = what;
  require(static_cast<bool>(known(copy)));
}

class deaf_wire final : public peer_wire {
public:
  [[nodiscard]] bool dial(const config::listen_address&, std::string,
                          std::uint64_t) override {
    return false;
  }
  void close(link_id) override {}
};

node_card card_of(const std::string& name, role_set roles,
                  std::uint64_t process) {
  return {.name = name,
          .born = {.started = 1, .process = process},
          .where = {name, 7420},
          .roles = roles,
          .labels = {},
          .speaks = {},
          .software = "1"};
}

std::shared_ptr<const config::endpoint_settings>
endpoint(const std::string& id, config::ack_mode ack) {
  config::endpoint_settings settings;
  settings.id = id;
  settings.ack = ack;
  settings.too_few_copies = config::shortfall::complete;
  return std::make_shared<const config::endpoint_settings>(settings);
}

/// A node that takes events and has them run elsewhere, and its only peer.
class node_with_a_peer {
public:
  node_with_a_peer() : peer_(gate_at(system_, far_node(1), can_be_read)) {
    scheduler().advance_time(1h);
    hub_ = system_.spawn(hub, deps());
    runner_ = system_.spawn([](caf::event_based_actor*) -> caf::behavior {
      return {[](const core::event_ptr&, const actors::route_ptr&) {
        return core::outcome{};
      }};
    });
    sender_ = system_.spawn(
        [this](caf::event_based_actor* self) { return sender(self); });
    caf::anon_send(hub_, actors::wire_atom::value,
                   caf::actor_cast<actors::task_runner_actor>(
                       caf::actor_cast<caf::strong_actor_ptr>(runner_)),
                   std::uint64_t{0});
    caf::anon_send(hub_, peer_wire_ptr{std::make_shared<deaf_wire>()});
    caf::anon_send(hub_, std::make_shared<const link_event>(
                             link_event{.what = link_event::kind::linked,
                                        .link = 1,
                                        .peer = "b",
                                        .address = "b",
                                        .node = far_node(1)}));
    const hello theirs{.cluster = "shop",
                       .card = card_of("b", role_set::all(), peer_process),
                       .dial = 1};
    say(caf::make_message(hello_atom::value, pack(theirs)));
    go_on(100ms);
    for (const auto* ep : {&plain_, &copied_})
      give(*ep);
    go_on(100ms);
  }

  ~node_with_a_peer() {
    for (const auto& each : {runner_, sender_})
      caf::anon_send_exit(each, caf::exit_reason::kill);
    caf::anon_send_exit(hub_, caf::exit_reason::user_shutdown);
    runner_ = sender_ = caf::actor{};
    hub_ = hub_actor{};
    scheduler().run();
  }
  node_with_a_peer(const node_with_a_peer&) = delete;

  void hear(unsigned kind, std::string bytes) {
    constexpr unsigned kinds = 11;
    switch (kind % kinds) {
    case 0:
      say(caf::make_message(hello_atom::value, std::move(bytes)));
      break;
    case 1:
      say(caf::make_message(welcome_atom::value, std::move(bytes)));
      break;
    case 2:
      say(caf::make_message(refuse_atom::value, std::move(bytes)));
      break;
    case 3:
      say(caf::make_message(beat_atom::value, std::move(bytes)));
      break;
    case 4:
      say(caf::make_message(drain_atom::value, std::move(bytes)));
      break;
    case 5:
      say(caf::make_message(work_atom::value, number_, std::move(bytes)));
      break;
    case 6:
      say(caf::make_message(copies_atom::value, number_, std::move(bytes)));
      break;
    case 7:
      say(caf::make_message(claims_atom::value, number_, std::move(bytes)));
      break;
    case 8: // of another link, or of a later version
      say(caf::make_message(work_atom::value, number_ + 1, bytes));
      say(caf::make_message(caf::atom("tomorrow"), std::move(bytes)));
      break;
    case 10:
      say(caf::make_message(calls_atom::value, number_, std::move(bytes)));
      break;
    default:
      go_on(std::chrono::milliseconds{bytes.size()});
    }
    go_on(10ms);
  }

  void lose_the_peer() {
    caf::anon_send(hub_, std::make_shared<const link_event>(
                             link_event{.what = link_event::kind::lost,
                                        .link = 1,
                                        .reason = end_reason::broken,
                                        .text = "it was reset"}));
    for (int i = 0; i < 150; ++i)
      go_on(100ms);
    require(ends_ == given_);
    require(report_->links == 0 && report_->away == 0 &&
            report_->waiting == 0 && report_->running == 0);
    require(report_->copies.open == 0);
  }

private:
  caf::behavior sender(caf::event_based_actor* self) {
    return {[this, self](const core::event_ptr& event) {
      self->request(actors::work_actor{hub_}, caf::infinite, event,
                    std::make_shared<const actors::route>())
          .then(
              [this, event](const core::outcome&) {
                ++ends_;
                caf::anon_send(hub_, settled_atom::value, event->id);
                caf::anon_send(hub_, settle_atom::value, event,
                               core::delivery_end::taken);
              },
              [](const caf::error&) { require(false); });
    }};
  }

  void give(const std::shared_ptr<const config::endpoint_settings>& at) {
    auto event = std::make_shared<core::event>();
    event->id = "own " + std::to_string(++given_);
    event->endpoint = at;
    event->named_by_sender = true;
    event->envelope = R"({"payload":{}})";
    event->received_at = scheduler().clock().now();
    event->deadline = event->received_at + 10s;
    caf::anon_send(sender_, core::event_ptr{std::move(event)});
  }

  /// As the peer.
  void say(caf::message what) {
    caf::actor_cast<caf::abstract_actor*>(hub_)->enqueue(
        peer_, caf::make_message_id(), std::move(what), nullptr);
    scheduler().run();
  }

  void go_on(std::chrono::milliseconds by) {
    scheduler().advance_time(by);
    scheduler().run();
  }

  hub_deps_ptr deps() {
    auto all = std::make_shared<hub_deps>();
    all->cluster = "shop";
    all->card = card_of("a", {role::intake}, 1);
    all->endpoints = {{plain_->id, plain_}, {copied_->id, copied_}};
    all->depths = std::make_shared<core::stage_depths>();
    all->load = [] {
      return node_load{};
    };
    all->open_circuits = [] {
      return std::vector<std::string>{};
    };
    all->resolve = [](const config::listen_address&, const auto& done) {
      done({});
    };
    all->uniform = [] {
      return 0.5;
    };
    all->acknowledge = all->answer_late = [](const core::event_ptr&) {
    };
    all->take_over = [this](const core::event_ptr& event) {
      caf::anon_send(hub_, settled_atom::value, event->id);
      return true;
    };
    all->handed_over = [](const std::string&, bool) {
    };
    all->fire = [](const tick_record&) {
    };
    all->unix_now = [] {
      return std::chrono::milliseconds{24h * 365 * 50};
    };
    all->drain_asked = [] {
    };
    all->report = report_;
    all->log = std::make_shared<telemetry::log>(
        config::log_settings{}, [](std::string_view line) {
          require(line.find('\n') == std::string_view::npos);
        });
    return all;
  }

  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  }

  const std::uint64_t number_ = link_number("b", peer_process, "a", 1);
  std::shared_ptr<const config::endpoint_settings> plain_ =
      endpoint("orders", config::ack_mode::completed);
  std::shared_ptr<const config::endpoint_settings> copied_ =
      endpoint("payments", config::ack_mode::replicated);
  std::shared_ptr<hub_report> report_ = std::make_shared<hub_report>();
  mfo::cluster::test::still_configuration configuration_;
  caf::actor_system system_{configuration_};
  caf::strong_actor_ptr peer_;
  hub_actor hub_;
  caf::actor runner_;
  caf::actor sender_;
  int given_ = 0;
  int ends_ = 0;
};

} // namespace

void run(std::string_view input) {
  node_with_a_peer node;
  while (input.size() >= 3) {
    const unsigned kind = static_cast<unsigned char>(input[0]);
    const std::size_t length = static_cast<unsigned char>(input[1]) * 256u +
                               static_cast<unsigned char>(input[2]);
    input.remove_prefix(3);
    const auto bytes = input.substr(0, length);
    input.remove_prefix(bytes.size());
    node.hear(kind, std::string{bytes});
  }
  node.lose_the_peer();
}

} // namespace mfo::fuzz
