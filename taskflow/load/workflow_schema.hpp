#pragma once

#include <string>

namespace mfo::taskflow {

/// A JSON Schema (draft 7, https://json-schema.org/draft-07) of workflow files,
/// made of the tables that read them: schemas/workflow.schema.json, with which
/// editors help to write one. It knows the keys, what is required and the forms
/// of values; it lets through whatever the checker lets through, and names are
/// the checker's alone.
[[nodiscard]] std::string workflow_schema();

} // namespace mfo::taskflow
