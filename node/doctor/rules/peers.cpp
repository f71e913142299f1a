#include "node/doctor/rules/peers.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <utility>

namespace mfo::node::doctor {

namespace {

constexpr auto seeds_key = "cluster.seeds";

finding judge_release(const std::string& who, const std::string& text,
                      const cluster::node_card& own) {
  const auto theirs = release_in(text);
  if (!theirs)
    return good(seeds_key, who + " answers");
  const auto speaks = fmt::format(
      "{} is release {}, which speaks protocol {} to {}", who, theirs->software,
      theirs->speaks.lowest, theirs->speaks.highest);
  if (std::min(theirs->speaks.highest, own.speaks.highest) <
      std::max(theirs->speaks.lowest, own.speaks.lowest))
    return failed(seeds_key,
                  fmt::format("{}; this one speaks {} to {}", speaks,
                              own.speaks.lowest, own.speaks.highest),
                  "upgrade the older of them");
  if (theirs->software != own.software)
    return warning(seeds_key,
                   fmt::format("{}; this one is {}", speaks, own.software),
                   "fine while the cluster is upgraded; else upgrade the older "
                   "of them");
  return good(seeds_key, speaks);
}

} // namespace

cluster::hello visit_card(std::string cluster, cluster::node_card own,
                          std::uint64_t dial) {
  own.speaks = {0, 0};
  return {.cluster = std::move(cluster), .card = std::move(own), .dial = dial};
}

std::optional<peer_release> release_in(std::string_view text) {
  // cluster/membership/hello.cpp has the sentence: the visitor, then the peer.
  static const std::regex form{
      R"(, \S+ at \S+ \((.*)\) (\d{1,5}) to (\d{1,5});)"};
  std::match_results<std::string_view::const_iterator> found;
  if (!std::regex_search(text.begin(), text.end(), found, form))
    return std::nullopt;
  const auto number = [&](std::size_t at) {
    return static_cast<std::uint16_t>(std::stoul(found[at].str()));
  };
  return peer_release{{number(2), number(3)}, found[1].str()};
}

finding judge_peer(const peer_seen& seen, const cluster::node_card& own) {
  using cluster::refusal_code;
  const auto who = seen.name.empty()
                       ? seen.address
                       : fmt::format("{} at {}", seen.name, seen.address);
  if (!seen.failure.empty())
    return failed(seeds_key, fmt::format("{}: {}", who, seen.failure),
                  "start that node, correct the seed, or see that the "
                  "certificates of both are of one authority "
                  "(`mfo-node cluster show`)");
  if (core::equal_ignoring_case(seen.name, own.name))
    return left_out(seeds_key, who + " is this very node");
  if (!seen.answer)
    return failed(seeds_key, who + " takes the link, and says nothing on it",
                  "see its log; restart it if it hangs");
  switch (seen.answer->code) {
  case refusal_code::no_common_version:
    return judge_release(who, seen.answer->text, own);
  case refusal_code::name_is_mine:
  case refusal_code::oneself:
    return left_out(seeds_key, who + " is this very node");
  case refusal_code::other_cluster:
    return failed(seeds_key, seen.answer->text,
                  "give both the same `cluster.name`, or take the seed out");
  default:
    return failed(
        seeds_key,
        fmt::format("{} refuses this node: {}", who, seen.answer->text),
        "its log says more");
  }
}

} // namespace mfo::node::doctor
