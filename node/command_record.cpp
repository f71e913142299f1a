#include "node/command_record.hpp"

#include "node/recorded_cases.hpp"
#include "node/taskflow/admin_client.hpp"

#include "api/json_body.hpp"
#include "casebook/write.hpp"
#include "config/units.hpp"
#include "core/printable.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace mfo::node {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds longest_time = 10min;
/// For the answer, once the node has what was wanted.
constexpr seconds answer_time{30};

constexpr auto first_lines =
    "# Recorded by mfo-node record. Look at all of it before you share it.\n"
    "# docs/reference/config-tests.md says what was left out, and what was "
    "not.\n";

struct record_arguments {
  admin_arguments where;
  std::string endpoint;
  unsigned count = 1;
  std::string time = "60s";
  bool all = false;
  std::string output; ///< empty: standard output
  bool force = false;
};

tl::expected<seconds, command_failure> recording_time(const std::string& text) {
  const auto time = config::parse_duration(text);
  if (!time || *time < 1s || *time > longest_time)
    return failure(exit_status::usage, "--for is 1s to 10m");
  return std::chrono::ceil<seconds>(*time);
}

/// Whether the cases can be written there, as far as can be told. What is
/// there already may be of use to somebody.
tl::expected<void, command_failure>
check_output(const record_arguments& given) {
  if (given.output.empty())
    return {};
  std::error_code unknown;
  // Else all that is recorded would be for nothing.
  const auto folder = fs::path{given.output}.parent_path();
  if (!folder.empty() && !fs::is_directory(folder, unknown))
    return failure(exit_status::cannot_start,
                   fmt::format("{}: there is no folder {}", given.output,
                               folder.string()));
  if (fs::is_directory(given.output, unknown))
    return failure(exit_status::cannot_start,
                   fmt::format("{} is a folder; name a file", given.output));
  if (::access(folder.empty() ? "." : folder.c_str(), W_OK) != 0 &&
      !fs::exists(given.output, unknown))
    return failure(
        exit_status::cannot_start,
        fmt::format("{}: its folder cannot be written to", given.output));
  if (!given.force && fs::exists(given.output, unknown))
    return failure(exit_status::cannot_start,
                   fmt::format("{} is there already; --force overwrites it",
                               given.output));
  return {};
}

/// As the file of cases sees it.
std::string path_of_config(const record_arguments& given) {
  const fs::path config{given.where.config};
  const auto folder = fs::path{given.output}.parent_path();
  std::error_code failed;
  if (given.where.config.empty() || config.is_absolute() || folder.empty())
    return given.where.config;
  const auto seen = fs::proximate(config, folder, failed);
  return failed ? given.where.config : seen.string();
}

std::size_t count_in(const json& reply, std::string_view name) {
  const auto* value = api::find_member(reply, name);
  return value != nullptr && value->is_number_unsigned()
             ? value->get<std::size_t>()
             : 0;
}

/// What is not among the cases, for people.
void tell_left_out(const json& reply, const recorded_cases& made) {
  const auto tell = [](std::size_t count, std::string_view why) {
    if (count > 0)
      fmt::print(stderr, "left out: {} ({})\n", count, why);
  };
  tell(count_in(reply, "not_genuine"), "not genuine; --all has them");
  tell(count_in(reply, "too_large"), "beyond recording.max_bytes");
  tell(count_in(reply, "unfinished"), "not ended by then");
  for (const auto& [why, count] : made.left_out)
    tell(count, why);
}

tl::expected<json, command_failure> ask(const record_arguments& given,
                                        seconds time) {
  const auto client = admin_client::open(given.where);
  if (!client)
    return tl::unexpected{client.error()};
  fmt::print(stderr, "recording {} of {}, for {} s at most\n",
             given.count == 1 ? "a request"
                              : fmt::format("{} requests", given.count),
             core::printable(given.endpoint), time.count());
  const json wanted{
      {"count", given.count}, {"seconds", time.count()}, {"all", given.all}};
  return client->ask(
      "POST",
      fmt::format("/api/v1/endpoints/{}/recording", encoded(given.endpoint)),
      wanted.dump(), time + answer_time);
}

tl::expected<void, command_failure> write(const record_arguments& given,
                                          recorded_cases made) {
  casebook::book book;
  book.config = path_of_config(given);
  book.cases = std::move(made.cases);
  const auto count = book.cases.size();
  const auto text = first_lines + casebook::to_yaml(book);
  if (given.output.empty()) {
    fmt::print("{}", text);
    return {};
  }
  // It may have come while the node recorded.
  if (auto good = check_output(given); !good)
    return good;
  // What was recorded may be personal: it is for its owner alone.
  const auto former = ::umask(S_IRWXG | S_IRWXO);
  auto done = write_file(given.output, text);
  ::umask(former);
  if (!done)
    return done;
  fmt::print(stderr, "{}: {} case{}; look at {} before you share {}\n",
             given.output, count, count == 1 ? "" : "s",
             count == 1 ? "it" : "them", count == 1 ? "it" : "them");
  return {};
}

tl::expected<void, command_failure> record(const record_arguments& given) {
  const auto time = recording_time(given.time);
  if (!time)
    return tl::unexpected{time.error()};
  if (auto good = check_output(given); !good)
    return good;
  const auto reply = ask(given, *time);
  if (!reply)
    return tl::unexpected{reply.error()};
  if (given.where.wants_json()) {
    print_json(*reply);
    return {};
  }
  auto made = make_cases(*reply);
  tell_left_out(*reply, made);
  if (made.cases.empty())
    return failure(exit_status::not_accepted,
                   "there is no request to make a case of");
  return write(given, std::move(made));
}

} // namespace

void add_record_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<record_arguments>();
  auto* command = app.add_subcommand(
      "record",
      "Have a running node record requests of an endpoint, without "
      "what sounds like a secret, and write them as cases for `test`");
  command
      ->add_option("endpoint", given->endpoint,
                   "Id of the endpoint, or WORKFLOW/TRIGGER of a webhook")
      ->required()
      ->check(not_empty)
      ->type_name("ENDPOINT");
  command->add_option("--count", given->count, "How many requests")
      ->check(CLI::Range(1u, 1'000u))
      ->capture_default_str();
  command
      ->add_option("--for", given->time, "How long at most, as 60s; up to 10m")
      ->capture_default_str()
      ->type_name("TIME");
  command->add_flag("--all", given->all,
                    "Those too that are not genuine: refused before their "
                    "signature was found good, or for it");
  command
      ->add_option("-o,--output", given->output,
                   "Where to write the cases; default: standard output")
      ->type_name("FILE");
  command->add_flag("--force", given->force,
                    "Overwrite the file that is there");
  add_admin_options(*command, given->where);
  set_action(*command, chosen, [given] {
    const auto done = record(*given);
    return done ? exit_status::ok : report("record", done.error());
  });
}

} // namespace mfo::node
