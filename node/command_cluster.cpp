#include "node/command_cluster.hpp"

#include "node/command.hpp"
#include "node/text_table.hpp"

#include "cluster/certificates/authority.hpp"
#include "cluster/certificates/describe.hpp"
#include "cluster/certificates/issue.hpp"
#include "cluster/certificates/make.hpp"
#include "core/rfc3339.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

namespace certificates = cluster::certificates;
using nlohmann::json;

/// Where the CA is, unless it is said.
constexpr auto here = ".";

std::string time_text(std::chrono::sys_seconds time) {
  return core::to_rfc3339(time.time_since_epoch());
}

command_failure as_failure(certificates::failure&& why) {
  return {why.what == certificates::fault::request ? exit_status::usage
                                                   : exit_status::cannot_start,
          std::move(why.text)};
}

/// "FILE: CN=n1, DNS:n1, IP:10.0.0.1, until 2027-02-26T12:00:00.000Z (90
/// days)".
void print_made(const certificates::made& what, std::chrono::sys_seconds now) {
  auto parts = what.certificate.names;
  parts.insert(parts.begin(), what.certificate.subject);
  fmt::print("{}: {}, until {} ({} days)\n", what.files.certificate,
             fmt::join(parts, ", "), time_text(what.certificate.not_after),
             certificates::days_left(what.certificate, now));
}

void add_folder_option(CLI::App& command, std::string& folder) {
  command.add_option("--folder", folder, "Where ca.crt and ca.key are")
      ->type_name("FOLDER")
      ->capture_default_str();
}

void add_days_option(CLI::App& command, int& days, const char* help) {
  command.add_option("--days", days, help)
      ->check(CLI::Range(1L, long{certificates::longest_lifetime.count()}))
      ->type_name("DAYS")
      ->capture_default_str();
}

// --- init-ca -----------------------------------------------------------------

struct init_arguments {
  std::string folder = here;
  std::string cluster = "mfo";
  int days = 3650;
};

exit_status init(const init_arguments& given, std::chrono::sys_seconds now) {
  auto made = certificates::init_ca(
      given.folder, {given.cluster, std::chrono::days{given.days}}, now);
  if (!made)
    return report("cluster init-ca", as_failure(std::move(made.error())));
  print_made(*made, now);
  fmt::print("{}: its key; whoever has it can make nodes, so keep it off "
             "them\n",
             made->files.key);
  return exit_status::ok;
}

CLI::App* add_init(CLI::App& group, init_arguments& given) {
  auto* command = group.add_subcommand(
      "init-ca",
      "Make the cluster's own CA: ca.crt for every node, and ca.key");
  add_folder_option(*command, given.folder);
  command->add_option("--cluster", given.cluster, "What the cluster is called")
      ->type_name("NAME")
      ->capture_default_str();
  add_days_option(*command, given.days, "How long it is valid");
  command->footer("Never overwrites anything.");
  return command;
}

// --- issue -------------------------------------------------------------------

struct issue_arguments {
  std::string folder = here;
  certificates::node_request node;
  int days = 90;
};

exit_status issue(const issue_arguments& given, std::chrono::sys_seconds now) {
  auto request = given.node;
  request.lifetime = std::chrono::days{given.days};
  auto issued = certificates::issue(given.folder, request, now);
  if (!issued)
    return report("cluster issue", as_failure(std::move(issued.error())));
  print_made(issued->node, now);
  fmt::print("{}: {}\n", issued->node.files.key,
             request.renew ? "its key, as before"
                           : "its key, for this node alone");
  if (issued->ends_with_ca)
    fmt::print(stderr,
               "It is valid for less than {} days, as the CA is valid no "
               "longer.\n",
               given.days);
  return exit_status::ok;
}

