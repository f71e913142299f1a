#pragma once

#include <nlohmann/json.hpp>

#include <string>

/// How `mfo-node taskflow` shows what an admin listener says. Members that are
/// missing or of another type show as "-": the node may be of another version.
namespace mfo::node {

/// A line for each run of the list; "no runs" where there are none.
std::string run_list(const nlohmann::json& reply);

/// One run, and a line for each of its tasks.
std::string run_in_full(const nlohmann::json& run);

/// A line for each question; "no questions" where there are none.
std::string question_list(const nlohmann::json& reply);

/// "raised in check: no stock"; empty where nothing went wrong.
std::string error_line(const nlohmann::json& of);

} // namespace mfo::node
