#include "node/shell/manual.hpp"

#include "telemetry/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

namespace mfo::node {

namespace {

/// Text as it is to be read: neither as a macro nor as an escape, and with
/// hyphens that can be copied into a shell.
std::string roff(std::string_view text) {
  std::string result;
  for (const char each : text) {
    if (each == '\\')
      result += "\\e";
    else if (each == '-')
      result += "\\-";
    else if (each == '\n')
      result += '\n';
    else
      result += each;
    if (result.ends_with("\n.") || result.ends_with("\n'"))
      result.insert(result.size() - 1, "\\&");
  }
  if (result.starts_with('.') || result.starts_with('\''))
    result.insert(0, "\\&");
  return result;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

std::string name_of(const described_command& command) {
  return command.path.empty() ? "mfo-node" : "mfo-node " + command.path;
}

std::string synopsis(const described_command& command) {
  auto line = bold(name_of(command));
  for (const auto& each : command.options)
    if (each.required)
      line += " " + bold(each.names.back()) + " " + italic(each.value);
  line += " [" + italic("OPTION") + "]...";
  for (const auto& each : command.arguments) {
    auto word = italic(each.value) + (each.many ? "..." : "");
    line += " " + (each.required ? word : "[" + word + "]");
  }
  if (!command.commands.empty())
    line += " " + italic("COMMAND");
  return line;
}

/// A paragraph with a tag in front of it.
std::string entry(const std::string& tag, const described_option& option) {
  auto text = roff(option.help) + '.';
  if (!option.choices.empty())
    text +=
        fmt::format("\nOne of: {}.",
                    roff(fmt::format("{}", fmt::join(option.choices, ", "))));
  if (!option.default_value.empty())
    text += "\nDefault: " + roff(option.default_value) + ".";
  return fmt::format(".TP\n{}\n{}\n", tag, text);
}

std::string entry_of_option(const described_option& option) {
  std::string tag;
  for (const auto& each : option.names)
    tag += (tag.empty() ? "" : ", ") + bold(each);
  if (!option.value.empty())
    tag += " " + italic(option.value);
  return entry(tag, option);
}

std::string section_of(const described_command& command) {
  auto text = fmt::format(".SS {}\n{}\n.PP\n{}.\n", roff(name_of(command)),
                          synopsis(command), roff(command.help));
  for (const auto& each : command.arguments)
    text += entry(italic(each.value), each);
  for (const auto& each : command.options)
    text += entry_of_option(each);
  return text;
}

constexpr std::string_view head = R"(.\" Made by `mfo-node manual`.
.TH MFO\-NODE 1 "" "mfo\-node {}" "User Commands"
.SH NAME
mfo\-node, yaml\-validator, taskflow\-visualizer \- take events in, prove them, deliver them
.SH SYNOPSIS
)";

constexpr std::string_view aliases = R"(.PP
.B yaml\-validator
is
.BR "mfo\-node taskflow check" ,
and
.B taskflow\-visualizer
is
.BR "mfo\-node taskflow graph" .
)";

constexpr std::string_view tail = R"(.SH EXIT STATUS
.TP
.B 0
Done; of
.BR run :
it was told to stop, and each event is delivered, with a peer, or a dead letter.
.TP
.B 1
What was asked for was refused, not reached, or did not succeed.
.TP
.B 64
An option or an argument is wrong.
.TP
.B 66
A file that the command line names can't be read.
.TP
.B 69
It can't start: a port in use, a bad certificate, a path that can't be written.
.TP
.B 70
Of
.BR run :
an actor failed again and again, or stopping took too long, so that an event was
answered 503 or is lost.
.TP
.B 78
The configuration is wrong.
.SH FILES
.TP
.I /etc/mfo\-node/node.yaml
The configuration of the service of Debian's package.
.TP
.I /etc/mfo\-node/webhook\-secret
The secret that its endpoint asks senders to sign with; made at the installation.
.SH SEE ALSO
.BR systemctl (1),
.BR journalctl (1)
)";

} // namespace

std::string manual_page(const described_command& program) {
  auto text = fmt::format(head, telemetry::version);
  text += synopsis(program) + "\n.SH DESCRIPTION\n" + roff(program.help) + '\n';
  text += aliases;
  text += ".SH OPTIONS\n";
  for (const auto& each : program.options)
    text += entry_of_option(each);
  text += ".SH COMMANDS\n";
  for (const auto* each : all_commands(program))
    if (!each->path.empty())
      text += section_of(*each);
  return text.append(tail);
}

} // namespace mfo::node
