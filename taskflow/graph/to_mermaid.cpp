#include "taskflow/graph/to_mermaid.hpp"

#include "taskflow/graph/look.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>

namespace mfo::taskflow {

namespace {

using kind = picture::kind;
using item = picture::item;

/// Room for the titles of boxes, which long lines would break.
constexpr std::string_view mermaid_head =
    R"(%%{init: {"flowchart": {"wrappingWidth": 500,
  "subGraphTitleMargin": {"top": 4, "bottom": 12}}}}%%
flowchart TB
)";

/// For a text in quotes, by the entities of
/// https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters:
/// also what is a directive, a formula, or Markdown to Mermaid.
std::string entities(std::string_view text) {
  constexpr std::string_view special = "\"#<>&`%$*:;\\[]{}|~";
  std::string out;
  for (const char c : text)
    if (special.find(c) == std::string_view::npos)
      out += c;
    else if (c == '"')
      out += "#quot;";
    else
      out += fmt::format("#{};", static_cast<int>(c));
  return out;
}

std::string label_of(const item& of) {
  std::vector<std::string> lines;
  if (!of.title.empty())
    lines.push_back("<b>" + entities(of.title) + "</b>");
  if (!of.type.empty())
    lines.push_back(entities(of.type));
  for (const auto& note : of.notes)
    if (!note.empty())
      lines.push_back("<small>" + entities(note) + "</small>");
  return fmt::format("\"{}\"", fmt::join(lines, "<br/>"));
}

/// Of a subgraph: in one line, since Mermaid keeps no room for more.
std::string title_of(const item& of) {
  auto text = "<b>" + entities(of.title) + "</b>";
  if (!of.type.empty())
    text += " \u00b7 " + entities(of.type);
  for (const auto& note : of.notes)
    text += " \u00b7 " + entities(note);
  return '"' + text + '"';
}

struct brackets {
  std::string_view open;
  std::string_view close;
};

brackets brackets_of(kind what) {
  switch (what) {
  case kind::trigger:
  case kind::event:
    return {">", "]"};
  case kind::server:
  case kind::chat:
    return {"(", ")"};
  case kind::http:
  case kind::subflow:
    return {"[[", "]]"};
  case kind::person:
    return {"{{", "}}"};
  case kind::condition:
    return {"{", "}"};
  case kind::wait:
    return {"([", "])"};
  case kind::raise:
    return {"[/", "\\]"};
  default:
    return {"[", "]"};
  }
}

std::string_view class_of(kind what) {
  switch (what) {
  case kind::trigger:
    return "trigger";
  case kind::server:
  case kind::event:
    return "server";
  case kind::chat:
    return "chat";
  case kind::http:
    return "http";
  case kind::person:
    return "person";
  case kind::condition:
    return "choice";
  case kind::raise:
    return "raised";
  case kind::value:
  case kind::wait:
  case kind::subflow:
    return "plain";
  default:
    return "box";
  }
}

std::string_view arrow_of(picture::arrow what) {
  switch (what) {
  case picture::arrow::waits:
    return "-->";
  case picture::arrow::starts:
    return "==>";
  default:
    return "-.->";
  }
}

class mermaid_writer {
public:
  explicit mermaid_writer(const picture& of) : of_(of) {}

  std::string write() {
    out_ = mermaid_head;
    for (const auto& each : of_.items) {
      around_ = fmt::format("n{}", names_.size());
      write(each, 1);
    }
    for (const auto& each : of_.edges)
      write(each);
    for (const auto& [name, what] : used_) {
      const auto look = look_of(what);
      out_ += fmt::format("  classDef {} fill:{},stroke:{},color:#000\n", name,
                          look.fill, look.line);
    }
    return std::move(out_);
  }

private:
  void write(const item& of, std::size_t depth) {
    const std::string indent(2 * depth, ' ');
    const auto name = fmt::format("n{}", names_.size());
    names_.emplace(of.id, name);
    around_of_.emplace(of.id, around_);
    titles_.emplace(of.id, entities(of.title));
    if (!is_cluster(of.what)) {
      used_.emplace(class_of(of.what), of.what);
      const auto [open, close] = brackets_of(of.what);
      out_ += fmt::format("{}{}{}{}{}:::{}\n", indent, name, open, label_of(of),
                          close, class_of(of.what));
      return;
    }
    out_ += fmt::format("{}subgraph {}[{}]\n{}  direction TB\n", indent, name,
                        title_of(of), indent);
    for (const auto& each : of.inside)
      write(each, depth + 1);
    const auto look = look_of(of.what);
    out_ += fmt::format("{}end\n{}style {} fill:{},stroke:{},color:#000\n",
                        indent, indent, name, look.fill, look.line);
  }

  void write(const picture::edge& of) {
    std::vector<std::string> labels;
    for (const auto& each : of.labels)
      labels.push_back(entities(each));
    auto from = names_.at(of.from);
    if (of.what == picture::arrow::runs) {
      // Mermaid 11 fails where an arrow leads from a node within a subgraph
      // that has subgraphs to one outside; one from subgraph to subgraph is
      // fine. So it says what it comes from.
      from = around_of_.at(of.from);
      labels.front().insert(0, titles_.at(of.from) + " ");
    }
    const auto label =
        labels.empty() ? std::string{}
                       : fmt::format("|\"{}\"|", fmt::join(labels, "<br/>or "));
    out_ += fmt::format("  {} {}{} {}\n", from, arrow_of(of.what), label,
                        names_.at(of.to));
  }

  const picture& of_;
  using words = std::map<std::string, std::string, std::less<>>;
  words names_;
  words titles_;
  words around_of_; ///< the taskflow that holds it, by its name
  std::string around_;
  std::map<std::string_view, kind> used_; ///< classes
  std::string out_;
};

} // namespace

std::string to_mermaid(const picture& of) {
  return mermaid_writer(of).write();
}

} // namespace mfo::taskflow
