#include "cluster/messages/claim_packing.hpp"

#include "cluster/messages/packer.hpp"
#include "cluster/messages/unpacker.hpp"
#include "config/node_name.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mfo::cluster {

namespace {

/// The only kind of this version.
constexpr std::uint64_t claims_kind = 1;

/// Far beyond any window, and far from what a clock cannot count.
constexpr std::chrono::milliseconds longest_claim_span =
    std::chrono::hours{24 * 400};

constexpr auto latest_tick =
    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

/// What is told, as a number.
enum class told_kind : std::uint8_t {
  failed,
  taken,
  running,
  done,
  held,          ///< by the teller
  held_by_other, ///< as a record
};

told_kind kind_of(core::delivery_end end) {
  switch (end) {
  case core::delivery_end::held:
    return told_kind::held;
  case core::delivery_end::taken:
    return told_kind::taken;
  default:
    return told_kind::failed;
  }
}

told_kind kind_of(ownership::state what) {
  switch (what) {
  case ownership::state::held:
    return told_kind::held_by_other;
  case ownership::state::done:
    return told_kind::done;
  default:
    return told_kind::running;
  }
}

void put_claim_span(packer& out, std::chrono::milliseconds span) {
  out.number(static_cast<std::uint64_t>(
      std::clamp(span, std::chrono::milliseconds{0}, longest_claim_span)
          .count()));
}

std::chrono::milliseconds read_claim_span(unpacker& in) {
  return std::chrono::milliseconds{
      in.number(static_cast<std::uint64_t>(longest_claim_span.count()))};
}

void put(packer& out, told_kind kind) {
  out.number(static_cast<std::uint64_t>(kind));
}

std::string read_claim_id(unpacker& in) {
  return std::string{in.text(longest_claim_id)};
}

void put(packer& out, const settled_claim& what) {
  put(out, kind_of(what.end));
  out.text(what.id).number(what.number);
}

void put(packer& out, const ownership::record& what) {
  put(out, kind_of(what.what));
  out.text(what.id);
  put_claim_span(out, what.age);
  if (what.what == ownership::state::done)
    return;
  out.text(what.by.node.name).fixed(what.by.node.incarnation);
  out.number(what.by.number);
  put_claim_span(out, what.left);
}

ownership::record read_record(unpacker& in, ownership::state state) {
  ownership::record what;
  what.id = read_claim_id(in);
  what.what = state;
  what.age = read_claim_span(in);
  if (state == ownership::state::done)
    return what;
  what.by.node.name = in.text(config::longest_node_name);
  if (!in.failed() && !config::is_node_name(what.by.node.name))
    in.fail("has a name that no node has");
  what.by.node.incarnation = in.fixed();
  what.by.number = in.number();
  what.left = read_claim_span(in);
  return what;
}

settled_claim read_settled(unpacker& in, core::delivery_end end) {
  settled_claim what;
  what.end = end;
  what.id = read_claim_id(in);
  what.number = in.number();
  return what;
}

told_claim read_told(unpacker& in) {
  switch (in.narrow(told_kind::held_by_other)) {
  case told_kind::running:
    return read_record(in, ownership::state::running);
  case told_kind::held_by_other:
    return read_record(in, ownership::state::held);
  case told_kind::done:
    return read_record(in, ownership::state::done);
  case told_kind::held:
    return read_settled(in, core::delivery_end::held);
  case told_kind::taken:
    return read_settled(in, core::delivery_end::taken);
  default:
    return read_settled(in, core::delivery_end::failed);
  }
}

} // namespace

std::string pack(const claims_message& what) {
  packer out;
  out.number(claims_kind).number(what.heard);
  out.number(what.asked.size());
  for (const auto& each : what.asked) {
    out.number(each.number).text(each.id);
    put_claim_span(out, each.left);
  }
  out.number(what.answered.size());
  for (const auto& each : what.answered)
    out.number(each.number).number(static_cast<std::uint64_t>(each.verdict));
  out.number(what.told.size());
  for (const auto& each : what.told)
    std::visit([&](const auto& told) { put(out, told); }, each);
  out.number(what.fired.size());
  for (const auto& each : what.fired)
    out.text(each.trigger)
        .number(static_cast<std::uint64_t>(each.tick.count()));
  return out.take();
}

tl::expected<std::optional<claims_message>, std::string>
unpack_claims(std::string_view bytes) {
  unpacker in(bytes);
  const auto kind = in.number();
  if (!in.failed() && kind != claims_kind)
    return std::nullopt;
  claims_message what;
  what.heard = in.number();
  for (auto left = in.count(most_claims_asked); left > 0 && !in.failed();
       --left) {
    asked_claim each;
    each.number = in.number();
    each.id = read_claim_id(in);
    each.left = read_claim_span(in);
    what.asked.push_back(std::move(each));
  }
  for (auto left = in.count(most_claims_answered); left > 0 && !in.failed();
       --left) {
    answered_claim each;
    each.number = in.number();
    each.verdict = in.narrow(claim_verdict::taken);
    what.answered.push_back(each);
  }
  for (auto left = in.count(most_claims_told); left > 0 && !in.failed(); --left)
    what.told.push_back(read_told(in));
  for (auto left = in.count(most_ticks_told); left > 0 && !in.failed();
       --left) {
    tick_record each;
    each.trigger = in.text(longest_tick_trigger);
    each.tick = std::chrono::milliseconds{in.number(latest_tick)};
    what.fired.push_back(std::move(each));
  }
  in.end();
  return read_or_error(in, std::optional{std::move(what)});
}

} // namespace mfo::cluster
