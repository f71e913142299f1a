#include "node/doctor/probes/peer_probe.hpp"

#include "cluster/hub/peer_messages.hpp"
#include "cluster/messages/membership_packing.hpp"
#include "cluster/transport/prepare.hpp"
#include "cluster/transport/transport.hpp"
#include "core/leak_pause.hpp"
#include "node/quiet_actors.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace mfo::node::doctor {

namespace {

constexpr auto no_answer = "no answer in time";

struct visitor_config : quiet_actors {
  visitor_config() {
    cluster::prepare(*this);
  }
};

/// What the visits have come to; told of by the transport's thread and by the
/// gate, asked by who waits. Dials are numbered from 1.
class visit_book {
public:
  explicit visit_book(const std::vector<config::listen_address>& peers) {
    for (const auto& each : peers)
      visits_.push_back(
          {.seen = {.address = config::format_listen_address(each),
                    .failure = no_answer}});
  }

  void linked(std::uint64_t dial, const cluster::link_event& what) {
    change(dial, [&](visit& at) {
      at.link = what.link;
      at.node = what.node;
      at.seen.name = what.peer;
      at.seen.failure.clear();
    });
  }

  void failed(std::uint64_t dial, std::string why, bool hung_up = false) {
    change(dial, [&](visit& at) {
      at.seen.failure = std::move(why);
      at.seen.hung_up = hung_up;
      at.over = true;
    });
  }

  /// A link ended; one that was answered has been told of.
  void lost(cluster::link_id link, const std::string& why, bool hung_up) {
    const std::lock_guard lock{mutex_};
    for (auto& each : visits_)
      if (each.link == link && !each.over) {
        each.seen.failure = why;
        each.seen.hung_up = hung_up;
        each.over = true;
      }
    changed_.notify_all();
  }

  void answered(const caf::node_id& node, cluster::refusal answer) {
    const std::lock_guard lock{mutex_};
    for (auto& each : visits_)
      if (each.node == node && !each.over) {
        each.seen.answer = answer;
        each.over = true;
      }
    changed_.notify_all();
  }

  std::vector<peer_seen> wait(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock{mutex_};
    changed_.wait_until(lock, deadline, [this] {
      return std::ranges::all_of(visits_, &visit::over);
    });
    std::vector<peer_seen> all;
    for (const auto& each : visits_)
      all.push_back(each.seen);
    return all;
  }

private:
  struct visit {
    peer_seen seen;
    cluster::link_id link = 0;
    caf::node_id node{};
    bool over = false;
  };

  template <class Change>
  void change(std::uint64_t dial, Change&& how) {
    const std::lock_guard lock{mutex_};
    if (dial >= 1 && dial <= visits_.size())
      how(visits_[dial - 1]);
    changed_.notify_all();
  }

  std::mutex mutex_; ///< of what follows
  std::condition_variable changed_;
  std::vector<visit> visits_;
};

using book_ptr = std::shared_ptr<visit_book>;

/// Where peers answer. It minds nothing else that they say.
cluster::gate_actor::behavior_type gate(cluster::gate_actor::pointer self,
                                        book_ptr book) {
  self->set_default_handler(caf::drop);
  self->set_error_handler([](caf::error&) {});
  self->set_down_handler([](caf::down_msg&) {});
  self->set_exit_handler([self](const caf::exit_msg& exit) {
    if (exit.source.node() == self->node())
      self->quit(exit.reason);
  });
  return {
      [](cluster::hello_atom, const std::string&) {},
      [](cluster::welcome_atom, const std::string&) {},
      [self, book](cluster::refuse_atom, const std::string& bytes) {
        auto why = cluster::unpack_refusal(bytes);
        if (const auto& from = self->current_sender(); why && from != nullptr)
          book->answered(from->node(), *std::move(why));
      },
      [](cluster::beat_atom, const std::string&) {},
      [](cluster::drain_atom, const std::string&) {},
      [](cluster::work_atom, std::uint64_t, const std::string&) {},
      [](cluster::copies_atom, std::uint64_t, const std::string&) {},
      [](cluster::claims_atom, std::uint64_t, const std::string&) {},
      [](cluster::calls_atom, std::uint64_t, const std::string&) {},
  };
}

} // namespace

tl::expected<std::vector<peer_seen>, std::string>
visit_peers(cluster::transport_settings settings, const cluster::hello& visitor,
            const std::vector<config::listen_address>& peers,
            std::chrono::steady_clock::time_point deadline) {
  settings.listen = {"127.0.0.1", 0};
  const auto book = std::make_shared<visit_book>(peers);
  visitor_config config;
  caf::actor_system system{core::while_leaks_pause(config)};
  const auto own_gate = system.spawn(gate, book);
  const auto greet = [book, own_gate,
                      visitor](const cluster::link_event& what) {
    using kind = cluster::link_event::kind;
    const bool hung_up = what.reason == cluster::end_reason::closed_by_peer;
    if (what.what == kind::lost)
      return book->lost(what.link, what.text, hung_up);
    if (what.way != cluster::direction::dialled)
      return;
    if (what.what == kind::failed)
      return book->failed(what.token, what.text, hung_up);
    book->linked(what.token, what);
    auto words = visitor;
    words.dial = what.token;
    caf::send_as(caf::actor_cast<caf::actor>(own_gate),
                 caf::actor_cast<caf::actor>(what.gate),
                 cluster::hello_atom::value, cluster::pack(words));
  };
  auto opened = cluster::transport::open(
      system, settings, caf::actor_cast<caf::strong_actor_ptr>(own_gate),
      greet);
  std::vector<peer_seen> seen;
  if (opened) {
    std::uint64_t dial = 0;
    for (const auto& each : peers)
      if (!opened->dial(each, {}, ++dial))
        book->failed(dial, "too many are dialled at once");
    seen = book->wait(deadline);
    opened->stop();
  }
  caf::anon_send_exit(own_gate, caf::exit_reason::user_shutdown);
  if (!opened)
    return tl::unexpected{opened.error()};
  return seen;
}

} // namespace mfo::node::doctor
