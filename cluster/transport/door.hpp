#pragma once

#include "cluster/transport/basp_desk.hpp"
#include "cluster/transport/handshake_room.hpp"
#include "cluster/transport/inbox.hpp"
#include "cluster/transport/link_table.hpp"
#include "cluster/transport/transport_settings.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mfo::cluster::wire {

/// The loop of a transport's own thread: it accepts and dials, sees handshakes
/// through, hands links to CAF, and tells the observer of all that. Whatever
/// else happens comes to it through the inbox, so that all of this is of one
/// thread and needs no locks.
class door {
public:
  struct parts {
    transport_settings settings;
    handshake_rules rules;
    unique_socket listener;
    std::shared_ptr<inbox> told;
    basp_desk* desk;
    reason_counts* counts;
    link_observer observer;
  };

  explicit door(parts given);
  door(const door&) = delete;

  /// Until a stop_order came and all links have ended, or a second later.
  void run();

  /// Those that are up. Thread-safe.
  [[nodiscard]] std::vector<link_info> links() const;

private:
  using clock = std::chrono::steady_clock;
  using guest = handshake_room::guest;
  using leaver = handshake_room::leaver;

  /// One that CAF has.
  struct live_link {
    link_info info;
    std::uint64_t token = 0;
    link_scribe_ptr scribe{};
    bool up = false; ///< a dial: the peer's gate is known
  };

  // door.cpp: those on their way.
  void wait_and_advance();
  [[nodiscard]] int wait_time(clock::time_point now) const;
  void accept_all();
  void let_in(accepted_socket peer);
  void begin_dials();
  void dial(dial_order order);
  [[nodiscard]] std::optional<end_cause> try_to_dial(const dial_order& order,
                                                     link_id link);
  void arrive(leaver from);
  void come_in(guest peer);
  void get_there(guest peer);
  void refuse(const guest& peer, const end_cause& cause);
  void fail(std::uint64_t token, const std::string& expected,
            const std::string& address, const end_cause& cause);
  [[nodiscard]] std::string own_name() const;

  // door_links.cpp: links, and what is told.
  void read_inbox();
  void take(const dial_order& order);
  void take(const close_order& order);
  void take(const stop_order& order);
  void take(const closed_note& told);
  void take(const joined_note& told);
  void keep(live_link link);
  void lose(link_id link, const end_cause& cause);
  void tell(link_event event);
  [[nodiscard]] bool finished(clock::time_point now) const;

  parts parts_;
  link_table table_;
  handshake_room incoming_;
  handshake_room outgoing_;
  std::deque<dial_order> dials_;
  clock::time_point accept_again_ = clock::time_point::min();
  link_id last_link_ = 0;
  std::optional<clock::time_point> stop_by_;
  mutable std::mutex links_mutex_; ///< to write them, and to read elsewhere
  std::unordered_map<link_id, live_link> links_;
};

} // namespace mfo::cluster::wire
