#include "taskflow/trace/chrome_trace.hpp"

#include "core/json_text.hpp"
#include "taskflow/expression/one_line.hpp"
#include "taskflow/trace/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::taskflow {

namespace {

constexpr std::size_t max_lanes = 256;

std::string json_string(std::string_view text) {
  std::string out;
  core::append_json_string(out, text);
  return out;
}

/// The last word of a path, with which the boxes of a task are named.
std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

class trace_writer {
public:
  explicit trace_writer(const traced_run& of)
    : of_(of), spans_(spans_of(of)), lanes_(lanes_of(spans_, max_lanes)) {}

  std::string write() {
    name_lanes();
    run_event();
    for (std::size_t i = 0; i < spans_.size(); ++i)
      if (spans_[i].has_begun)
        task_event(spans_[i], lanes_[i], i);
      else
        instant(spans_[i].last->path, spans_[i].ended, 0, args_of(spans_[i]));
    return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n" + events_ +
           "\n]}\n";
  }

private:
  /// Rounded down, each by itself, so that what is nested stays so.
  [[nodiscard]] std::int64_t micros(run::clock::time_point at) const {
    return std::chrono::floor<std::chrono::microseconds>(at - of_.began)
        .count();
  }

  void add(const std::string& event) {
    if (!events_.empty())
      events_ += ",\n";
    events_ += event;
  }

  void metadata(std::string_view what, std::size_t lane,
                const std::string& args) {
    add(fmt::format(
        R"({{"name":"{}","ph":"M","pid":1,"tid":{},"args":{{{}}}}})", what,
        lane, args));
  }

  void name_lanes() {
    std::size_t count = 1;
    for (const auto& lane : lanes_)
      count = std::max(count, lane.value_or(0) + 1);
    metadata("process_name", 0, "\"name\":" + json_string(of_.workflow));
    for (std::size_t i = 0; i < count; ++i) {
      metadata("thread_name", i,
               "\"name\":" + json_string(i == 0
                                             ? std::string{of_.taskflow}
                                             : fmt::format("parallel {}", i)));
      metadata("thread_sort_index", i, fmt::format("\"sort_index\":{}", i));
    }
  }

  void run_event() {
    const auto args =
        of_.outcome ? fmt::format(R"("outcome":"{}")", to_string(*of_.outcome))
                    : std::string{R"("outcome":"under way")"};
    complete(of_.taskflow, "run", of_.began, of_.ended, 0, args);
  }

  void complete(std::string_view name, std::string_view category,
                run::clock::time_point began, run::clock::time_point ended,
                std::size_t lane, const std::string& args) {
    add(fmt::format(R"({{"name":{},"cat":"{}","ph":"X","ts":{},"dur":{},)"
                    R"("pid":1,"tid":{},"args":{{{}}}}})",
                    json_string(name), category, micros(began),
                    micros(ended) - micros(began), lane, args));
  }

  void instant(std::string_view name, run::clock::time_point at,
               std::size_t lane, const std::string& args) {
    add(fmt::format(R"({{"name":{},"cat":"task","ph":"i","ts":{},"s":"t",)"
                    R"("pid":1,"tid":{},"args":{{{}}}}})",
                    json_string(name), micros(at), lane, args));
  }

  void asynchronous(std::string_view phase, std::string_view name,
                    run::clock::time_point at, std::size_t id,
                    const std::string& args) {
    add(fmt::format(R"({{"name":{},"cat":"task","ph":"{}","ts":{},"id":{},)"
                    R"("pid":1,"tid":0,"args":{{{}}}}})",
                    json_string(name), phase, micros(at), id, args));
  }

  void task_event(const task_span& span, std::optional<std::size_t> lane,
                  std::size_t id) {
    const auto name = last_part(span.last->path);
    if (lane) {
      complete(name, "task", span.began, span.ended, *lane, args_of(span));
    } else {
      asynchronous("b", name, span.began, id, args_of(span));
      asynchronous("e", name, span.ended, id, "");
    }
    for (std::size_t i = 0; i < span.tries.size(); ++i)
      instant(fmt::format("{} again", name), span.tries[i], lane.value_or(0),
              fmt::format(R"("try":{})", i + 2));
  }

  static std::string args_of(const task_span& span) {
    const auto& last = *span.last;
    auto args = fmt::format(
        R"("path":{},"type":"{}","outcome":"{}","attempts":{})",
        json_string(last.path), last.type,
        span.has_ended ? to_string(last.outcome) : "under way", last.attempts);
    if (last.error)
      args += fmt::format(R"(,"error":{{"code":{},"message":{}}})",
                          json_string(last.error->code),
                          json_string(one_line(last.error->message)));
    return args;
  }

  const traced_run& of_;
  std::vector<task_span> spans_;
  std::vector<std::optional<std::size_t>> lanes_;
  std::string events_;
};

} // namespace

std::string chrome_trace(const traced_run& of) {
  return trace_writer(of).write();
}

} // namespace mfo::taskflow
