#include "taskflow/trace/spans.hpp"

#include <algorithm>
#include <unordered_map>

namespace mfo::taskflow {

namespace {

using indices = std::unordered_map<std::string_view, std::size_t>;

/// The nearest task around it: `route/each[3]/file` is of `route`.
std::optional<std::size_t> parent_of(std::string_view path,
                                     const indices& known) {
  for (auto end = path.rfind('/'); end != std::string_view::npos;
       end = path.rfind('/', end)) {
    path = path.substr(0, end);
    if (const auto found = known.find(path); found != known.end())
      return found->second;
  }
  return std::nullopt;
}

/// Takes moments as they come; also of a record that lacks some.
class collector {
public:
  explicit collector(const traced_run& of) : of_(of) {}

  void take(std::size_t index) {
    const auto& moment = of_.moments[index];
    const auto [found, is_new] = known_.emplace(moment.path, spans_.size());
    if (is_new)
      spans_.push_back({.last = &moment,
                        .began = moment.at,
                        .ended = of_.ended,
                        .first = index,
                        .until = of_.moments.size(),
                        .parent = parent_of(moment.path, known_)});
    auto& span = spans_[found->second];
    span.last = &moment;
    switch (moment.what) {
    case task_moment::kind::began:
      span.has_begun = true;
      break;
    case task_moment::kind::tried_again:
      span.has_begun = true;
      span.tries.push_back(moment.at);
      break;
    case task_moment::kind::ended:
      span.has_ended = true;
      span.ended = moment.at;
      span.until = index;
    }
  }

  std::vector<task_span> finish() {
    for (auto& span : spans_) {
      if (!span.parent)
        continue;
      const auto& parent = spans_[*span.parent];
      span.ended = std::max(span.began, std::min(span.ended, parent.ended));
      span.until = std::min(span.until, parent.until);
    }
    return std::move(spans_);
  }

private:
  const traced_run& of_;
  indices known_;
  std::vector<task_span> spans_;
};

} // namespace

std::vector<task_span> spans_of(const traced_run& of) {
  collector spans(of);
  for (std::size_t i = 0; i < of.moments.size(); ++i)
    spans.take(i);
  return spans.finish();
}

} // namespace mfo::taskflow
