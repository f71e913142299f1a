#pragma once

#include <boost/intrusive/set.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace mfo::actors {

/// Time that is left, for timers and answers; none where it is over.
[[nodiscard]] inline std::chrono::milliseconds
round_up(std::chrono::steady_clock::duration time) {
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(time),
                  std::chrono::milliseconds{0});
}

/// A call's place in a line, or out of all lines. It is a part of what is known
/// of the call, so that to wait costs no memory; while it is in a line it must
/// stay where it is, and keep its values.
struct waiting_place : boost::intrusive::set_base_hook<> {
  std::uint64_t number = 0;
  std::chrono::steady_clock::time_point deadline{};
  bool patient = false; ///< see server_call
};

/// The line of calls that wait for the same thing, by number; a call that came
/// later has a greater one. A call that comes back, from a back-off, say, has
/// its old place. Each step for one call takes a time that is logarithmic in
/// the number of calls. Not thread-safe: it has one owner, which also bounds
/// it. The places outlive the line, or leave it before.
class waiting_calls {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Requires: the place is in no line, and nobody in this one has its number.
  void add(waiting_place& one);

  /// Does nothing for a place that is in no line. Requires: it is in no other.
  void remove(waiting_place& one) noexcept;

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
  struct by_deadline {
    bool operator()(const waiting_place& a,
                    const waiting_place& b) const noexcept {
      return std::pair{a.deadline, a.number} < std::pair{b.deadline, b.number};
    }
  };

  boost::intrusive::set<waiting_place, boost::intrusive::compare<by_deadline>>
      line_;
  std::size_t impatient_ = 0; ///< as mostly there is none to look for
};

} // namespace mfo::actors
