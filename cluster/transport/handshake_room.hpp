#pragma once

#include "cluster/transport/handshake.hpp"

#include <poll.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mfo::cluster::wire {

/// Where connections wait until they are links: a bounded number at once, each
/// with a deadline. Those that have said nothing yet hold no place; there is a
/// bound on them too, and with more the oldest goes, so that who says nothing
/// keeps nobody out. For one loop over poll(2): time is passed in.
class handshake_room {
public:
  using clock = std::chrono::steady_clock;

  struct limits {
    std::size_t at_once;
    std::size_t waiting;
    clock::duration deadline;
  };

  struct guest {
    link_id link = 0;
    std::uint64_t token = 0; ///< of a dial
    std::string address{};
    std::string expected{}; ///< of a dial: the peer's name
    handshake work;
  };

  /// One that has left the room.
  struct leaver {
    guest who;
    std::optional<end_cause> failure; ///< nothing: it is done
  };

  explicit handshake_room(const limits& given);

  /// Whether one more that does not wait may come in.
  [[nodiscard]] bool has_place() const noexcept {
    return at_work() < limits_.at_once;
  }

  [[nodiscard]] std::size_t size() const noexcept {
    return guests_.size();
  }

  /// Lets one in. Gives the one that had to go for it, if any.
  [[nodiscard]] std::optional<leaver> enter(guest who, clock::time_point now);

  /// Adds what is to be polled.
  void add_to(std::vector<pollfd>& polled) const;

  /// When `advance` has something to do though nothing is polled.
  [[nodiscard]] std::optional<clock::time_point> next_deadline() const;

  /// Goes on with those of whom poll(2) has told, and lets go who is done, has
  /// failed or is too late. `polled` is what `add_to` has added.
  [[nodiscard]] std::vector<leaver> advance(std::span<const pollfd> polled,
                                            clock::time_point now);

  /// Lets all go.
  [[nodiscard]] std::vector<leaver> clear(const end_cause& cause);

private:
  struct seat {
    guest who;
    short wish; ///< POLLIN or POLLOUT
    clock::time_point deadline;
  };

  /// A socket that was refused: what it was told last is to reach it, and
  /// would not if it were closed with bytes of it unread (RFC 1122, section
  /// 4.2.2.13). The session goes with it.
  struct refused {
    channel connection;
    clock::time_point until;
  };

  [[nodiscard]] std::size_t at_work() const noexcept;
  [[nodiscard]] std::optional<leaver> step(seat& at);
  void let_go(channel connection, clock::time_point now);
  void advance_refused(std::span<const pollfd> polled, clock::time_point now);

  limits limits_;
  std::list<seat> guests_; ///< by deadline
  std::list<refused> refused_;
};

} // namespace mfo::cluster::wire
