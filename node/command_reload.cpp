#include "node/command_reload.hpp"

#include "node/taskflow/admin_client.hpp"

#include "core/printable.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>

namespace mfo::node {

namespace {

using nlohmann::json;

/// Reading many files, and making clients, may take a while.
constexpr std::chrono::seconds longest_reload{60};

exit_status reload(const admin_arguments& where) {
  const auto client = admin_client::open(where);
  if (!client)
    return report("reload", client.error());
  const auto reply = client->ask("POST", "/api/v1/reload", "", longest_reload);
  if (!reply)
    return report("reload", reply.error());
  if (where.wants_json()) {
    print_json(*reply);
    return exit_status::ok;
  }
  const auto changed = reply->value("changed", json::array());
  fmt::print("generation {} is in force{}\n", reply->value("generation", 0),
             changed.empty() ? "; no key has another value" : "; changed:");
  for (const auto& each : changed)
    if (each.is_string())
      fmt::print("  {}\n", core::printable(each.get<std::string>()));
  return exit_status::ok;
}

} // namespace

void add_reload_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<admin_arguments>();
  auto* command = app.add_subcommand(
      "reload", "Have a running node read its configuration again");
  add_admin_options(*command, *given);
  set_action(*command, chosen, [given] { return reload(*given); });
}

} // namespace mfo::node
