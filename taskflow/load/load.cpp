#include "taskflow/load/load.hpp"

#include "config/file.hpp"
#include "config/load.hpp"
#include "config/uniqueness.hpp"
#include "taskflow/load/fields.hpp"
#include "taskflow/load/link.hpp"
#include "taskflow/load/tables.hpp"

#include <utility>

namespace mfo::taskflow {

namespace {

auto failed(config::diagnostic problem) {
  return tl::make_unexpected(std::vector{std::move(problem)});
}

/// The ids of a list of the file; `id_of` gives that of the element at an
/// index.
template <class IdOf>
void check_unique(const config::cursor& root, std::string_view list,
                  std::string_view key, IdOf id_of, config::reader& in) {
  config::uniqueness ids(in);
  const auto found = key_of(root, list);
  for (std::size_t i = 0; i < found.value->items.size(); ++i) {
    const auto* item = found.value->items[i].get();
    const config::cursor at{item, item->where,
                            found.path + "[" + std::to_string(i) + "]"};
    ids.add(id_of(i), key_of(at, key));
  }
}

void link(draft_workflow& file, const config::cursor& root,
          config::reader& in) {
  const auto& prompts = file.made.prompts;
  check_unique(
      root, "prompt_templates", "id",
      [&](std::size_t i) {
        return i < prompts.size() ? prompts[i].id : std::string();
      },
      in);
  const auto& flows = file.taskflows;
  check_unique(
      root, "taskflows", "taskflow_id",
      [&](std::size_t i) {
        return i < flows.size() ? flows[i].made.id : std::string();
      },
      in);
  link_schemas(file, in);
  link_triggers(file, in);
  for (auto& each : file.taskflows)
    if (each.at.value != nullptr) {
      link_tasks(each, file, in);
      check_order_of_tasks(each.body, in);
    }
  check_recursion(file, in);
}

} // namespace

load_result load_text(std::string_view text, const std::string& file_name,
                      const config::environment& variables,
                      absent_secrets* absent) {
  if (text.size() > config::max_file_size)
    return failed({file_name,
                   0,
                   0,
                   {},
                   "larger than " + config::format_size(config::max_file_size),
                   {}});
  const auto root = config::parse_document(text, file_name);
  if (!root)
    return failed(root.error());
  draft_workflow file;
  file.made.file = file_name;
  config::reader in(file_name, variables, flaw_of_schema,
                    config::dollar_sign::stands_for_itself);
  if (absent != nullptr)
    in.do_without_secrets(*absent);
  const config::cursor at{root->get(), config::place{}, {}};
  read_section(workflow_table(), file, at, in);
  compile_expressions(file, in);
  link(file, at, in);
  if (auto problems = in.take_problems(); !problems.empty())
    return tl::make_unexpected(std::move(problems));
  return std::make_shared<const workflow>(build_workflow(std::move(file)));
}

load_result load_file(const std::string& file_name,
                      const config::environment& variables,
                      absent_secrets* absent) {
  const auto text = config::read_file(file_name, config::max_file_size);
  if (!text)
    return failed({file_name, 0, 0, {}, "cannot be read: " + text.error(), {}});
  return load_text(*text, file_name, variables, absent);
}

} // namespace mfo::taskflow
