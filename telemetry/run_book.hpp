#pragma once

#include "telemetry/span.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The runs of taskflows: those under way, and the last that ended. What
/// happens is told in plain values, so that nobody here need know of the
/// engine. Everything is thread-safe.
namespace mfo::telemetry {

/// How a run can end; a test holds them to those of the engine.
inline constexpr std::array<std::string_view, 4> run_outcomes{
    "Succeeded", "Failed", "Errored", "Cancelled"};

/// Why a run or a task did not succeed. Without secrets; cut to its bounds.
struct run_problem {
  std::string code;    ///< a word; at most 64 bytes
  std::string message; ///< for people; at most 1 KiB
  std::string task;    ///< its path; empty: the run. At most 256 bytes
};

/// What a run is of. Texts are cut to 256 bytes.
struct run_origin {
  std::string id; ///< unique among those that the book holds
  std::string workflow;
  std::string taskflow;
  std::string trigger;
  std::string event_id;
  std::string traceparent{}; ///< of the event
};

/// One moment in the life of a task.
struct task_note {
  enum class kind : std::uint8_t { began, tried_again, ended } what;
  std::string_view path; ///< "route/each[3]/file"
  std::string_view type;
  std::chrono::steady_clock::time_point at;
  std::string_view outcome{};           ///< when ended; its text is not copied
  const run_problem* problem = nullptr; ///< when ended; null: there is none
  unsigned attempts = 1;
};

struct task_record {
  using microseconds = std::chrono::microseconds;

  std::string path; ///< cut to 256 bytes
  std::string type;
  microseconds began{0};                  ///< since the run began
  std::optional<microseconds> duration{}; ///< nothing: it is under way
  std::string_view outcome{};             ///< "" while it is under way
  unsigned attempts = 1;                  ///< 0: it never began
  std::optional<run_problem> problem{};
};

/// All that is known of a run at one moment.
struct run_record {
  using microseconds = std::chrono::microseconds;

  run_origin of;
  std::chrono::milliseconds started_unix{0};
  std::optional<microseconds> duration{}; ///< nothing: it is under way
  std::string_view outcome{};             ///< "" while it is under way
  std::optional<run_problem> problem{};
  std::uint64_t tasks_total = 0; ///< begun, or ended without that
  /// In the order of their beginning, the first of them; only from `find`.
  std::vector<task_record> tasks{};
};

class run_page;

/// Writes down what becomes of one run. Whoever runs it owns this; a run whose
/// entry goes before `ended` is told has ended Errored, "abandoned".
class run_entry {
public:
  run_entry() = default; ///< writes nothing down
  run_entry(run_entry&&) noexcept = default;
  run_entry& operator=(run_entry&& other) noexcept;
  ~run_entry();

  void note(const task_note& moment);

  /// Once. `outcome` is one of run_outcomes; its text is not copied.
  void ended(std::string_view outcome, std::optional<run_problem> problem,
             std::chrono::steady_clock::time_point at);

private:
  friend class run_book;
  struct shelves;
  run_entry(std::shared_ptr<shelves> book, std::shared_ptr<run_page> page);

  std::shared_ptr<shelves> book_;
  std::shared_ptr<run_page> page_; ///< null: it has ended
};

class run_book {
public:
  struct bounds {
    std::size_t keep_runs = 100; ///< that have ended
    /// About what those that have ended may take, and as much again for those
    /// under way. At it the oldest is forgotten; of those under way, tasks are
    /// counted and no longer kept.
    std::size_t max_bytes = 16 * 1024 * 1024;
    std::size_t max_tasks = 1'000; ///< kept of a run; the others are counted
  };

  /// Which runs are meant; empty: any.
  struct filter {
    enum class state : std::uint8_t { any, running, ended } is = state::any;
    std::string workflow{};
    std::string taskflow{};
    std::string outcome{};
    std::string event_id{};
    std::size_t limit = 100;
  };

  run_book();
  /// Runs of traces that are sampled go to `spans` as they end; null: none do.
  explicit run_book(bounds limits, std::shared_ptr<span_sink> spans = nullptr);

  /// A run begins at this moment: `unix_time` since 1970, `at` the same.
  [[nodiscard]] run_entry begin(run_origin of,
                                std::chrono::milliseconds unix_time,
                                std::chrono::steady_clock::time_point at);

  /// Those that began last first, without their tasks.
  [[nodiscard]] std::vector<run_record> list(const filter& which) const;

  [[nodiscard]] std::optional<run_record> find(std::string_view id) const;

  /// What has become of runs since somebody asked last.
  struct news {
    std::vector<run_record> runs{}; ///< whole, those that changed last first
    std::uint64_t left_out = 0;     ///< others that have changed
    std::uint64_t mark = 0;         ///< for the next time
  };

  /// Runs that began, changed or ended; `mark`: of the last time. At most
  /// `limit`. What changes meanwhile may be there again the next time.
  [[nodiscard]] news changed_after(std::uint64_t mark, std::size_t limit) const;

  /// That of what has changed so far.
  [[nodiscard]] std::uint64_t mark() const noexcept;

  [[nodiscard]] std::size_t running() const;

  /// Another bounds::keep_runs from now on.
  void keep(std::size_t runs);

private:
  std::shared_ptr<run_entry::shelves> shelves_;
};

} // namespace mfo::telemetry
