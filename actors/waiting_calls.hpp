#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace mfo::actors {

/// Time that is left, for timers and answers; none where it is over.
[[nodiscard]] inline std::chrono::milliseconds
round_up(std::chrono::steady_clock::duration time) {
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(time),
                  std::chrono::milliseconds{0});
}

/// The line of calls that wait for the same thing, by number; a call that came
/// later has a greater one. A call that comes back, from a back-off, say, has
/// its old place. Each step takes a time that is logarithmic in the number of
/// calls. Not thread-safe: it has one owner, which also bounds it.
class waiting_calls {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Requires: the number is not in the line. `patient`: see server_call.
  void add(std::uint64_t number, time_point deadline, bool patient);

  /// Does nothing for a number that is not in the line.
  void remove(std::uint64_t number);

  [[nodiscard]] bool empty() const noexcept {
    return line_.empty();
  }

  [[nodiscard]] std::size_t size() const noexcept {
    return line_.size();
  }

  /// Who has the least time left, and of these who came first. Requires: not
  /// empty.
  [[nodiscard]] std::uint64_t most_urgent() const;

  /// Who has the most time left, and of these who came last. Requires: not
  /// empty.
  [[nodiscard]] std::uint64_t youngest() const;

  /// Nothing when the line is empty.
  [[nodiscard]] std::optional<time_point> next_deadline() const;

  /// Whose deadline is `when` or sooner, the soonest first.
  [[nodiscard]] std::vector<std::uint64_t> due_by(time_point when) const;

  /// Who is not patient, the oldest first.
  [[nodiscard]] std::vector<std::uint64_t> impatient() const;

private:
  struct place {
    time_point deadline;
    bool patient;
  };

  std::map<std::uint64_t, place> line_;
  std::set<std::pair<time_point, std::uint64_t>> by_deadline_;
  std::size_t impatient_ = 0; ///< as mostly there is none to look for
};

} // namespace mfo::actors
