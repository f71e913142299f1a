#include "node/command_dead_letters.hpp"

#include "core/printable.hpp"
#include "node/dead_letter_options.hpp"
#include "node/dead_letter_view.hpp"
#include "node/endpoint_view.hpp"
#include "node/letter_replay.hpp"

#include "dead_letters/letter_json.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <map>
#include <memory>

namespace mfo::node {

namespace {

using core::printable;
using dead_letters::letter;
using dead_letters::reader;

constexpr const char* command_name = "dead-letters";

struct arguments {
  letter_arguments letters;
  bool json = false; ///< list
  bool raw = false;  ///< show
  bool all = false;  ///< purge
  replay_arguments replay;
};

dead_letters::unix_ms current_ms() {
  return std::chrono::duration_cast<dead_letters::unix_ms>(
      std::chrono::system_clock::now().time_since_epoch());
}

/// The sinks and letters that the options mean.
struct selection {
  std::vector<named_reader> readers;
  dead_letters::filter which;
};

tl::expected<selection, command_failure> select(const dead_letters_seam& seam,
                                                const letter_arguments& given) {
  auto which = resolve_filter(given, current_ms());
  if (!which)
    return tl::unexpected(std::move(which.error()));
  const auto settings = seam.load(given.config);
  if (!settings)
    return tl::unexpected(settings.error());
  auto readers = open_readers(*settings, given.sink);
  if (!readers)
    return tl::unexpected(std::move(readers.error()));
  return selection{std::move(*readers), std::move(*which)};
}

exit_status fail(const std::string& sink, const std::string& why) {
  return report(command_name,
                {exit_status::cannot_start,
                 fmt::format("sink {}: {}", sink, printable(why))});
}

using letter_visitor = std::function<reader::next(
    const named_reader&, const std::string& handle, const letter&)>;

/// Shows the letters that are meant, of all sinks, up to the limit. A sink that
/// cannot be read is reported, and the next is read.
exit_status visit(const selection& chosen, const letter_visitor& take) {
  auto status = exit_status::ok;
  letter_budget budget{chosen.which};
  bool enough = false;
  for (const auto& each : chosen.readers) {
    if (enough || budget.spent())
      break;
    const auto walked =
        each.from->for_each([&](const auto& handle, const letter& value) {
          if (!dead_letters::matches(chosen.which, value))
            return reader::next::letter;
          budget.take(1);
          enough = take(each, handle, value) == reader::next::stop;
          return enough || budget.spent() ? reader::next::stop
                                          : reader::next::letter;
        });
    if (!walked)
      status = fail(each.name, walked.error());
    else
      report_unreadable(each.name, *walked);
  }
  return status;
}

exit_status list(const dead_letters_seam& seam, const arguments& given) {
  const auto chosen = select(seam, given.letters);
  if (!chosen)
    return report(command_name, chosen.error());
  letter_table table{chosen->readers.size() > 1};
  std::size_t count = 0;
  const auto status = visit(
      *chosen, [&](const named_reader& from, const auto&, const letter& value) {
        ++count;
        fmt::print("{}", given.json ? dead_letters::to_json(value) + '\n'
                                    : table.add(from.name, value));
        return reader::next::letter;
      });
  if (!given.json)
    fmt::print("{}", table.finish());
  if (count == 0 && status == exit_status::ok) {
    fmt::print(stderr, "no letters\n");
    // Of one that is gone there may be letters.
    if (const auto& endpoint = chosen->which.endpoint; !endpoint.empty())
      fmt::print(
          stderr, "{}",
          no_such_endpoint(endpoint, seam.endpoints(given.letters.config)));
  }
  return status;
}

/// None of the sinks has the one letter that was named.
exit_status miss(const selection& chosen) {
  return report(command_name, {exit_status::not_accepted,
                               fmt::format("no letter of event {}",
                                           printable(chosen.which.event_id))});
}

exit_status show(const dead_letters_seam& seam, const arguments& given) {
  const auto chosen = select(seam, given.letters);
  if (!chosen)
    return report(command_name, chosen.error());
  bool found = false;
  const auto status =
      visit(*chosen, [&](const auto&, const auto&, const letter& value) {
        found = true;
        const auto text = given.raw ? value.body : full_view(value);
        std::fwrite(text.data(), 1, text.size(), stdout);
        return reader::next::stop;
      });
  if (found || status != exit_status::ok)
    return status;
  return miss(*chosen);
}

std::string letters(std::size_t count) {
  return count == 1 ? "1 letter" : fmt::format("{} letters", count);
}

/// Asks, unless told not to.
tl::expected<bool, command_failure>
confirm(const dead_letters_seam& seam, bool yes, const std::string& question) {
  if (yes)
    return true;
  if (const auto answer = seam.confirm(question))
    return *answer;
  return tl::unexpected(command_failure{
      exit_status::usage,
      "nobody is at a terminal to be asked: --yes is required"});
}

exit_status replay(const dead_letters_seam& seam, const arguments& given) {
  const auto chosen = select(seam, given.letters);
  if (!chosen)
    return report(command_name, chosen.error());
  std::size_t total = 0;
  const auto counted =
      visit(*chosen, [&](const auto&, const auto&, const auto&) {
        ++total;
        return reader::next::letter;
      });
  if (counted != exit_status::ok)
    return counted;
  if (total == 0 && !chosen->which.event_id.empty())
    return miss(*chosen);
  if (total == 0) {
    fmt::print("no letters to replay\n");
    return exit_status::ok;
  }
  dead_letters::deliver_function deliver;
  if (!given.replay.dry_run) {
    const auto agreed = confirm(seam, given.replay.yes,
                                fmt::format("Replay {}?", letters(total)));
    if (!agreed)
      return report(command_name, agreed.error());
    if (!*agreed)
      return exit_status::not_accepted;
    auto connected = seam.connect(given.letters.config, given.replay.answers);
    if (!connected)
      return report(command_name, connected.error());
    deliver = std::move(*connected);
  }
  return letter_replay{given.replay, total, std::move(deliver), seam.draws_bar}
      .run(chosen->readers, chosen->which);
}

exit_status purge(const dead_letters_seam& seam, const arguments& given) {
  const auto chosen = select(seam, given.letters);
  if (!chosen)
    return report(command_name, chosen.error());
  if (!given.all && !chosen->which.picks() && chosen->which.limit == 0)
    return report(command_name,
                  {exit_status::usage,
                   "say which letters, as with --type or --until, or --all"});
  std::map<const named_reader*, std::vector<std::string>> handles;
  std::size_t total = 0;
  const auto counted =
      visit(*chosen, [&](const named_reader& from, const std::string& handle,
                         const letter&) {
        handles[&from].push_back(handle);
        ++total;
        return reader::next::letter;
      });
  if (counted != exit_status::ok)
    return counted;
  if (total == 0 && !chosen->which.event_id.empty())
    return miss(*chosen);
  if (given.replay.dry_run) {
    fmt::print("letters that would be removed: {}\n", total);
    return exit_status::ok;
  }
  if (total > 0) {
    const auto agreed =
        confirm(seam, given.replay.yes,
                fmt::format("Remove {} for good?", letters(total)));
    if (!agreed)
      return report(command_name, agreed.error());
    if (!*agreed)
      return exit_status::not_accepted;
  }
  for (const auto& each : chosen->readers) {
    auto purged = each.from->purge(handles[&each]);
    if (purged)
      purged = each.from->tidy();
    if (!purged)
      return fail(each.name, purged.error());
  }
  fmt::print("letters removed: {}\n", total);
  return exit_status::ok;
}

} // namespace

std::optional<bool> ask_at_terminal(const std::string& question) {
  if (::isatty(STDIN_FILENO) == 0 || !is_error_terminal())
    return std::nullopt;
  fmt::print(stderr, "{} [y/N] ", question);
  std::string answer;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar())
    answer += static_cast<char>(c);
  return answer == "y" || answer == "Y" || answer == "yes";
}

