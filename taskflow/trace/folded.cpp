#include "taskflow/trace/folded.hpp"

#include "core/printable.hpp"

#include <algorithm>
#include <map>

namespace mfo::taskflow {

namespace {

using std::chrono::microseconds;

/// The time that is covered by intervals that come by their beginnings.
struct cover {
  run::clock::duration sum{0};
  run::clock::time_point until{};

  void add(const task_span& span) {
    const auto from = std::max(span.began, until);
    if (span.ended > from)
      sum += span.ended - from;
    until = std::max(until, span.ended);
  }
};

/// A frame must hold neither `;` nor, for some readers, blanks.
std::string frames_of(std::string_view text, bool path) {
  auto frames = core::printable(text);
  for (auto& c : frames)
    if (c == ';' || c == ' ')
      c = '_';
    else if (c == '/' && path)
      c = ';';
  return frames;
}

} // namespace

std::string folded(const traced_run& of) {
  const auto spans = spans_of(of);
  std::vector<cover> inner(spans.size());
  cover all;
  for (const auto& span : spans)
    if (span.has_begun)
      (span.parent ? inner[*span.parent] : all).add(span);

  std::map<std::string, microseconds> lines;
  const auto add = [&](std::string frames, run::clock::duration whole,
                       const cover& of_it) {
    const auto self =
        std::chrono::duration_cast<microseconds>(whole - of_it.sum);
    if (self.count() > 0)
      lines[std::move(frames)] += self;
  };
  const auto root = frames_of(of.taskflow, false);
  add(root, of.ended - of.began, all);
  for (std::size_t i = 0; i < spans.size(); ++i)
    if (spans[i].has_begun)
      add(root + ";" + frames_of(spans[i].last->path, true),
          spans[i].ended - spans[i].began, inner[i]);

  std::string out;
  for (const auto& [frames, self] : lines)
    out += frames + " " + std::to_string(self.count()) + "\n";
  return out;
}

} // namespace mfo::taskflow
