#include "dead_letters/replay.hpp"

#include <fmt/format.h>

namespace mfo::dead_letters {

namespace {

class replayer {
public:
  replayer(reader& from, const replay_plan& plan, const replay_tools& tools)
    : from_(from), plan_(plan), tools_(tools), begun_(tools.now()) {}

  tl::expected<replay_report, std::string> run() {
    auto walked =
        from_.for_each([this](const std::string& handle, const letter& value) {
          return visit(handle, value);
        });
    if (!error_.empty())
      return tl::unexpected(std::move(error_));
    if (!walked)
      return tl::unexpected(std::move(walked.error()));
    report_.walk = std::move(*walked);
    if (report_.delivered > 0 && !plan_.dry_run)
      if (auto tidied = from_.tidy(); !tidied)
        return tl::unexpected(std::move(tidied.error()));
    return std::move(report_);
  }

private:
  using clock = replay_tools::clock;

  [[nodiscard]] std::size_t tried() const {
    return report_.delivered + report_.failed;
  }

  /// False: it is to stop.
  bool keep_pace() {
    if (plan_.rate > 0 && !plan_.dry_run) {
      const std::chrono::duration<double> after{static_cast<double>(tried()) /
                                                plan_.rate};
      const auto due =
          begun_ + std::chrono::duration_cast<clock::duration>(after);
      if (tools_.now() < due)
        tools_.sleep_until(due);
    }
    report_.stopped = tools_.is_stopped();
    return !report_.stopped;
  }

  reader::next visit(const std::string& handle, const letter& value) {
    if (!matches(plan_.which, value)) {
      ++report_.skipped;
      return reader::next::letter;
    }
    if (!keep_pace())
      return reader::next::stop;
    const auto delivered = plan_.dry_run ? done{} : tools_.deliver(value);
    ++(delivered ? report_.delivered : report_.failed);
    if (delivered && !plan_.dry_run)
      if (const auto marked = from_.mark_replayed(handle); !marked)
        error_ = fmt::format("event {} was delivered but cannot be marked: {}",
                             value.event_id, marked.error());
    tools_.progress(report_, value, delivered);
    const bool enough = plan_.which.limit != 0 && tried() >= plan_.which.limit;
    return enough || !error_.empty() ? reader::next::stop
                                     : reader::next::letter;
  }

  reader& from_;
  const replay_plan& plan_;
  const replay_tools& tools_;
  const clock::time_point begun_;
  replay_report report_;
  std::string error_;
};

} // namespace

tl::expected<replay_report, std::string>
replay(reader& from, const replay_plan& plan, const replay_tools& tools) {
  return replayer{from, plan, tools}.run();
}

} // namespace mfo::dead_letters
