#include "node/dead_letter_view.hpp"

#include "core/json_grammar.hpp"
#include "core/printable.hpp"
#include "core/rfc3339.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::node {

using core::printable;
using core::width_of;

namespace {

/// With line breaks and indents between the tokens of a JSON text, each of
/// which stays as it was sent: a number is not read, so it cannot change.
std::string indent_json(std::string_view text) {
  std::string out;
  std::size_t depth = 0;
  bool in_string = false;
  const auto new_line = [&] {
    out += '\n' + std::string(2 * depth, ' ');
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      out += c;
      if (c == '\\')
        out += text[++i];
      in_string = c != '"';
    } else if (c == '{' || c == '[') {
      out += c;
      ++depth;
      const auto next = text.find_first_not_of(" \t\r\n", i + 1);
      if (text[next] == '}' || text[next] == ']') {
        out += text[next];
        --depth;
        i = next;
      } else {
        new_line();
      }
    } else if (c == '}' || c == ']') {
      --depth;
      new_line();
      out += c;
    } else if (c == ',') {
      out += c;
      new_line();
    } else if (c == ':') {
      out += ": ";
    } else if (c > ' ') {
      out += c;
      in_string = c == '"';
    }
  }
  return out;
}

/// Indented if it is JSON; what is large or deep is no nicer for it, and its
/// indents alone could fill the memory.
std::string pretty(const std::string& body) {
  constexpr std::size_t longest = 256 * 1024;
  constexpr std::size_t deepest = 64;
  return body.size() <= longest && core::is_json_text(body, deepest)
             ? indent_json(body)
             : body;
}

text_table::row head(bool with_sinks) {
  text_table::row cells{"EVENT ID", "DEAD AT", "TYPE",  "ENDPOINT",
                        "SERVER",   "REASON",  "TRIES", "STATUS"};
  if (with_sinks)
    cells.emplace_back("SINK");
  return cells;
}

} // namespace

letter_table::letter_table(bool with_sinks)
  : with_sinks_(with_sinks), table_(head(with_sinks)) {}

std::string letter_table::add(const std::string& sink,
                              const dead_letters::letter& value) {
  text_table::row cells{
      value.event_id,
      core::to_rfc3339(value.dead_at),
      value.type,
      value.endpoint,
      value.server,
      value.reason,
      std::to_string(value.attempts),
      value.last_status == 0 ? "-" : std::to_string(value.last_status)};
  if (with_sinks_)
    cells.push_back(sink);
  return table_.add(std::move(cells));
}

std::string letter_table::finish() {
  return table_.finish();
}

std::string full_view(const dead_letters::letter& value) {
  std::string out;
  const auto line = [&out](std::string_view name, std::string_view text) {
    out += fmt::format("{:<13}{}\n", name, printable(text));
  };
  line("event_id", value.event_id);
  line("type", value.type);
  line("endpoint", value.endpoint);
  line("server", value.server);
  line("node", value.node);
  line("reason", value.reason);
  line("detail", value.detail);
  line("attempts", std::to_string(value.attempts));
  line("last_status", value.last_status == 0
                          ? "none: the server gave no reply"
                          : std::to_string(value.last_status));
  line("received_at", core::to_rfc3339(value.received_at));
  line("dead_at", core::to_rfc3339(value.dead_at));
  line("traceparent", value.traceparent);
  if (!value.tracestate.empty())
    line("tracestate", value.tracestate);
  return out + "\n" + printable(pretty(value.body), true) + "\n";
}

std::string progress_bar(const dead_letters::replay_report& so_far,
                         std::size_t total, std::size_t width) {
  const auto done = so_far.delivered + so_far.failed;
  const auto text = fmt::format(" {}/{}, {} failed", done,
                                std::max(done, total), so_far.failed);
  const auto room = width > text.size() + 12 ? width - text.size() - 2 : 10;
  const auto full = total == 0 ? room : std::min(room, room * done / total);
  return fmt::format("[{}{}]{}", std::string(full, '#'),
                     std::string(room - full, '.'), text);
}

std::string summary(const dead_letters::replay_report& report) {
  return fmt::format("{} delivered, {} failed", report.delivered,
                     report.failed);
}

} // namespace mfo::node
