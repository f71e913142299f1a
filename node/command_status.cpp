#include "node/command_status.hpp"

#include "node/cluster_view.hpp"
#include "node/json_cells.hpp"
#include "node/number_option.hpp"
#include "node/taskflow/admin_client.hpp"
#include "node/text_table.hpp"

#include "api/json_body.hpp"
#include "config/units.hpp"
#include "core/printable.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace mfo::node {

namespace {

using nlohmann::json;

/// How often is looked whether a node has drained.
constexpr std::chrono::milliseconds drain_look{200};

struct drain_arguments {
  admin_arguments where;
  std::string node;
  bool wait = false;
  double wait_s = 60;
};

/// When what a check is of was last known to be well; "-".
std::string last_well(const json& health, const std::string& check) {
  for (const auto& each : list_in(health, "dependencies")) {
    const auto name = text_in(each, "name");
    if (check == text_in(each, "kind") + " " + name ||
        check == "dead letters to " + name)
      return text_in(each, "last_success");
  }
  return "-";
}

/// How a node is, and what of it is not well, for people.
std::string health_lines(const json& health) {
  const auto* seconds = api::find_member(health, "uptime_seconds");
  const std::chrono::seconds up{
      seconds != nullptr && seconds->is_number_integer() ? seconds->get<int>()
                                                         : 0};
  auto text =
      fmt::format("node {} ({}): {}, {}, up {}\n", text_in(health, "node"),
                  text_in(health, "version"), text_in(health, "status"),
                  text_in(health, "phase"), config::format_duration(up));
  text = core::printable(text, true);
  const auto* given = api::find_member(health, "checks");
  const auto checks = given != nullptr ? *given : json::object();
  text_table table{{"FAILS", "LAST WELL", "WHY"}};
  for (const auto& each : checks.items())
    if (text_in(each.value(), "status") != "ok")
      text += table.add({each.key(), last_well(health, each.key()),
                         text_in(each.value(), "detail")});
  for (const auto& each : list_in(health, "sources"))
    if (const auto* silent = api::find_member(each, "silent");
        silent != nullptr && *silent == true)
      text += table.add({"source " + text_in(each, "endpoint"),
                         text_in(each, "last_event"), "silent"});
  text += table.finish();
  return text;
}

exit_status show_status(const admin_arguments& where) {
  const auto client = admin_client::open(where);
  if (!client)
    return report("status", client.error());
  const auto health = client->health();
  if (!health)
    return report("status", health.error());
  // A node that is alone has none.
  auto cluster = client->find("/api/v1/cluster");
  if (!cluster)
    return report("status", cluster.error());
  if (where.wants_json()) {
    (*cluster)["health"] = *health;
    print_json(*cluster);
    return exit_status::ok;
  }
  fmt::print("{}", health_lines(*health));
  if (!cluster->is_null())
    fmt::print("\n{}", cluster_table(*cluster));
  return exit_status::ok;
}

/// The member of that name in a table; null: there is none.
const json* member_of(const json& table, const std::string& name) {
  if (const auto* members = api::find_member(table, "members");
      members != nullptr && members->is_array())
    for (const auto& each : *members)
      if (api::optional_text(each, "name") == name)
        return &each;
  return nullptr;
}

/// Whether it runs nothing any more, or is gone.
bool has_drained(const json& table, const std::string& name) {
  const auto* member = member_of(table, name);
  if (member == nullptr)
    return true;
  const auto has = [member](const char* key, const json& wanted) {
    const auto* value = api::find_member(*member, key);
    return value != nullptr && *value == wanted;
  };
  const auto state = api::optional_text(*member, "state");
  return state == "left" || state == "dead" ||
         (has("draining", true) && has("queued", 0) && has("in_flight", 0));
}

exit_status drain(const drain_arguments& given) {
  const auto client = admin_client::open(given.where);
  if (!client)
    return report("drain", client.error());
  const auto asked =
      client->post("/api/v1/cluster/" + encoded(given.node) + "/drain", "");
  if (!asked)
    return report("drain", asked.error());
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::duration<double>(given.wait_s);
  while (given.wait) {
    const auto table = client->get("/api/v1/cluster");
    if (!table)
      return report("drain", table.error());
    if (has_drained(*table, given.node))
      break;
    if (std::chrono::steady_clock::now() >= end)
      return report("drain",
                    {exit_status::not_accepted,
                     fmt::format("{} has not drained in {} s\n",
                                 core::printable(given.node), given.wait_s)});
    std::this_thread::sleep_for(drain_look);
  }
  if (given.where.wants_json())
    print_json(*asked);
  else
    fmt::print("{} {}\n", core::printable(given.node),
               given.wait ? "has drained" : "drains");
  return exit_status::ok;
}

} // namespace

void add_status_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<admin_arguments>();
  auto* command = app.add_subcommand(
      "status", "Show how a running node is, and its cluster as it sees it");
  add_admin_options(*command, *given);
  set_action(*command, chosen, [given] { return show_status(*given); });
}

void add_drain_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<drain_arguments>();
  auto* command = app.add_subcommand(
      "drain", "Have a node of the cluster take no more work");
  command->add_option("node", given->node, "Its name, as `status` shows it")
      ->required()
      ->check(not_empty)
      ->type_name("NODE");
  auto* wait = command->add_flag("--wait", given->wait,
                                 "Until it has nothing left to do");
  command->add_option("--timeout", given->wait_s, "Of the wait, in seconds")
      ->needs(wait)
      ->check(number_within(0.001, 86'400))
      ->capture_default_str()
      ->type_name("SECONDS");
  add_admin_options(*command, given->where);
  set_action(*command, chosen, [given] { return drain(*given); });
}

} // namespace mfo::node
