#include "cluster/transport/handshake_room.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <utility>

namespace mfo::cluster::wire {

namespace {

/// For a goodbye to reach a peer: a few round trips.
constexpr std::chrono::milliseconds goodbye_time{200};
constexpr std::size_t most_refused = 32;
constexpr int most_goodbye_reads = 16;

/// Whether the peer has hung up too.
bool has_drained(int socket) {
  std::array<char, 4096> ignored{};
  for (int i = 0; i < most_goodbye_reads; ++i) {
    const auto got = ::recv(socket, ignored.data(), ignored.size(), 0);
    if (got < 0)
      return errno != EAGAIN && errno != EINTR;
    if (got == 0)
      return true;
  }
  return false;
}

} // namespace

handshake_room::handshake_room(const limits& given) : limits_(given) {}

std::optional<handshake_room::leaver>
handshake_room::enter(guest who, clock::time_point now) {
  const short wish = who.work.way() == direction::accepted ? POLLIN : POLLOUT;
  guests_.push_back({std::move(who), wish, now + limits_.deadline});
  const auto waits = [](const seat& at) {
    return at.who.work.waits();
  };
  const auto waiting = std::count_if(guests_.begin(), guests_.end(), waits);
  if (static_cast<std::size_t>(waiting) <= limits_.waiting)
    return std::nullopt;
  const auto oldest = std::find_if(guests_.begin(), guests_.end(), waits);
  leaver result{std::move(oldest->who),
                end_cause{end_reason::crowded,
                          "too many wait, and it has said nothing yet"}};
  guests_.erase(oldest);
  return result;
}

void handshake_room::add_to(std::vector<pollfd>& polled) const {
  const bool place = has_place();
  // One that waits for a place is not looked at: it would be ready each time.
  for (const auto& at : guests_)
    polled.push_back({place || !at.who.work.waits() ? at.who.work.socket() : -1,
                      at.wish, 0});
  for (const auto& gone : refused_)
    polled.push_back({gone.connection.socket(), POLLIN, 0});
}

std::optional<handshake_room::clock::time_point>
handshake_room::next_deadline() const {
  std::optional<clock::time_point> next;
  if (!guests_.empty())
    next = guests_.front().deadline;
  if (!refused_.empty())
    next = std::min(next.value_or(clock::time_point::max()),
                    refused_.front().until);
  return next;
}

std::vector<handshake_room::leaver>
handshake_room::advance(std::span<const pollfd> polled, clock::time_point now) {
  std::vector<leaver> leavers;
  std::size_t index = 0;
  const auto seated = guests_.size();
  advance_refused(polled.subspan(std::min(seated, polled.size())), now);
  for (auto at = guests_.begin(); at != guests_.end(); ++index) {
    std::optional<leaver> left;
    const bool ready = index < polled.size() && polled[index].revents != 0;
    if (ready && (!at->who.work.waits() || has_place()))
      left = step(*at);
    if (!left && at->deadline <= now) {
      auto cause = at->who.work.too_slow();
      left = leaver{std::move(at->who), std::move(cause)};
    }
    if (!left) {
      ++at;
      continue;
    }
    if (left->failure)
      let_go(left->who.work.take_channel(), now);
    leavers.push_back(*std::move(left));
    at = guests_.erase(at);
  }
  return leavers;
}

std::vector<handshake_room::leaver>
handshake_room::clear(const end_cause& cause) {
  std::vector<leaver> leavers;
  for (auto& at : guests_)
    leavers.push_back({std::move(at.who), cause});
  guests_.clear();
  refused_.clear();
  return leavers;
}

std::size_t handshake_room::at_work() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(guests_.begin(), guests_.end(),
                    [](const seat& at) { return !at.who.work.waits(); }));
}

std::optional<handshake_room::leaver> handshake_room::step(seat& at) {
  switch (at.who.work.step()) {
  case handshake::wish::read:
    at.wish = POLLIN;
    return std::nullopt;
  case handshake::wish::write:
    at.wish = POLLOUT;
    return std::nullopt;
  case handshake::wish::done:
    return leaver{std::move(at.who), std::nullopt};
  default:
    auto cause = at.who.work.failure();
    return leaver{std::move(at.who), std::move(cause)};
  }
}

void handshake_room::let_go(channel connection, clock::time_point now) {
  ::shutdown(connection.socket(), SHUT_WR);
  if (refused_.size() == most_refused)
    refused_.pop_front();
  refused_.push_back({std::move(connection), now + goodbye_time});
}

void handshake_room::advance_refused(std::span<const pollfd> polled,
                                     clock::time_point now) {
  std::size_t index = 0;
  for (auto gone = refused_.begin(); gone != refused_.end(); ++index) {
    const bool ready = index < polled.size() && polled[index].revents != 0;
    const bool over =
        gone->until <= now || (ready && has_drained(gone->connection.socket()));
    gone = over ? refused_.erase(gone) : std::next(gone);
  }
}

} // namespace mfo::cluster::wire