CLI::App* add_issue(CLI::App& group, issue_arguments& given) {
  auto* command = group.add_subcommand(
      "issue", "Make a node's certificate and key: NAME.crt and NAME.key");
  command->add_option("name", given.node.name, "What the node is called")
      ->required()
      ->type_name("NAME");
  command
      ->add_option("--san", given.node.names,
                   "Hosts' names and IP addresses by which other nodes reach "
                   "it, beside its name")
      ->delimiter(',')
      ->allow_extra_args(false) // what follows is NAME
      ->type_name("HOST");
  add_folder_option(*command, given.folder);
  command
      ->add_option("--out", given.node.output,
                   "Where to put the files; default: where the CA is")
      ->type_name("FOLDER");
  add_days_option(*command, given.days,
                  "How long it is valid; no longer than the CA");
  command->add_flag("--renew", given.node.renew,
                    "A new certificate for the key that is there, with the "
                    "same names unless --san gives some");
  command->footer("Without --renew it never overwrites anything.");
  return command;
}

// --- show --------------------------------------------------------------------

struct show_arguments {
  std::vector<std::string> files;
  std::string format = "text";
};

struct shown_file {
  std::string file;
  certificates::description about;
};

void print_as_table(const std::vector<shown_file>& all,
                    std::chrono::sys_seconds now) {
  text_table table{
      {"FILE", "SUBJECT", "ISSUER", "NOT AFTER", "DAYS LEFT", "NAMES"}};
  for (const auto& [file, about] : all)
    fmt::print("{}", table.add({file, about.subject, about.issuer,
                                time_text(about.not_after),
                                std::to_string(days_left(about, now)),
                                fmt::to_string(fmt::join(about.names, ", "))}));
  fmt::print("{}", table.finish());
}

void print_as_list(const std::vector<shown_file>& all,
                   std::chrono::sys_seconds now) {
  auto list = json::array();
  for (const auto& [file, about] : all)
    list.push_back({{"file", file},
                    {"subject", about.subject},
                    {"issuer", about.issuer},
                    {"names", about.names},
                    {"not_before", time_text(about.not_before)},
                    {"not_after", time_text(about.not_after)},
                    {"days_left", days_left(about, now)}});
  fmt::print("{}\n", list.dump(2, ' ', false, json::error_handler_t::replace));
}

exit_status show(const show_arguments& given, std::chrono::sys_seconds now) {
  std::vector<shown_file> found;
  auto status = exit_status::ok;
  for (const auto& each : given.files) {
    auto about = certificates::describe(each);
    if (about)
      found.push_back({each, *std::move(about)});
    else
      status =
          report("cluster show", {exit_status::no_input, about.error().text});
  }
  (given.format == "json" ? print_as_list : print_as_table)(found, now);
  return status;
}

CLI::App* add_show(CLI::App& group, show_arguments& given) {
  auto* command = group.add_subcommand(
      "show", "Tell whose certificates these are, and how long they are valid");
  command->add_option("files", given.files, "Files with certificates, in PEM")
      ->required()
      ->type_name("FILE");
  command->add_option("--format", given.format, "For people, or for programs")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->footer("Of each file the first certificate is shown.");
  return command;
}

/// Has `run` be done when the words of `command` were read.
template <class Arguments>
void call_back(CLI::App* command, std::shared_ptr<Arguments> given,
               command_action& chosen,
               std::function<std::chrono::sys_seconds()> now,
               exit_status (*run)(const Arguments&, std::chrono::sys_seconds)) {
  set_action(*command, chosen,
             [given = std::move(given), now = std::move(now), run] {
               return run(*given, now());
             });
}

} // namespace

std::chrono::sys_seconds seconds_now() {
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::system_clock::now());
}

void add_cluster_command(CLI::App& app, command_action& chosen,
                         std::function<std::chrono::sys_seconds()> now) {
  auto* group = app.add_subcommand(
      "cluster", "The certificates by which nodes know each other");
  group->require_subcommand(1);
  auto init_given = std::make_shared<init_arguments>();
  call_back(add_init(*group, *init_given), init_given, chosen, now, init);
  auto issue_given = std::make_shared<issue_arguments>();
  call_back(add_issue(*group, *issue_given), issue_given, chosen, now, issue);
  auto show_given = std::make_shared<show_arguments>();
  call_back(add_show(*group, *show_given), show_given, chosen, now, show);
}

} // namespace mfo::node
