#include "config/address.hpp"
#include "config/resolve.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

/// Paths of files or folders, perhaps none.
field<file_content> path_list(key_spec spec,
                              std::vector<std::string> settings::*member,
                              std::size_t most) {
  spec.type = "list of paths";
  spec.range = fmt::format("1 to {}", most);
  const auto key = spec.key;
  return {std::move(spec),
          [member, most](file_content& file, const cursor& at, reader& in) {
            for (const auto& item : in.read_list(at, most))
              if (auto path = in.read_path(item))
                (file.effective.*member).push_back(*std::move(path));
          },
          [member, key](const file_content& file, YAML::Emitter& out) {
            const auto& paths = file.effective.*member;
            if (paths.empty())
              return;
            write_key(out, key);
            write_list(out, [&] {
              for (const auto& each : paths)
                write_item(out, each);
            });
          }};
}

section<taskflow_settings> taskflow_table() {
  using s = taskflow_settings;
  return make_section<s>({
      value<s>({.key = "server",
                .help = "The server that tasks call: the name of an entry of "
                        "`servers`.",
                .example = "billing",
                .default_text = "the server called `default`, or the only one"},
               &s::server, text("name", "1 to 64 of a-z, 0-9, _, -", parse_id)),
      value<s>({.key = "timeout",
                .help = "How long a run may take for which no sender waits, "
                        "unless its taskflow says.",
                .example = "10m"},
               &s::timeout, duration(1ms, 24h)),
      value<s>({.key = "max_runs",
                .help = "Runs under way at a time; beyond it the answer is "
                        "503.",
                .example = "4096"},
               &s::max_runs, integer<std::size_t>(1, most_items)),
      value<s>({.key = "keep_runs",
                .help = "Runs that have ended, and are shown by the admin "
                        "listener.",
                .example = "1000"},
               &s::keep_runs, integer<std::size_t>(0, 10'000)),
      value<s>({.key = "max_tasks",
                .help = "Tasks that one run may begin, each iteration counted.",
                .example = "1000"},
               &s::max_tasks, integer<std::size_t>(1, 10 * most_items)),
      value<s>({.key = "max_iterations",
                .help = "Iterations of one `loop` or `for_each`.",
                .example = "100"},
               &s::max_iterations, integer<std::size_t>(1, most_items)),
      value<s>({.key = "max_depth",
                .help = "How deep blocks and subflows may be in one another, "
                        "and how many events in a row may come of one another "
                        "by `forward_event`.",
                .example = "4"},
               &s::max_depth, integer<std::size_t>(1, 64)),
      value<s>({.key = "max_output",
                .help = "The results of all tasks of a run together, as JSON.",
                .example = "1MiB"},
               &s::max_output, size(1, gib)),
  });
}

} // namespace

std::vector<field<file_content>> taskflow_fields() {
  constexpr std::size_t most_paths = 1000;
  return {
      path_list({.key = key::workflows,
                 .help = "Workflow files ([taskflows](taskflows.md)), or "
                         "folders of which every `*.yaml` and `*.yml` is one.",
                 .example = "[workflows/, /etc/mfo/triage.yaml]",
                 .default_text = "none"},
                &settings::workflows, most_paths),
      nested<file_content>(
          {.key = key::taskflows, .help = "What the runs of workflows share."},
          [](auto& file) -> auto& { return file.effective.taskflows; },
          taskflow_table())
          .only_if([](const file_content& file) {
            return !file.effective.workflows.empty();
          }),
  };
}

} // namespace mfo::config
