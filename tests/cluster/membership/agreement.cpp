#include "tests/cluster/membership/agreement.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::cluster::test {

namespace {

constexpr std::size_t enough = 50'000; ///< letters of what is wrong

std::string line_of(const table_row& row) {
  return fmt::format("{} {} {} {}", row.record->card->name,
                     to_string(row.record->card->born),
                     to_string(row.record->state), row.record->refutation);
}

/// The table that a node sends.
std::string text_of_table(const simulated_network& network,
                          const std::string& name) {
  std::string text;
  for (const auto& row : network.table_at(name))
    text += line_of(row) + "\n";
  return text;
}

/// What a node shows that is not so; empty: all is well.
std::string mistakes_of(simulated_network& network, const std::string& name,
                        const std::vector<std::string>& live) {
  std::string text;
  const auto view = network.at(name).snapshot();
  for (const auto& member : view->members()) {
    const auto& other = member.card->name;
    const bool lives = std::binary_search(live.begin(), live.end(), other);
    if (lives != (member.state == member_state::alive))
      text += fmt::format("{} shows {} as {}\n", name, other,
                          to_string(member.state));
    if (!lives || other == name)
      continue;
    if (!member.linked || network.links_between(name, other) != 1)
      text += fmt::format("{} has {} links with {}\n", name,
                          network.links_between(name, other), other);
    if (member.card->born != network.at(other).own_hello(0).card.born)
      text += fmt::format("{} has another process as {}\n", name, other);
  }
  for (const auto& other : live)
    if (!view->find(other))
      text += fmt::format("{} does not know {}\n", name, other);
  return text;
}

} // namespace

std::vector<std::string> names_of(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i)
    names.push_back(fmt::format("node-{:03}", i));
  return names;
}

void start_all(simulated_network& network,
               const std::vector<std::string>& names, std::size_t seed_count) {
  network.seeds.clear();
  for (std::size_t i = 0; i < seed_count; ++i)
    network.seeds.push_back({.host = names[i], .port = 7420});
  for (const auto& name : names)
    network.start(name);
}

testing::AssertionResult agree(simulated_network& network) {
  const auto live = network.live_hosts();
  std::string text;
  for (const auto& name : live)
    text += mistakes_of(network, name, live);
  const auto first =
      live.empty() ? std::string{} : text_of_table(network, live.front());
  for (const auto& name : live)
    if (const auto table = text_of_table(network, name);
        table != first && text.size() < enough)
      text += fmt::format("the table of {}:\n{}is not that of {}:\n{}", name,
                          table, live.front(), first);
  return text.empty() ? testing::AssertionSuccess()
                      : testing::AssertionFailure() << text;
}

std::optional<simulated_network::time>
first_report(const simulated_network& network, const std::string& observer,
             const std::string& member, member_state state,
             simulated_network::time since) {
  for (const auto& each : network.reports)
    if (each.at >= since && each.observer == observer &&
        each.change.member == member && each.change.to == state)
      return each.at;
  return std::nullopt;
}

std::size_t reports_of(const simulated_network& network, member_state state) {
  return static_cast<std::size_t>(std::count_if(
      network.reports.begin(), network.reports.end(),
      [state](const auto& each) { return each.change.to == state; }));
}

} // namespace mfo::cluster::test
