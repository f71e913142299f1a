#include "node/command_events.hpp"

#include "node/endpoint_view.hpp"
#include "node/event_view.hpp"
#include "node/json_cells.hpp"
#include "node/moment.hpp"
#include "node/taskflow/admin_client.hpp"

#include "core/rfc3339.hpp"
#include "telemetry/event_record.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

struct events_arguments {
  admin_arguments where;
  std::string id;
  std::string endpoint;
  std::string outcome;
  std::string reason;
  std::string prefix;
  std::string since;
  std::string until;
  unsigned limit = 100;
};

milliseconds this_moment() {
  return std::chrono::duration_cast<milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

/// Why a text is neither a time nor how long ago one was; "".
std::string no_time(const std::string& text) {
  const auto at = parse_moment(text, this_moment());
  return at ? "" : at.error();
}

/// A time that was given, as the listener takes one; "".
std::string time_of(const std::string& text) {
  const auto at = parse_moment(text, this_moment());
  return at ? core::to_rfc3339(*at) : "";
}

std::string target_of(const events_arguments& given) {
  if (!given.id.empty())
    return "/api/v1/events/" + encoded(given.id);
  auto target = fmt::format("/api/v1/events?limit={}", given.limit);
  const auto add = [&target](const char* name, const std::string& value) {
    if (!value.empty())
      target += fmt::format("&{}={}", name, encoded(value));
  };
  add("endpoint", given.endpoint);
  add("outcome", given.outcome);
  add("reason", given.reason);
  add("q", given.prefix);
  add("since", time_of(given.since));
  add("until", time_of(given.until));
  return target;
}

/// Where the node has no endpoint `id`: a line that says so; "".
std::string unknown_endpoint(const admin_client& client,
                             const std::string& id) {
  const auto reply = client.get("/api/v1/endpoints");
  if (!reply)
    return {};
  std::vector<std::string> known{"none"};
  for (const auto& each : list_in(*reply, "endpoints"))
    known.push_back(text_in(each, "id"));
  return no_such_endpoint(id, known);
}

/// An answer for people.
using text_view =
    std::function<std::string(const admin_client& from, const json& reply)>;

/// Asks, and prints the answer as it stands, or as `view` has it.
exit_status show(const std::string& command, const admin_arguments& where,
                 const std::string& target, const text_view& view) {
  const auto client = admin_client::open(where);
  if (!client)
    return report(command, client.error());
  const auto reply = client->get(target);
  if (!reply)
    return report(command, reply.error());
  if (where.wants_json())
    print_json(*reply);
  else
    fmt::print("{}", view(*client, *reply));
  return exit_status::ok;
}

} // namespace

void add_events_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<events_arguments>();
  auto* command = app.add_subcommand(
      "events",
      "One line for each of the last events of a running node, newest "
      "first; or the whole story of one");
  const std::vector<std::string> outcomes{telemetry::event_states.begin(),
                                          telemetry::event_states.end()};
  auto* id = command->add_option("id", given->id, "Id of the one event")
                 ->check(not_empty)
                 ->type_name("ID");
  command
      ->add_option("--endpoint", given->endpoint,
                   "Only events of this one; `none`: what reached no endpoint")
      ->type_name("ID");
  command
      ->add_option("--outcome", given->outcome, "Only events of this outcome")
      ->check(CLI::IsMember(outcomes));
  command
      ->add_option("--reason", given->reason,
                   "Only events that did not arrive for this reason")
      ->type_name("WORD");
  command
      ->add_option("--search", given->prefix,
                   "Only events whose id, or the sender's own, begins so")
      ->type_name("TEXT");
  command
      ->add_option("--since", given->since,
                   "Only events since then: a date, a time, or how long ago "
                   "(90m, 7d)")
      ->check(no_time)
      ->type_name("TIME");
  command->add_option("--until", given->until, "Only events before then")
      ->check(no_time)
      ->type_name("TIME");
  for (auto* filter : command->get_options())
    if (!filter->get_lnames().empty() && filter->get_lnames()[0] != "help")
      id->excludes(filter);
  command->add_option("--limit", given->limit, "At most so many")
      ->check(CLI::Range(1u, 10'000u))
      ->capture_default_str();
  add_admin_options(*command, given->where);
  set_action(*command, chosen, [given] {
    return show("events", given->where, target_of(*given),
                [&](const admin_client& from, const json& reply) {
                  if (!given->id.empty())
                    return event_story(reply);
                  auto text = event_list(reply);
                  // Of one that is gone there may be events.
                  if (!given->endpoint.empty() &&
                      list_in(reply, "events").empty())
                    text += unknown_endpoint(from, given->endpoint);
                  return text;
                });
  });
}

void add_endpoints_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<admin_arguments>();
  auto* command = app.add_subcommand(
      "endpoints", "Show where events come in to a running node, and what has "
                   "come");
  add_admin_options(*command, *given);
  set_action(*command, chosen, [given] {
    return show(
        "endpoints", *given, "/api/v1/endpoints",
        [](const auto&, const json& reply) { return endpoint_table(reply); });
  });
}

} // namespace mfo::node
