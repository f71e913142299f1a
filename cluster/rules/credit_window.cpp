#include "cluster/rules/credit_window.hpp"

#include <algorithm>

namespace mfo::cluster {

namespace {

/// A grant is worth a message when it is this part of the window.
constexpr std::uint64_t parts = 4;

} // namespace

void credit_sender::open(std::uint64_t link, credit window) {
  link_ = link;
  window_ = window;
  granted_ = {};
  sent_ = {};
}

void credit_sender::close() {
  open(0, {});
}

bool credit_sender::send(std::size_t bytes) {
  if (!may_send(bytes))
    return false;
  ++sent_.events;
  sent_.bytes += bytes;
  return true;
}

bool credit_sender::take(const credit_grant& grant) {
  if (grant.link != link_ || link_ == 0)
    return true;
  const credit most{.events = sent_.events + window_.events,
                    .bytes = sent_.bytes + window_.bytes};
  const bool honest =
      grant.total.events <= most.events && grant.total.bytes <= most.bytes;
  granted_.events =
      std::max(granted_.events, std::min(grant.total.events, most.events));
  granted_.bytes =
      std::max(granted_.bytes, std::min(grant.total.bytes, most.bytes));
  return honest;
}

credit_receiver::credit_receiver(credit window) : window_(window) {}

credit_grant credit_receiver::open(std::uint64_t link) {
  link_ = link;
  accepted_ = {};
  granted_ = grantable();
  return {.link = link_, .total = granted_};
}

bool credit_receiver::accept(std::uint64_t link, std::size_t bytes) {
  if (link != link_ || link_ == 0 || accepted_.events + 1 > granted_.events ||
      accepted_.bytes + bytes > granted_.bytes)
    return false;
  ++accepted_.events;
  accepted_.bytes += bytes;
  ++at_work_.events;
  at_work_.bytes += bytes;
  return true;
}

std::optional<credit_grant> credit_receiver::finish(std::size_t bytes) {
  at_work_.events -= std::min<std::uint64_t>(at_work_.events, 1);
  at_work_.bytes -= std::min<std::uint64_t>(at_work_.bytes, bytes);
  const auto now = grantable();
  const bool worth_it =
      (now.events - granted_.events) * parts >= window_.events ||
      (now.bytes - granted_.bytes) * parts >= window_.bytes;
  return worth_it ? flush() : std::nullopt;
}

std::optional<credit_grant> credit_receiver::flush() {
  const auto now = grantable();
  if (link_ == 0 || now == granted_)
    return std::nullopt;
  granted_ = now;
  return credit_grant{.link = link_, .total = granted_};
}

/// Never falls while the link lasts: what is accepted adds to both sides.
credit credit_receiver::grantable() const noexcept {
  return {.events = accepted_.events + window_.events - at_work_.events,
          .bytes = accepted_.bytes + window_.bytes - at_work_.bytes};
}

} // namespace mfo::cluster
