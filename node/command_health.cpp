#include "node/command_health.hpp"

#include "node/command.hpp"
#include "node/number_option.hpp"
#include "node/taskflow/admin_client.hpp"

#include "api/json_body.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace mfo::node {

namespace {

struct health_arguments {
  admin_arguments where;
  bool live = false;
};

exit_status show_health(const health_arguments& given) {
  const auto client = admin_client::open(given.where);
  if (!client)
    return report("health", client.error());
  const auto reply = client->get(given.live ? "/health/live" : "/health/ready");
  if (!reply)
    return report("health", reply.error());
  if (given.where.wants_json())
    print_json(*reply);
  else
    fmt::print("{}\n", api::optional_text(*reply, "status"));
  return exit_status::ok;
}

} // namespace

void add_health_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<health_arguments>();
  auto* command = app.add_subcommand(
      "health", "Ask a running node whether it takes events");
  command->add_flag("--live", given->live,
                    "Whether it answers at all, also while it drains");
  command
      ->add_option("--timeout", given->where.timeout,
                   "Of the answer, in seconds")
      ->check(number_within(0.001, 3600))
      ->capture_default_str()
      ->type_name("SECONDS");
  add_admin_options(*command, given->where);
  set_action(*command, chosen, [given] { return show_health(*given); });
}

} // namespace mfo::node
