#include "node/cluster_view.hpp"

#include "node/text_table.hpp"

#include "api/json_body.hpp"
#include "cluster/membership/address.hpp"
#include "core/printable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using nlohmann::json;

json roles_json(cluster::role_set roles) {
  auto words = json::array();
  for (const auto each :
       {cluster::role::intake, cluster::role::runner, cluster::role::connector})
    if (roles.has(each))
      words.push_back(cluster::to_string(each));
  return words;
}

json member_json(const cluster::member_view& member, bool oneself,
                 std::chrono::steady_clock::time_point now) {
  const auto& card = *member.card;
  const auto& load = *member.load;
  json result{{"name", card.name},
              {"self", oneself},
              {"state", cluster::to_string(member.state)},
              {"linked", member.linked},
              {"draining", load.draining},
              {"address", cluster::to_string(card.where)},
              {"roles", roles_json(card.roles)},
              {"labels", card.labels},
              {"incarnation", cluster::to_string(card.born)},
              {"version", card.software},
              {"queued", load.queue_depth},
              {"in_flight", load.in_flight},
              {"max_in_flight", load.max_in_flight},
              {"open_circuits", load.open_circuits}};
  if (member.last_heard)
    result["last_heard_ms"] =
        std::chrono::duration_cast<std::chrono::milliseconds>(
            now - *member.last_heard)
            .count();
  return result;
}

std::string words_of(const json& member, std::string_view name) {
  std::vector<std::string> words;
  if (const auto* list = api::find_member(member, name))
    for (const auto& each : list->items()) {
      auto word = api::text_of(each.value()).value_or("-");
      words.push_back(list->is_object() ? each.key() + "=" + word
                                        : std::move(word));
    }
  return words.empty() ? "-" : fmt::format("{}", fmt::join(words, ","));
}

std::string number_of(const json& member, std::string_view name) {
  const auto* value = api::find_member(member, name);
  return value != nullptr && value->is_number() ? value->dump() : "-";
}

bool is_set(const json& member, std::string_view name) {
  const auto* value = api::find_member(member, name);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

text_table::row row_of(const json& member) {
  const auto text = [&](std::string_view name) {
    return core::printable(api::optional_text(member, name));
  };
  const bool oneself = is_set(member, "self");
  auto heard = number_of(member, "last_heard_ms");
  if (heard != "-")
    heard += " ms";
  return {text("name") + (oneself ? " *" : ""),
          text("state") + (is_set(member, "draining") ? ", draining" : ""),
          core::printable(words_of(member, "roles")),
          core::printable(words_of(member, "labels")),
          text("address"),
          oneself                    ? "-"
          : is_set(member, "linked") ? "up"
                                     : "none",
          heard,
          number_of(member, "queued"),
          number_of(member, "in_flight") + "/" +
              number_of(member, "max_in_flight"),
          text("version")};
}

} // namespace

std::string cluster_json(const config::settings& settings,
                         const cluster::hub_report& report) {
  const auto now = std::chrono::steady_clock::now();
  auto members = json::array();
  if (const auto view = report.members())
    for (const auto& each : view->members())
      members.push_back(
          member_json(each, each.card->name == settings.node_name, now));
  return json{{"cluster", settings.cluster.name},
              {"node", settings.node_name},
              {"events_at_peers", report.away.load()},
              {"events_of_peers", report.running.load()},
              {"members", std::move(members)}}
      .dump();
}

std::string cluster_table(const json& reply) {
  const auto* members = api::find_member(reply, "members");
  if (members == nullptr || !members->is_array())
    return "the node answered with no table\n";
  const auto alive =
      std::count_if(members->begin(), members->end(), [](const auto& each) {
        return api::optional_text(each, "state") == "alive";
      });
  auto text = fmt::format("cluster {}, as {} sees it: {} of {} members alive\n",
                          core::printable(api::optional_text(reply, "cluster")),
                          core::printable(api::optional_text(reply, "node")),
                          alive, members->size());
  text_table table{{"NODE", "STATE", "ROLES", "LABELS", "ADDRESS", "LINK",
                    "HEARD", "QUEUED", "IN FLIGHT", "VERSION"}};
  for (const auto& each : *members)
    text += table.add(row_of(each));
  return text + table.finish();
}

} // namespace mfo::node
