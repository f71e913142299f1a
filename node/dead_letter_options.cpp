#include "node/dead_letter_options.hpp"

#include "node/moment.hpp"

#include "core/errc.hpp"
#include "dead_letters/factory.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace mfo::node {

using dead_letters::unix_ms;

namespace {

/// Refused rather than never met.
tl::expected<void, std::string> check_reason(const std::string& reason) {
  std::string known;
  for (const auto& each : core::all_errors()) {
    if (reason.empty() || each.slug == reason)
      return {};
    known.append(known.empty() ? "" : ", ").append(each.slug);
  }
  return tl::unexpected(
      fmt::format("--reason {}: expected one of {}", reason, known));
}

} // namespace

void add_sink_options(CLI::App& command, letter_arguments& given) {
  command
      .add_option("-c,--config", given.config,
                  "Configuration file that names the sinks")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--sink", given.sink,
                  "Name of a sink; default: every one that can be read")
      ->type_name("NAME");
}

void add_filter_options(CLI::App& command, letter_arguments& given) {
  const auto text = [&command](const char* name, std::string& to,
                               const char* help, const char* type) {
    command.add_option(name, to, help)->type_name(type);
  };
  auto& which = given.which;
  text("--id", which.event_id, "Only the event with this id", "ID");
  text("--type", which.type, "Only events of this type; * and ? are wildcards",
       "TYPE");
  text("--endpoint", which.endpoint, "Only events of this endpoint", "ID");
  text("--server", which.server, "Only events for this server", "NAME");
  text("--reason", which.reason, "Only letters with this reason", "REASON");
  text("--since", given.since,
       "Only letters that died then or later: a date, a time, or how long ago "
       "(90m, 7d)",
       "WHEN");
  text("--until", given.until, "Only letters that died before then", "WHEN");
  command
      .add_option("--limit", which.limit, "At most so many, the oldest first")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
      ->type_name("N");
}

tl::expected<dead_letters::filter, command_failure>
resolve_filter(const letter_arguments& given, unix_ms now) {
  auto which = given.which;
  if (const auto known = check_reason(which.reason); !known)
    return tl::unexpected(command_failure{exit_status::usage, known.error()});
  for (const auto& [text, to] :
       {std::pair{&given.since, &which.since}, {&given.until, &which.until}}) {
    if (text->empty())
      continue;
    const auto at = parse_moment(*text, now);
    if (!at)
      return tl::unexpected(command_failure{exit_status::usage, at.error()});
    *to = *at;
  }
  return which;
}

tl::expected<std::vector<named_reader>, command_failure>
open_readers(const config::dead_letter_settings& settings,
             const std::string& name) {
  std::vector<named_reader> readers;
  std::string names;
  for (const auto& each : settings.sinks) {
    names += (names.empty() ? "" : ", ") + each.name;
    if (name.empty() ? !dead_letters::is_readable(each) : each.name != name)
      continue;
    auto from = dead_letters::make_reader(each);
    if (!from)
      return tl::unexpected(command_failure{
          name.empty() ? exit_status::bad_config : exit_status::usage,
          std::move(from.error())});
    readers.push_back({each.name, std::move(*from)});
  }
  if (!readers.empty())
    return readers;
  if (names.empty())
    return tl::unexpected(
        command_failure{exit_status::bad_config,
                        "the configuration names no dead-letter sink"});
  return tl::unexpected(command_failure{
      exit_status::usage,
      name.empty()
          ? fmt::format("none of the dead-letter sinks can be read: {}", names)
          : fmt::format("no such sink: {}; there are: {}", name, names)});
}

} // namespace mfo::node
