#include "http/connection_guard.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace mfo::http {

namespace {

framing::bounds bounds_of(const config::limits_settings& limits) noexcept {
  return {.max_header = limits.max_header, .max_body = limits.max_body};
}

/// Takes the lines of the field `Upgrade` out of a head, in place. Gives the
/// new size of the head; `total` is how many bytes there are from `head` on.
std::size_t strip_upgrade(char* head, std::size_t size, std::size_t total) {
  constexpr std::string_view name{"upgrade:"};
  auto* line = static_cast<char*>(std::memchr(head, '\n', size));
  while (line != nullptr && ++line < head + size) {
    const auto left = static_cast<std::size_t>(head + size - line);
    auto* end = static_cast<char*>(std::memchr(line, '\n', left));
    if (left >= name.size() && end != nullptr &&
        boost::beast::iequals({line, name.size()}, name.data())) {
      const auto gap = static_cast<std::size_t>(end + 1 - line);
      std::memmove(line, end + 1,
                   static_cast<std::size_t>(head + total - end - 1));
      size -= gap;
      total -= gap;
      --line;
    } else {
      line = end;
    }
  }
  return size;
}

} // namespace

connection_guard::connection_guard(
    std::shared_ptr<guard_shared> shared,
    const std::optional<config::ip_address>& peer)
  : shared_(std::move(shared)), framing_(bounds_of(shared_->limits)),
    peer_(peer) {
  if (peer_ && !shared_->trusted_proxies.contains(*peer_))
    ticket_ = shared_->by_source.enter(*peer_);
  over_limit_ = too_many();
  const auto open = shared_->connections.fetch_add(1);
  if (over_limit_) {
    ticket_ = {};
    // To answer and to linger takes a socket, too.
    unheard_ = open - shared_->admitted >= shared_->limits.max_connections;
  } else {
    admitted_ = true;
    shared_->admitted.fetch_add(1);
  }
}

connection_guard::~connection_guard() {
  if (!refused_ && (in_body_ || !held_.empty()))
    shared_->cut_off.fetch_add(1);
  // First: there are never fewer open than admitted.
  if (admitted_)
    shared_->admitted.fetch_sub(1);
  shared_->connections.fetch_sub(1);
}

/// Whose fault it is when the connection is one too many.
std::optional<core::errc> connection_guard::too_many() const {
  if (ticket_.number() > shared_->limits.max_connections_per_address)
    return core::errc::too_many_connections;
  if (shared_->admitted >= shared_->limits.max_connections)
    return core::errc::saturated;
  return std::nullopt;
}

connection_guard::phase connection_guard::current_phase() const noexcept {
  using part = phase::part;
  if (in_body_)
    return {part::body, requests_};
  // A connection just opened owes a request, not patience.
  const bool idle = requests_ > 0 && held_.empty();
  return {idle ? part::idle : part::head, requests_};
}

std::chrono::milliseconds connection_guard::patience() const noexcept {
  switch (current_phase().what) {
  case phase::part::idle:
    return shared_->limits.idle_timeout;
  case phase::part::body:
    return shared_->limits.body_timeout;
  case phase::part::head:
    break;
  }
  return shared_->limits.header_timeout;
}

connection_guard::decision connection_guard::refuse(core::errc code) {
  refused_ = true;
  refusal_ = shared_->refuse({.code = code,
                              .path = framing_.path(),
                              .peer = peer_,
                              .detail = code == framing_.error()
                                            ? framing_.flaw()
                                            : std::string_view{}});
  permit_ = {};
  return {ruling::refuse, 0};
}

connection_guard::decision connection_guard::timed_out() {
  if (!in_body_ && held_.empty())
    return {ruling::refuse, 0};
  return refuse(core::errc::request_timeout);
}

