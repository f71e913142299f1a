#include "taskflow/load/link.hpp"

#include <utility>

namespace mfo::taskflow {

namespace {

/// The expressions of a file, and the notes in which each stood.
class expressions_of {
public:
  explicit expressions_of(draft_workflow& file) {
    for (auto& each : file.triggers)
      collect(each.notes);
    for (auto& each : file.taskflows)
      collect(each.body);
  }

  void compile(config::reader& in) {
    auto problems = compile_all(expressions_);
    for (std::size_t i = 0; i < problems.size(); ++i) {
      if (!problems[i])
        continue;
      auto& [where, message, hint] = *problems[i];
      const auto& [notes, path] = homes_[i];
      in.report(where, path, std::move(message), std::move(hint));
      std::erase_if(notes->uses, [&path = path](const expression_use& use) {
        return use.path == path;
      });
    }
  }

private:
  struct home {
    task_notes* notes;
    std::string path;
  };

  void collect(task_notes& notes) {
    for (auto& each : notes.pending) {
      expressions_.push_back(std::move(each.what));
      homes_.push_back({&notes, std::move(each.path)});
    }
    notes.pending.clear();
    for (auto& each : notes.blocks)
      collect(each);
  }

  void collect(draft_block& block) {
    collect(block.notes);
    for (auto& each : block.tasks)
      collect(each.notes);
  }

  std::vector<uncompiled_expression> expressions_;
  std::vector<home> homes_;
};

} // namespace

void compile_expressions(draft_workflow& file, config::reader& in) {
  expressions_of(file).compile(in);
}

} // namespace mfo::taskflow
