#include "cluster/messages/membership_packing.hpp"

#include "cluster/messages/packer.hpp"
#include "cluster/messages/unpacker.hpp"
#include "config/node_name.hpp"

#include <array>
#include <limits>
#include <utility>

namespace mfo::cluster {

namespace {

/// Of a text in a hello: more than any may have, so that whoever judges it can
/// say what is wrong with it.
constexpr std::size_t longest_said = 1024;
constexpr std::size_t most_said = 256;
constexpr std::size_t longest_refusal = 4096;

constexpr std::array refusal_codes{
    refusal_code::other_cluster,     refusal_code::bad_card,
    refusal_code::oneself,           refusal_code::name_is_mine,
    refusal_code::no_common_version, refusal_code::name_taken,
    refusal_code::older_incarnation, refusal_code::turned_away};

constexpr std::array member_states{member_state::alive, member_state::suspect,
                                   member_state::dead, member_state::left};

void put(packer& out, const incarnation& born) {
  out.number(born.started).fixed(born.process);
}

incarnation read_incarnation(unpacker& in) {
  const auto started = in.number();
  return {.started = started, .process = in.fixed()};
}

void put(packer& out, const node_card& card) {
  out.text(card.name);
  put(out, card.born);
  out.text(card.where.host).number(card.where.port);
  out.number(card.roles.bits()).number(card.labels.size());
  for (const auto& [key, value] : card.labels)
    out.text(key).text(value);
  out.number(card.speaks.lowest).number(card.speaks.highest);
  out.text(card.software);
}

node_card read_card(unpacker& in) {
  node_card card;
  card.name = in.text(longest_said);
  card.born = read_incarnation(in);
  card.where.host = in.text(longest_said);
  card.where.port = in.narrow<std::uint16_t>();
  card.roles = role_set::of_bits(in.narrow<std::uint8_t>());
  for (auto left = in.count(most_said); left > 0 && !in.failed(); --left) {
    const auto key = in.text(longest_said);
    const auto value = in.text(longest_said);
    if (!card.labels.emplace(key, value).second)
      in.fail("has a label twice");
  }
  card.speaks.lowest = in.narrow<std::uint16_t>();
  card.speaks.highest = in.narrow<std::uint16_t>();
  card.software = in.text(longest_said);
  return card;
}

void put(packer& out, const member_opinion& what) {
  put(out, what.born);
  out.number(static_cast<std::uint64_t>(what.state)).number(what.refutation);
}

member_state read_state(unpacker& in) {
  return member_states.at(in.number(member_states.size() - 1));
}

member_opinion read_opinion(unpacker& in) {
  const auto born = read_incarnation(in);
  const auto state = read_state(in);
  return {
      .born = born, .state = state, .refutation = in.narrow<std::uint32_t>()};
}

void put(packer& out, const table_row& row) {
  put(out, *row.record->card);
  out.number(static_cast<std::uint64_t>(row.record->state))
      .number(row.record->refutation)
      .number(row.sequence)
      .number(static_cast<std::uint64_t>(row.ended_ago.count()));
}

table_row read_row(unpacker& in) {
  auto card = std::make_shared<node_card>(read_card(in));
  if (!in.failed())
    if (const auto good = check_card(*card); !good)
      in.fail("has a member that " + good.error());
  auto record = std::make_shared<member_record>();
  record->card = std::move(card);
  record->state = read_state(in);
  record->refutation = in.narrow<std::uint32_t>();
  const auto sequence = in.number();
  const std::chrono::milliseconds longest{longest_ended_ago};
  return {.record = std::move(record),
          .sequence = sequence,
          .ended_ago = std::chrono::milliseconds{
              in.number(static_cast<std::uint64_t>(longest.count()))}};
}

void put(packer& out, const load_report& load) {
  out.number(load.queue_depth)
      .number(load.in_flight)
      .number(load.max_in_flight)
      .flag(load.draining)
      .number(load.open_circuits.size());
  for (const auto& server : load.open_circuits)
    out.text(server);
}

load_report read_load(unpacker& in) {
  load_report load;
  load.queue_depth = in.narrow<std::uint32_t>();
  load.in_flight = in.narrow<std::uint32_t>();
  load.max_in_flight = in.narrow<std::uint32_t>();
  load.draining = in.flag();
  for (auto left = in.count(most_open_circuits); left > 0; --left)
    load.open_circuits.emplace_back(in.text(longest_server_name));
  return load;
}

} // namespace

std::string pack(const hello& what) {
  packer out;
  out.text(what.cluster);
  put(out, what.card);
  out.fixed(what.dial);
  return out.take();
}

tl::expected<hello, std::string> unpack_hello(std::string_view bytes) {
  unpacker in(bytes);
  hello what;
  what.cluster = in.text(longest_said);
  what.card = read_card(in);
  what.dial = in.fixed();
  return read_or_error(in, std::move(what));
}

std::string pack(const refusal& what) {
  packer out;
  out.number(static_cast<std::uint64_t>(what.code));
  out.text(std::string_view{what.text}.substr(0, longest_refusal));
  out.flag(what.raise_above.has_value());
  if (what.raise_above)
    put(out, *what.raise_above);
  return out.take();
}

tl::expected<refusal, std::string> unpack_refusal(std::string_view bytes) {
  unpacker in(bytes);
  const auto code = in.number();
  // A later version may have more reasons; their texts say them.
  refusal what{.code = code < refusal_codes.size()
                           ? refusal_codes.at(static_cast<std::size_t>(code))
                           : refusal_code::bad_card,
               .text = std::string{in.text(longest_refusal)}};
  if (in.flag())
    what.raise_above = read_incarnation(in);
  return read_or_error(in, std::move(what));
}

std::string pack(const heartbeat& what) {
  packer out;
  out.text(what.sender);
  put(out, what.born);
  out.number(what.sequence);
  put(out, *what.load);
  out.number(what.table->size());
  for (const auto& row : *what.table)
    put(out, row);
  out.flag(what.of_you.has_value());
  if (what.of_you)
    put(out, *what.of_you);
  return out.take();
}

tl::expected<heartbeat, std::string> unpack_heartbeat(std::string_view bytes) {
  unpacker in(bytes);
  heartbeat what;
  what.sender = in.text(config::longest_node_name);
  what.born = read_incarnation(in);
  what.sequence = in.number();
  what.load = std::make_shared<load_report>(read_load(in));
  std::vector<table_row> rows;
  for (auto left = in.count(most_rows); left > 0 && !in.failed(); --left)
    rows.push_back(read_row(in));
  what.table = std::make_shared<const std::vector<table_row>>(std::move(rows));
  if (in.flag())
    what.of_you = read_opinion(in);
  in.end();
  if (!in.failed())
    if (const auto good = check_heartbeat(what); !good)
      in.fail(good.error());
  return read_or_error(in, std::move(what));
}

} // namespace mfo::cluster