connection_guard::decision connection_guard::next(std::span<char> buffer) {
  if (unheard_) {
    shared_->dropped.fetch_add(1);
    return {ruling::hang_up, 0};
  }
  if (const auto error = std::exchange(over_limit_, std::nullopt))
    return refuse(*error);
  if (ready_ > 0)
    return pass_held(buffer);
  if (held_.empty())
    return {ruling::read_more, 0};
  auto size = held_.size();
  const auto found = scan(held_.data(), size);
  held_.resize(size);
  if (found.what == ruling::refuse || found.what == ruling::read_more)
    return found;
  ready_ = found.size;
  continue_pending_ = found.what == ruling::send_continue;
  return pass_held(buffer);
}

connection_guard::decision connection_guard::received(std::span<char> buffer,
                                                      std::size_t size) {
  if (!held_.empty()) {
    held_.append(buffer.data(), size);
    return next(buffer);
  }
  // The usual case: looked at in place, nothing is copied.
  const auto found = scan(buffer.data(), size);
  if (found.what == ruling::refuse)
    return found;
  held_.assign(buffer.data() + found.size, size - found.size);
  return found;
}

/// Passes on what fits of the bytes that may be.
connection_guard::decision connection_guard::pass_held(std::span<char> buffer) {
  const auto size = std::min(ready_, buffer.size());
  std::memcpy(buffer.data(), held_.data(), size);
  held_.erase(0, size);
  ready_ -= size;
  return {std::exchange(continue_pending_, false) ? ruling::send_continue
                                                  : ruling::pass_on,
          size};
}

/// How much of `data` may be passed on: up to the end of the request. Its size
/// shrinks when something is taken out of it.
connection_guard::decision connection_guard::scan(char* data,
                                                  std::size_t& size) {
  // A connection may outlive the limits that it began under.
  if (framing_.between_requests())
    framing_.set_bounds(bounds_of(shared_->limits));
  std::size_t passed = 0;
  while (passed < size) {
    const auto step = framing_.feed({data + passed, size - passed});
    if (step.what == framing::verdict::refused)
      return refuse(framing_.error());
    if (step.what == framing::verdict::incomplete && step.used == 0)
      break; // part of a head or a line: wait for the rest
    auto used = step.used;
    const bool head = !std::exchange(in_body_, true);
    requests_ += head ? 1 : 0;
    if (head && framing_.asks_upgrade()) {
      const auto kept = strip_upgrade(data + passed, used, size - passed);
      size -= used - kept;
      used = kept;
    }
    if (const auto error = reserve())
      return refuse(*error);
    passed += used;
    if (step.what == framing::verdict::complete) {
      // The handler, called next on this thread, takes the room over.
      in_body_ = false;
      looked_at_ = false;
      reserved_ = 0;
      permit_ = {};
      ticket_.let_go();
      break;
    }
    if (head && framing_.expects_continue() && passed == size)
      continue_pending_ = true;
  }
  if (in_body_ && !std::exchange(looked_at_, true) && shared_->examine)
    if (const auto error = shared_->examine(framing_.path(), peer_))
      return refuse(*error);
  if (passed == 0)
    return {ruling::read_more, 0};
  return {std::exchange(continue_pending_, false) ? ruling::send_continue
                                                  : ruling::pass_on,
          passed};
}

/// Room for the bytes of the body that are here: those only announced take none
/// from others, but are refused at once where there is none for them now. All
/// that one address is sending may take a part of the room.
std::optional<core::errc> connection_guard::reserve() {
  constexpr std::size_t parts = 4;
  const auto& limits = shared_->limits;
  const auto most =
      std::max(limits.max_body, limits.max_bytes_in_flight / parts);
  if (!shared_->admission->fits(framing_.body_announced() - reserved_))
    return core::errc::saturated;
  const auto more = framing_.body_received() - reserved_;
  if (more == 0)
    return std::nullopt;
  if (!ticket_.hold(more, most))
    return core::errc::too_much_at_once;
  if (reserved_ > 0) {
    if (!permit_.extend(more))
      return core::errc::saturated;
  } else {
    auto permit = shared_->admission->reserve(more);
    if (!permit)
      return core::errc::saturated;
    permit_ = std::move(*permit);
  }
  reserved_ += more;
  return std::nullopt;
}

} // namespace mfo::http
