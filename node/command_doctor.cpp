#include "node/command_doctor.hpp"

#include "node/command.hpp"
#include "node/doctor/catalogue.hpp"
#include "node/doctor/examination.hpp"
#include "node/doctor/probes/running_probe.hpp"
#include "node/doctor/report.hpp"
#include "node/doctor/rules/unloaded.hpp"
#include "node/number_option.hpp"
#include "node/standard_output.hpp"
#include "node/taskflow/admin_client.hpp"

#include "config/environment.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

struct doctor_arguments {
  std::string config;
  std::vector<std::string> only;
  double timeout_s = 5;
  config::tls_settings tls;
  bool json = false;
  bool strict = false;
  bool list = false;
};

using check_list = std::vector<const doctor::check_entry*>;

/// `config` comes first, whatever is chosen: the others need it.
tl::expected<check_list, command_failure>
choose(const std::vector<std::string>& only) {
  check_list chosen;
  std::vector<std::string_view> names;
  for (const auto& each : doctor::catalogue()) {
    names.push_back(each.name);
    if (only.empty() || std::ranges::find(only, each.name) != only.end())
      chosen.push_back(&each);
  }
  for (const auto& each : only)
    if (std::ranges::find(names, each) == names.end())
      return failure(exit_status::usage,
                     fmt::format("there is no check {}; there are: {}\n", each,
                                 fmt::join(names, ", ")));
  return chosen;
}

exit_status list_checks() {
  std::size_t widest = 0;
  for (const auto& each : doctor::catalogue())
    widest = std::max(widest, each.name.size());
  for (const auto& each : doctor::catalogue())
    fmt::print("{:<{}}  {}\n", each.name, widest, each.help);
  return exit_status::ok;
}

/// Of a configuration that cannot be loaded.
doctor::examination unloaded(const check_list& chosen,
                             const command_failure& why) {
  doctor::examination result;
  result.all.push_back(
      {doctor::config_check, doctor::judge_unloaded(why.reason)});
  for (const auto* each : chosen)
    if (each->look != nullptr)
      result.all.push_back(
          {each->name,
           {doctor::left_out("", "the configuration cannot be loaded")}});
  return result;
}

doctor::examination examine(const doctor_arguments& given,
                            const check_list& chosen) {
  auto loaded = load_settings(given.config);
  if (!loaded)
    return unloaded(chosen, loaded.error());
  auto patient = std::make_shared<doctor::patient>();
  patient->config_file = given.config;
  patient->settings = *std::move(loaded);
  patient->variables = config::process_environment();
  patient->tls = given.tls;
  patient->timeout = std::chrono::milliseconds{
      static_cast<std::chrono::milliseconds::rep>(given.timeout_s * 1000)};
  patient->running = doctor::find_running(*patient);
  check_list others;
  std::ranges::copy_if(chosen, std::back_inserter(others),
                       [](const auto* each) { return each->look != nullptr; });
  auto result = doctor::examine(patient, others);
  if (others.size() != chosen.size())
    result.all.insert(
        result.all.begin(),
        {doctor::config_check,
         {doctor::good(
             "", fmt::format("{} can be loaded{}", given.config,
                             patient->running ? ", and its node runs" : ""))}});
  return result;
}

exit_status run_doctor(const doctor_arguments& given) {
  if (given.list)
    return list_checks();
  if (given.config.empty())
    return report("doctor", {exit_status::usage, "--config is required\n"});
  const auto chosen = choose(given.only);
  if (!chosen)
    return report("doctor", chosen.error());
  const auto result = examine(given, *chosen);
  if (given.json)
    print_json(doctor::to_json(given.config, result.all));
  else
    fmt::print("{}", doctor::to_text(result.all));
  const auto sum = doctor::count(result.all);
  const bool well = sum.failed == 0 && !(given.strict && sum.warnings > 0);
  const auto status = well ? exit_status::ok : exit_status::not_accepted;
  if (result.abandoned) {
    // What goes on still would be torn down under its own feet.
    std::_Exit(static_cast<int>(after_printing("doctor", status)));
  }
  return status;
}

} // namespace

void add_doctor_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<doctor_arguments>();
  auto* command = app.add_subcommand(
      "doctor", "Find common mistakes before they cost an event");
  command->add_option("-c,--config", given->config, "Configuration file")
      ->type_name("FILE");
  command
      ->add_option("--only", given->only,
                   "These checks alone; several with commas between")
      ->delimiter(',')
      ->type_name("CHECK");
  command->add_flag("--list", given->list, "Tell which checks there are");
  command
      ->add_option("--timeout", given->timeout_s,
                   "Seconds for each check that asks others")
      ->check(number_within(0.1, 600))
      ->capture_default_str()
      ->type_name("SECONDS");
  command->add_flag("--strict", given->strict, "Exit with 1 for warnings, too");
  command->add_flag("--json", given->json, "One document, for programs");
  command
      ->add_option("--ca", given->tls.ca_file,
                   "Who vouches for `public_url` and for an admin listener "
                   "with TLS, PEM; default: the system's certificates")
      ->type_name("FILE");
  auto* certificate =
      command
          ->add_option("--cert", given->tls.cert_file,
                       "The caller's own certificate for both, PEM")
          ->type_name("FILE");
  auto* key = command->add_option("--key", given->tls.key_file, "The key of it")
                  ->needs(certificate)
                  ->type_name("FILE");
  certificate->needs(key);
  set_action(*command, chosen, [given] { return run_doctor(*given); });
}

} // namespace mfo::node
