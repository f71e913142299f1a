#pragma once

#include "config/document.hpp"
#include "config/payload_schema.hpp"
#include "config/reader.hpp"
#include "config/settings.hpp"
#include "taskflow/definition.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// A workflow file that has been read, before its names have been looked up:
/// what the tables of taskflow/load/tables.hpp fill in. Lives while a file is
/// loaded; cursors lead into the document.
namespace mfo::taskflow {

/// A name that the file gives, and where.
struct name_at {
  std::string name;
  config::cursor at;
};

/// An expression of a task refers to something.
struct expression_use {
  reference what;
  std::string path; ///< of the value that holds the expression
  bool takes_secrets = false;
};

/// A jq expression that is compiled with all others of the file.
struct pending_expression {
  uncompiled_expression what;
  std::string path; ///< of the value that holds the expression
};

/// A chat that is made of a template.
struct prompt_use {
  name_at prompt;
  config::cursor context; ///< `prompt_context`; without a value: none
};

struct draft_block;

/// What is found while a task's configuration is read, and is not in it.
struct task_notes {
  std::vector<expression_use> uses;
  std::vector<pending_expression> pending;
  std::vector<draft_block> blocks;
  /// What a condition selects: of each case, then of `default`.
  std::vector<std::vector<name_at>> targets;
  std::optional<name_at> taskflow;
  std::optional<prompt_use> prompt;
};

struct draft_task {
  task made;
  config::cursor at; ///< without a value: it was no map
  std::string type;
  std::vector<name_at> after;                ///< `depends_on`
  std::optional<depends_expression> depends; ///< neither this nor `after`: all
  config::cursor depends_at;
  std::optional<name_at> retry;
  bool never = false; ///< its `when` is the word false
  task_notes notes;

  // What looking the names up finds: tasks of the block by their index.
  std::set<std::size_t> waits_for;
  std::vector<std::size_t> depends_on; ///< of each mention of `depends`
  std::set<std::size_t> selected_by;
};

struct draft_block {
  config::cursor at;
  std::vector<draft_task> tasks;
  std::optional<value_template> output;
  /// Of what is evaluated when its tasks have ended, and sees them.
  task_notes notes;
  /// What its expressions see besides what those around it see.
  std::vector<std::string_view> roots;
};

/// A JSON Schema that stands here, or the name of one.
struct draft_schema {
  std::string id; ///< of an element of `schemas`
  config::cursor at;
  config::payload_schema_settings schema;
  std::optional<name_at> ref;
};

struct draft_flow {
  flow made;
  config::cursor at;
  draft_schema input_schema;
  draft_block body;
  /// The other taskflows that it runs, by their index, and where it says so.
  std::map<std::size_t, config::cursor> runs;
};

struct draft_trigger {
  trigger made;
  config::cursor at;
  std::string type;
  std::vector<name_at> secrets; ///< of a webhook
  draft_schema payload_schema;  ///< likewise
  name_at target;
  task_notes notes;
};

struct draft_workflow {
  workflow made; ///< without triggers and taskflows
  std::vector<config::retry_settings> retries;
  std::vector<draft_schema> schemas;
  std::vector<draft_trigger> triggers;
  std::vector<draft_flow> taskflows;
};

} // namespace mfo::taskflow
