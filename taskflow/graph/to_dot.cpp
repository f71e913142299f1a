#include "taskflow/graph/to_dot.hpp"

#include "core/text.hpp"
#include "taskflow/graph/anchors.hpp"
#include "taskflow/graph/look.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>

namespace mfo::taskflow {

namespace {

using kind = picture::kind;
using item = picture::item;

constexpr std::string_view head =
    R"(  graph [compound=true, rankdir=TB, ranksep=0.4, nodesep=0.3,
    pad=0.25, bgcolor="#ffffff", fontname="Helvetica,Arial,sans-serif",
    fontsize=11, labeljust=l, labelloc=t]
  node [fontname="Helvetica,Arial,sans-serif", fontsize=11, shape=box,
    height=0.3, margin="0.12,0.06"]
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=9, arrowsize=0.7,
    color="#444444", fontcolor="#333333"]
)";

/// As a quoted string of the language.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + '"';
}

/// Within an HTML-like label
/// (https://graphviz.org/doc/info/shapes.html#html).
std::string small(std::string_view text, std::string_view colour) {
  return fmt::format(R"(<font point-size="9" color="{}">{}</font>)", colour,
                     core::markup_escaped(text));
}

/// Title, type and notes below one another; `line_break` ends each.
std::string label_of(const item& of, std::string_view line_break) {
  constexpr std::string_view type_colour = "#444444";
  constexpr std::string_view note_colour = "#666666";
  std::string out;
  if (!of.title.empty())
    out +=
        fmt::format("<b>{}</b>{}", core::markup_escaped(of.title), line_break);
  if (!of.type.empty())
    out += small(of.type, type_colour).append(line_break);
  for (const auto& note : of.notes)
    if (!note.empty())
      out += small(note, note_colour).append(line_break);
  return out;
}

std::string_view shape_of(kind what) {
  switch (what) {
  case kind::trigger:
    return ", shape=cds, margin=\"0.25,0.15\"";
  case kind::server:
  case kind::chat:
    return ", style=\"rounded,filled\"";
  case kind::http:
    return ", shape=component, margin=\"0.2,0.06\"";
  case kind::event:
    return ", shape=cds, margin=\"0.25,0.15\"";
  case kind::person:
    return ", shape=note";
  case kind::condition:
    return ", shape=diamond, margin=\"0,0\"";
  case kind::wait:
    return ", shape=oval, margin=\"0.02,0.02\"";
  case kind::raise:
    return ", shape=octagon, margin=\"0.04,0.02\"";
  case kind::subflow:
    return ", peripheries=2";
  default:
    return "";
  }
}

std::string_view style_of(picture::arrow what) {
  switch (what) {
  case picture::arrow::selects:
    return "style=dashed";
  case picture::arrow::fails:
    return "style=dashed, color=\"#c04f00\", fontcolor=\"#c04f00\"";
  case picture::arrow::starts:
    return "penwidth=1.6";
  case picture::arrow::runs:
    return "style=dotted, penwidth=1.4";
  case picture::arrow::waits:
    break;
  }
  return "";
}

class dot_writer {
public:
  explicit dot_writer(const picture& of) : of_(of), anchors_(of) {}

  std::string write() {
    out_ = fmt::format("digraph {} {{\n{}", in_quotes(of_.title), head);
    for (const auto& each : of_.items)
      write(each, 1);
    for (const auto& each : of_.edges)
      write(each);
    return out_ + "}\n";
  }

private:
  template <class... Ts>
  void line(std::size_t depth, fmt::format_string<Ts...> text, Ts&&... values) {
    out_.append(2 * depth, ' ');
    fmt::format_to(std::back_inserter(out_), text, std::forward<Ts>(values)...);
    out_ += '\n';
  }

  void write(const item& of, std::size_t depth) {
    is_cluster_[of.id] = is_cluster(of.what);
    if (is_cluster(of.what))
      write_cluster(of, depth);
    else
      write_node(of, depth);
  }

  void write_node(const item& of, std::size_t depth) {
    const auto look = look_of(of.what);
    auto label = label_of(of, "<br/>");
    label.resize(label.size() - std::string_view{"<br/>"}.size());
    line(depth, "{} [label=<{}>{}{}, fillcolor=\"{}\", color=\"{}\"]",
         in_quotes(of.id), label,
         shape_of(of.what).find("style") == std::string_view::npos
             ? of.off ? ", style=\"filled,dashed\"" : ", style=filled"
             : "",
         shape_of(of.what), look.fill, look.line);
  }

  void write_cluster(const item& of, std::size_t depth) {
    const auto look = look_of(of.what);
    line(depth, "subgraph {} {{", in_quotes("cluster" + of.id));
    line(depth + 1,
         "graph [label=<{}>, style=\"rounded,filled\", fillcolor=\"{}\", "
         "color=\"{}\", penwidth={}]",
         label_of(of, "<br align=\"left\"/>"), look.fill, look.line,
         of.what == kind::flow ? "1.5" : "1");
    for (const auto& each : of.inside)
      write(each, depth + 1);
    for (const auto& each : anchors_.of(of.id)) {
      line(depth + 1, "{} [shape=point, style=invis, width=0.01, height=0.01]",
           in_quotes(each.id));
      for (const auto& other : each.others)
        line(depth + 1, "{} -> {} [style=invis]",
             in_quotes(each.on_top ? each.id : other),
             in_quotes(each.on_top ? other : each.id));
    }
    line(depth, "}}");
  }

  void write(const picture::edge& of) {
    std::string attributes{style_of(of.what)};
    const auto add = [&](const std::string& attribute) {
      attributes += (attributes.empty() ? "" : ", ") + attribute;
    };
    if (is_cluster_.at(of.from))
      add("ltail=" + in_quotes("cluster" + of.from));
    if (is_cluster_.at(of.to))
      add("lhead=" + in_quotes("cluster" + of.to));
    if (!of.labels.empty()) {
      std::vector<std::string> lines;
      for (const auto& each : of.labels)
        lines.push_back("&#160;" + core::markup_escaped(each) + "&#160;");
      add(fmt::format("label=<{}>", fmt::join(lines, "<br/>&#160;or")));
    }
    line(1, "{} -> {}{}", in_quotes(anchors_.bottom_of(of.from)),
         in_quotes(anchors_.top_of(of.to)),
         attributes.empty() ? "" : " [" + attributes + "]");
  }

  const picture& of_;
  anchors anchors_;
  std::map<std::string, bool, std::less<>> is_cluster_;
  std::string out_;
};

} // namespace

std::string to_dot(const picture& of) {
  return dot_writer(of).write();
}

} // namespace mfo::taskflow
