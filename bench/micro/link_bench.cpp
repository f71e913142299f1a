// A whole hop to a peer: an event packed, sent over a link between two actor
// systems of this process, read and made anew there, and the message of its end
// back. By real time, as most of it is waiting for threads to wake up; without
// TLS, which `./dev bench cluster cost` has.

#include "bench/stages/fixtures.hpp"
#include "cluster/messages/work_packing.hpp"
#include "cluster/transport/prepare.hpp"
#include "cluster/transport/transport.hpp"

#include <benchmark/benchmark.h>
#include <caf/all.hpp>

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using namespace mfo;
using namespace std::chrono_literals;

/// An actor system with a transport.
class linked_node {
public:
  explicit linked_node(caf::behavior (*gate)(caf::event_based_actor*))
    : gate_(system_.spawn(gate)), link_(open()) {}

  ~linked_node() {
    link_.stop();
    caf::anon_send_exit(gate_, caf::exit_reason::kill);
  }

  linked_node(const linked_node&) = delete;

  caf::actor_system& system() {
    return system_;
  }

  /// The gate of the other one. Throws where there is no link.
  caf::actor dial(const linked_node& other) {
    auto linked = linked_.get_future();
    if (!link_.dial({"127.0.0.1", other.link_.bound_port()}, "", 1) ||
        linked.wait_for(10s) != std::future_status::ready)
      throw std::runtime_error{"no link"};
    return caf::actor_cast<caf::actor>(linked.get());
  }

private:
  struct configuration : caf::actor_system_config {
    configuration() {
      cluster::prepare(*this);
      set("scheduler.max-threads", std::size_t{1});
    }
  };

  cluster::transport open() {
    cluster::transport_settings settings;
    settings.tls = false;
    auto opened = cluster::transport::open(
        system_, settings, caf::actor_cast<caf::strong_actor_ptr>(gate_),
        [this](const cluster::link_event& event) {
          if (event.what == cluster::link_event::kind::linked &&
              event.way == cluster::direction::dialled)
            linked_.set_value(event.gate);
        });
    if (!opened)
      throw std::runtime_error{opened.error()};
    return *std::move(opened);
  }

  configuration config_;
  caf::actor_system system_{config_};
  caf::actor gate_;
  std::promise<caf::strong_actor_ptr> linked_;
  cluster::transport link_;
};

/// Runs what comes, at once, and says how it ended.
caf::behavior run_at_once(caf::event_based_actor* self) {
  return {[self, endpoint = bench::an_endpoint()](const std::string& bytes) {
    const auto now = std::chrono::steady_clock::now();
    cluster::work_sent answer;
    if (const auto come = cluster::unpack_work(bytes))
      for (const auto& each : come->events) {
        const auto event = cluster::revive(each.what, endpoint, nullptr, now);
        answer.ends.push_back(
            {.number = each.number, .id = event->id, .how = {}});
      }
    self->send(caf::actor_cast<caf::actor>(self->current_sender()),
               cluster::pack(answer, now));
  }};
}

caf::behavior take_nothing(caf::event_based_actor*) {
  return {[](const std::string&) {
  }};
}

void remote_hop(benchmark::State& state) {
  linked_node there{run_at_once};
  linked_node here{take_nothing};
  const auto gate = here.dial(there);
  const auto event = bench::event_of(
      bench::an_endpoint(),
      bench::payload_of(static_cast<std::size_t>(state.range(0))), nullptr,
      std::chrono::steady_clock::now());
  caf::scoped_actor asker{here.system()};
  for (auto _ : state) {
    cluster::work_sent what;
    what.events.push_back({.number = 1, .event = event});
    asker->send(gate, cluster::pack(what, std::chrono::steady_clock::now()));
    bool ended = false;
    asker->receive(
        [&](const std::string& bytes) {
          const auto come = cluster::unpack_work(bytes);
          ended = come && come->ends.size() == 1;
        },
        caf::after(10s) >> [] {});
    if (!ended) {
      state.SkipWithError("no end of it came back");
      break;
    }
  }
}
BENCHMARK(remote_hop)->Arg(1'024)->Arg(8'192)->UseRealTime();

} // namespace
