#include "cluster/messages/copy_packing.hpp"

#include "cluster/messages/packer.hpp"
#include "cluster/messages/unpacker.hpp"
#include "config/node_name.hpp"

#include <limits>
#include <utility>

namespace mfo::cluster {

namespace {

/// 2 MiB, by the estimate that its origin makes, and what that may be short.
constexpr std::size_t longest_copied_event = (2U << 20U) + (1U << 12U);

// As in event_packing.cpp; a test holds them together.

void put(packer& out, const node_life& life) {
  out.text(life.name).fixed(life.incarnation);
}

node_life read_life(unpacker& in) {
  node_life life{.name = std::string(in.text(config::longest_node_name))};
  life.incarnation = in.fixed();
  if (!in.failed() && !config::is_node_name(life.name))
    in.fail("names what is no node");
  return life;
}

void put(packer& out, const std::vector<copy_name>& names) {
  out.number(names.size());
  for (const auto& each : names) {
    put(out, each.origin);
    out.number(each.ticket);
  }
}

std::vector<copy_name> read_names(unpacker& in) {
  std::vector<copy_name> names;
  for (auto left = in.count(most_notes_sent); left > 0 && !in.failed();
       --left) {
    auto origin = read_life(in);
    names.push_back({.origin = std::move(origin), .ticket = in.number()});
  }
  return names;
}

void put(packer& out, const holder_list& list) {
  out.number(list.version).number(list.holders.size());
  for (const auto& holder : list.holders)
    put(out, holder);
}

holder_list read_list(unpacker& in) {
  holder_list list{.version = in.narrow<std::uint32_t>()};
  for (auto left = in.count(most_holders); left > 0 && !in.failed(); --left)
    list.holders.push_back(read_life(in));
  return list;
}

/// Tickets as their distances: most of them take one byte.
void put(packer& out, const std::optional<ticket_page>& page) {
  out.flag(page.has_value());
  if (!page)
    return;
  out.number(page->after).number(page->up_to).number(page->open.size());
  auto before = page->after;
  for (const auto ticket : page->open)
    out.number(ticket - std::exchange(before, ticket));
}

std::optional<ticket_page> read_page(unpacker& in) {
  if (!in.flag())
    return std::nullopt;
  ticket_page page;
  page.after = in.number();
  page.up_to = in.number();
  auto last = page.after;
  for (auto left = in.count(most_audited); left > 0 && !in.failed(); --left) {
    const auto distance =
        in.number(std::numeric_limits<std::uint64_t>::max() - last);
    if (distance == 0)
      in.fail("lists what is open out of order");
    page.open.push_back(last += distance);
  }
  return page;
}

copy_come read_copy(unpacker& in) {
  copy_come each;
  each.ticket = in.number();
  each.list = read_list(in);
  each.event = in.text(longest_copied_event);
  if (each.event.empty())
    return each;
  if (const auto what = unpack_copied_event(each.event))
    each.endpoint = what->endpoint;
  else
    in.fail("has an event that " + what.error());
  return each;
}

} // namespace

std::string_view to_string(keep_refusal why) noexcept {
  switch (why) {
  case keep_refusal::too_many_events:
    return "too_many_events";
  case keep_refusal::too_many_bytes:
    return "too_many_bytes";
  case keep_refusal::draining:
    return "draining";
  case keep_refusal::unknown_endpoint:
    return "unknown_endpoint";
  case keep_refusal::origin_gone:
    return "origin_gone";
  case keep_refusal::not_held:
    return "not_held";
  }
  return "unknown";
}

std::string pack(const copies_sent& what,
                 std::chrono::steady_clock::time_point now) {
  packer out;
  out.number(what.confirmed).number(what.refused.size());
  for (const auto& each : what.refused)
    out.number(each.number).number(static_cast<std::uint64_t>(each.why));
  out.number(what.released.size());
  for (const auto ticket : what.released)
    out.number(ticket);
  put(out, what.audit);
  put(out, what.ended);
  put(out, what.running);
  out.number(what.first).number(what.copies.size());
  for (const auto& each : what.copies) {
    out.number(each.ticket);
    put(out, each.list);
    packer event; // of its own: its length goes first
    if (each.event)
      put(event, *each.event, now);
    out.text(event.take());
  }
  return out.take();
}

std::size_t packed_size(const holder_list& list) noexcept {
  constexpr std::size_t numbers = 32; ///< ticket, version, lengths
  constexpr std::size_t around_a_name = 9;
  auto size = numbers;
  for (const auto& holder : list.holders)
    size += holder.name.size() + around_a_name;
  return size;
}

tl::expected<copies_come, std::string> unpack_copies(std::string_view bytes) {
  unpacker in(bytes);
  copies_come what;
  what.confirmed = in.number();
  for (auto left = in.count(most_copies_sent); left > 0 && !in.failed();
       --left) {
    refused_copy each;
    each.number = in.number();
    each.why = static_cast<keep_refusal>(in.number(keep_refusals - 1));
    what.refused.push_back(each);
  }
  for (auto left = in.count(most_releases_sent); left > 0 && !in.failed();
       --left)
    what.released.push_back(in.number());
  what.audit = read_page(in);
  what.ended = read_names(in);
  what.running = read_names(in);
  what.first = in.number();
  for (auto left = in.count(most_copies_sent); left > 0 && !in.failed(); --left)
    what.copies.push_back(read_copy(in));
  in.end();
  return read_or_error(in, std::move(what));
}

tl::expected<wire_event, std::string>
unpack_copied_event(std::string_view bytes) {
  unpacker in(bytes);
  const auto what = read_event(in);
  in.end();
  return read_or_error(in, what);
}

} // namespace mfo::cluster
