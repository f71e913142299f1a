#include "node/event_view.hpp"

#include "node/json_cells.hpp"
#include "node/taskflow/run_view.hpp"
#include "node/text_table.hpp"

#include "api/json_body.hpp"
#include "core/printable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

namespace mfo::node {

namespace {

using nlohmann::json;

/// What a step says besides its name and time, in the order of the line.
constexpr std::string_view details[]{
    "from", "node",     "server",          "triggers", "trigger",
    "run",  "attempts", "upstream_status", "reason",   "sink"};

std::string words_of_step(const json& step) {
  std::vector<std::string> words;
  for (const auto& name : details) {
    auto text = text_in(step, name);
    if (const auto list = words_in(step, name); !list.empty())
      text = fmt::format("{}", fmt::join(list, ","));
    if (text != "-")
      words.push_back(fmt::format("{}={}", name, text));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::string one_story(const json& event) {
  std::string out;
  const auto line = [&out](std::string_view name, std::string_view text) {
    if (text != "-")
      out += fmt::format("{:<10}{}\n", name, core::printable(text));
  };
  line("received", text_in(event, "received_at"));
  line("endpoint", text_in(event, "endpoint"));
  line("path", text_in(event, "path"));
  line("type", text_in(event, "type"));
  line("delivery", text_in(event, "delivery_id"));
  line("source", text_in(event, "source"));
  line("from", text_in(event, "from"));
  line("size", text_in(event, "size"));
  line("config", text_in(event, "generation"));
  line("outcome", text_in(event, "outcome"));
  line("stage", text_in(event, "stage"));
  line("reason", text_in(event, "reason"));
  line("detail", text_in(event, "detail"));
  line("answer", text_in(event, "answer"));
  line("took", time_in(event, "duration_ms"));
  text_table table{{"AT", "STEP", "WHAT"}};
  std::string rows;
  for (const auto& step : list_in(event, "steps"))
    rows += table.add(
        {time_in(step, "at_ms"), text_in(step, "step"), words_of_step(step)});
  rows += table.finish();
  return rows.empty() ? out : out + "\n" + rows;
}

} // namespace

std::string event_list(const json& reply) {
  text_table table{{"RECEIVED", "ID", "ENDPOINT", "TYPE", "OUTCOME", "REASON",
                    "ANSWER", "TRIES", "TOOK", "DELIVERY"}};
  std::string out;
  for (const auto& each : list_in(reply, "events"))
    out +=
        table.add({text_in(each, "received_at"), text_in(each, "id"),
                   text_in(each, "endpoint"), text_in(each, "type"),
                   text_in(each, "outcome"), text_in(each, "reason"),
                   text_in(each, "answer"), text_in(each, "attempts"),
                   time_in(each, "duration_ms"), text_in(each, "delivery_id")});
  out += table.finish();
  if (const auto more = reply.find("more");
      more != reply.end() && *more == true)
    out += "and older ones: see --limit\n";
  return out.empty() ? "no events\n" : out;
}

std::string event_story(const json& reply) {
  auto out =
      fmt::format("event     {}\n", core::printable(text_in(reply, "id")));
  for (const auto& each : list_in(reply, "events"))
    out += "\n" + one_story(each);
  for (const auto& each : list_in(reply, "runs"))
    out += "\n" + run_in_full(each);
  return out;
}

} // namespace mfo::node
