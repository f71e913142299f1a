#include "torture/wire/mesh.hpp"

#include "torture/wire/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace mfo::wire {

namespace {

// RFC 791, section 3.1.
constexpr std::size_t shortest_header = 20;
constexpr std::size_t destination_at = 16;

bool is_ipv4(packet one) {
  return one.size() >= shortest_header &&
         std::to_integer<int>(one.front() >> 4) == 4;
}

in_addr_t destination_of(packet one) {
  in_addr_t address;
  std::memcpy(&address, one.data() + destination_at, sizeof address);
  return address;
}

} // namespace

mesh::mesh(std::vector<host> hosts, std::uint64_t seed)
  : hosts_(std::move(hosts)) {
  links_.reserve(hosts_.size() * hosts_.size());
  for (std::size_t from = 0; from < hosts_.size(); ++from)
    for (const auto& to : hosts_)
      links_.emplace_back(to.deliver, seed + links_.size());
}

void mesh::take(std::size_t from, packet one, clock::time_point now) {
  if (!is_ipv4(one))
    return;
  const auto to =
      std::find_if(hosts_.begin(), hosts_.end(),
                   [address = destination_of(one)](const auto& each) {
                     return each.address == address;
                   });
  if (to != hosts_.end())
    links_[from * hosts_.size() + static_cast<std::size_t>(to - hosts_.begin())]
        .take(one, now);
}

clock::time_point mesh::release(clock::time_point now) {
  auto next = clock::time_point::max();
  for (auto& each : links_) {
    each.release(now);
    next = std::min(next, each.due().value_or(next));
  }
  return next;
}

std::string mesh::obey(std::string_view line) {
  const auto parsed = parse_command(line);
  if (!parsed)
    return "error " + parsed.error();
  switch (parsed->what) {
  case command::kind::stats:
    return "ok " + stats();
  case command::kind::heal:
    for (auto& each : links_)
      each.set({});
    return "ok";
  case command::kind::set:
    break;
  }
  auto* const found = find(parsed->from, parsed->to);
  if (found == nullptr)
    return fmt::format("error there is no link from {} to {}", parsed->from,
                       parsed->to);
  found->set(parsed->given);
  return "ok";
}

link* mesh::find(std::string_view from, std::string_view to) {
  const auto index_of = [this](std::string_view name) {
    const auto found =
        std::find_if(hosts_.begin(), hosts_.end(),
                     [name](const auto& each) { return each.name == name; });
    return static_cast<std::size_t>(found - hosts_.begin());
  };
  const auto one = index_of(from);
  const auto other = index_of(to);
  if (one == other || one == hosts_.size() || other == hosts_.size())
    return nullptr;
  return &links_[one * hosts_.size() + other];
}

std::string mesh::stats() const {
  std::string list;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const auto from = i / hosts_.size();
    const auto to = i % hosts_.size();
    if (from == to)
      continue;
    const auto& counts = links_[i].counts();
    list += fmt::format(
        R"({}{{"from":"{}","to":"{}","forwarded":{},"lost":{},"cut":{},)"
        R"("overflow":{}}})",
        list.empty() ? "" : ",", hosts_[from].name, hosts_[to].name,
        counts.forwarded, counts.lost, counts.cut, counts.overflow);
  }
  return "[" + list + "]";
}

} // namespace mfo::wire