bool is_error_terminal() {
  return ::isatty(STDERR_FILENO) != 0;
}

void add_dead_letters_command(CLI::App& app, command_action& chosen,
                              dead_letters_seam seam) {
  auto given = std::make_shared<arguments>();
  const auto with = std::make_shared<const dead_letters_seam>(std::move(seam));
  auto* group = app.add_subcommand(
      command_name, "See, replay or purge what could not be delivered");
  group->require_subcommand(1);
  const auto add =
      [&](const char* name, const char* help,
          exit_status (*run)(const dead_letters_seam&, const arguments&)) {
        auto* command = group->add_subcommand(name, help);
        add_sink_options(*command, given->letters);
        set_action(*command, chosen, [=] { return run(*with, *given); });
        return command;
      };

  auto* listing = add("list", "One line for each letter, oldest first", list);
  add_filter_options(*listing, given->letters);
  listing->add_flag("--json", given->json,
                    "Each letter in full, as one JSON object a line");

  auto* showing = add("show", "One letter in full", show);
  showing->add_option("id", given->letters.which.event_id, "Id of the event")
      ->required()
      ->type_name("ID");
  showing->add_flag("--raw", given->raw, "Only the body, byte for byte");

  auto* replaying = add(
      "replay", "Deliver letters after all; those delivered are gone", replay);
  add_filter_options(*replaying, given->letters);
  add_replay_options(*replaying, given->replay);

  auto* purging = add("purge", "Remove letters for good", purge);
  add_filter_options(*purging, given->letters);
  purging->add_flag("--all", given->all, "All letters");
  purging->add_flag("--dry-run", given->replay.dry_run,
                    "Only count what would be removed");
  purging->add_flag("--yes", given->replay.yes, "Do not ask");
}

} // namespace mfo::node
