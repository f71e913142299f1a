// What a peer sends: the first byte picks the message, the rest is its bytes.
// Whatever they are, it is read whole or refused; and what was read, packed
// again, reads as the same.

#include "cluster/messages/membership_packing.hpp"
#include "cluster/messages/work_packing.hpp"
#include "fuzz/target.hpp"

namespace mfo::fuzz {

namespace {

using namespace mfo::cluster;

template <class Unpack>
void reads_again(std::string_view bytes, Unpack unpack) {
  const auto first = unpack(bytes);
  if (!first)
    return require(!first.error().empty());
  const auto packed = pack(*first);
  const auto second = unpack(packed);
  require(second.has_value());
  require(pack(*second) == packed);
}

void work(std::string_view bytes) {
  const auto read = unpack_work(bytes);
  if (!read)
    return require(!read.error().empty());
  for (const auto& each : read->events) {
    const auto& what = each.what;
    require(what.payload_offset + what.payload_size <= what.envelope.size());
    const auto event = revive(what, nullptr, nullptr, {});
    require(event->payload().size() == what.payload_size);
  }
}

} // namespace

void run(std::string_view input) {
  if (input.empty())
    return;
  const auto bytes = input.substr(1);
  switch (static_cast<unsigned char>(input.front()) % 4) {
  case 0:
    return reads_again(bytes, unpack_hello);
  case 1:
    return reads_again(bytes, unpack_refusal);
  case 2:
    return reads_again(bytes, unpack_heartbeat);
  default:
    return work(bytes);
  }
}

} // namespace mfo::fuzz
