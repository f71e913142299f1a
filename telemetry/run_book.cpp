#include "telemetry/run_book.hpp"

#include "config/text.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace mfo::telemetry {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr std::size_t longest_word = 64;
constexpr std::size_t longest_path = 256;
constexpr std::size_t longest_message = 1024;

/// What a page takes besides its texts, about.
constexpr std::size_t page_size = 512;
constexpr std::size_t task_size = sizeof(task_record) + 32;

/// The first bytes of a text, and no part of a character at their end.
std::string cut(std::string_view text, std::size_t longest) {
  auto size = std::min(text.size(), longest);
  const auto goes_on = [&] {
    return size > 0 && size < text.size() &&
           (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80;
  };
  while (goes_on())
    --size;
  return std::string{text.substr(0, size)};
}

run_problem cut(const run_problem& problem) {
  return {cut(problem.code, longest_word),
          cut(problem.message, longest_message),
          cut(problem.task, longest_path)};
}

std::size_t size_of(const run_problem& problem) {
  return problem.code.size() + problem.message.size() + problem.task.size();
}

microseconds between(clock::time_point from, clock::time_point to) {
  return std::max(std::chrono::duration_cast<microseconds>(to - from),
                  microseconds{0});
}

/// Bytes that may be taken, by all pages that are written at a time.
class byte_budget {
public:
  explicit byte_budget(std::size_t most) : most_(most) {}

  bool take(std::size_t bytes) noexcept {
    if (taken_.fetch_add(bytes) + bytes <= most_)
      return true;
    taken_.fetch_sub(bytes);
    return false;
  }

  /// Whether there is room or not.
  void force(std::size_t bytes) noexcept {
    taken_.fetch_add(bytes);
  }

  void give_back(std::size_t bytes) noexcept {
    taken_.fetch_sub(bytes);
  }

private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};
};

} // namespace

/// One run. Written by its entry, read by whoever looks.
class run_page {
public:
  run_page(run_origin of, std::chrono::milliseconds unix_time,
           clock::time_point at, std::uint64_t number)
    : number_(number), began_(at) {
    record_.of = {cut(of.id, longest_path), cut(of.workflow, longest_path),
                  cut(of.taskflow, longest_path), cut(of.trigger, longest_path),
                  cut(of.event_id, longest_path)};
    record_.started_unix = unix_time;
    bytes_ = page_size + record_.of.id.size() + record_.of.workflow.size() +
             record_.of.taskflow.size() + record_.of.trigger.size() +
             record_.of.event_id.size();
  }

  [[nodiscard]] std::uint64_t number() const noexcept {
    return number_;
  }

  [[nodiscard]] const std::string& id() const noexcept {
    return record_.of.id; // does not change
  }

  void note(const task_note& moment, std::size_t max_tasks,
            byte_budget& budget) {
    const std::lock_guard lock{mutex_};
    const auto known = open_.find(moment.path);
    auto* task = known == open_.end() ? nullptr : &record_.tasks[known->second];
    const bool ends = moment.what == task_note::kind::ended;
    if (task == nullptr) {
      // One that was not kept ends: it has been counted as it began.
      if (moment.attempts > 0 && moment.what != task_note::kind::began)
        return;
      ++record_.tasks_total;
      task = add(moment, max_tasks, budget);
      if (task == nullptr)
        return;
      if (!ends)
        open_.emplace(moment.path, record_.tasks.size() - 1);
    }
    task->attempts = moment.attempts;
    if (!ends)
      return;
    task->duration = between(began_ + task->began, moment.at);
    task->outcome = moment.outcome;
    if (moment.problem != nullptr) {
      auto problem = cut(*moment.problem);
      if (take(size_of(problem), budget))
        task->problem = std::move(problem);
    }
    if (known != open_.end())
      open_.erase(known);
  }

  struct sizes {
    std::size_t taken; ///< from the budget
    std::size_t held;  ///< from now on
  };

  sizes end(std::string_view outcome, std::optional<run_problem> problem,
            clock::time_point at) {
    const std::lock_guard lock{mutex_};
    record_.duration = between(began_, at);
    record_.outcome = outcome;
    if (problem)
      record_.problem = cut(*problem);
    open_ = {};
    record_.tasks.shrink_to_fit();
    return {bytes_, bytes_ + (record_.problem ? size_of(*record_.problem) : 0)};
  }

  [[nodiscard]] std::size_t bytes() const {
    const std::lock_guard lock{mutex_};
    return bytes_;
  }

  [[nodiscard]] bool is(const run_book::filter& which) const {
    using state = run_book::filter::state;
    const std::lock_guard lock{mutex_};
    const bool ended = record_.duration.has_value();
    const auto fits = [](const std::string& wanted, std::string_view value) {
      return wanted.empty() || wanted == value;
    };
    return (which.is == state::any || (which.is == state::ended) == ended) &&
           fits(which.workflow, record_.of.workflow) &&
           fits(which.taskflow, record_.of.taskflow) &&
           fits(which.outcome, record_.outcome);
  }

  [[nodiscard]] run_record summary() const {
    const std::lock_guard lock{mutex_};
    return {record_.of,      record_.started_unix, record_.duration,
            record_.outcome, record_.problem,      record_.tasks_total};
  }

  [[nodiscard]] run_record whole() const {
    const std::lock_guard lock{mutex_};
    return record_;
  }

private:
  struct text_hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  bool take(std::size_t bytes, byte_budget& budget) {
    if (!budget.take(bytes))
      return false;
    bytes_ += bytes;
    return true;
  }

  /// Null where there is no room.
  task_record* add(const task_note& moment, std::size_t max_tasks,
                   byte_budget& budget) {
    if (record_.tasks.size() >= max_tasks)
      return nullptr;
    auto path = cut(moment.path, longest_path);
    auto type = cut(moment.type, longest_word);
    if (!take(task_size + path.size() + type.size(), budget))
      return nullptr;
    return &record_.tasks.emplace_back(task_record{
        std::move(path), std::move(type), between(began_, moment.at)});
  }

  const std::uint64_t number_;
  const clock::time_point began_;
  mutable std::mutex mutex_;
  run_record record_; ///< guarded by mutex_, as the rest
  std::size_t bytes_ = 0;
  /// Where those are that are under way, by their whole path.
  std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>>
      open_;
};

struct run_entry::shelves {
  explicit shelves(run_book::bounds limits)
    : max_bytes(limits.max_bytes), max_tasks(limits.max_tasks),
      under_way(limits.max_bytes), keep_runs(limits.keep_runs) {}

  using page_ptr = std::shared_ptr<run_page>;

  const std::size_t max_bytes;
  const std::size_t max_tasks;
  byte_budget under_way;
  mutable std::mutex mutex;
  std::size_t keep_runs;   ///< guarded by mutex
  std::uint64_t begun = 0; ///< guarded by mutex, as the rest
  std::map<std::string, page_ptr, std::less<>> running;
  std::deque<std::pair<page_ptr, std::size_t>> ended; ///< with their bytes
  std::size_t ended_bytes = 0;

  void put_away(const page_ptr& page, run_page::sizes bytes) {
    std::vector<page_ptr> forgotten; // they go after the lock
    const std::lock_guard lock{mutex};
    // The same id may have begun again, to its own harm.
    if (const auto at = running.find(page->id());
        at != running.end() && at->second == page)
      running.erase(at);
    under_way.give_back(bytes.taken);
    ended.emplace_back(page, bytes.held);
    ended_bytes += bytes.held;
    make_room(forgotten);
  }

  void keep(std::size_t runs) {
    std::vector<page_ptr> forgotten;
    const std::lock_guard lock{mutex};
    keep_runs = runs;
    make_room(forgotten);
  }

  /// With the lock.
  void make_room(std::vector<page_ptr>& forgotten) {
    while (!ended.empty() &&
           (ended.size() > keep_runs || ended_bytes > max_bytes)) {
      ended_bytes -= ended.front().second;
      forgotten.push_back(std::move(ended.front().first));
      ended.pop_front();
    }
  }

  [[nodiscard]] std::vector<page_ptr> all() const {
    std::vector<page_ptr> pages;
    const std::lock_guard lock{mutex};
    pages.reserve(running.size() + ended.size());
    for (const auto& each : running)
      pages.push_back(each.second);
    for (const auto& each : ended)
      pages.push_back(each.first);
    return pages;
  }
};

// --- run_entry ---------------------------------------------------------------

run_entry::run_entry(std::shared_ptr<shelves> book,
                     std::shared_ptr<run_page> page)
  : book_(std::move(book)), page_(std::move(page)) {}

run_entry& run_entry::operator=(run_entry&& other) noexcept {
  std::swap(book_, other.book_);
  std::swap(page_, other.page_);
  return *this;
}

// NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
run_entry::~run_entry() {
  ended("Errored", run_problem{"abandoned", "nobody runs it any more", ""},
        clock::now());
}

void run_entry::note(const task_note& moment) {
  if (page_)
    page_->note(moment, book_->max_tasks, book_->under_way);
}

void run_entry::ended(std::string_view outcome,
                      std::optional<run_problem> problem,
                      clock::time_point at) {
  if (const auto page = std::exchange(page_, nullptr))
    book_->put_away(page, page->end(outcome, std::move(problem), at));
}

// --- run_book ----------------------------------------------------------------

run_book::run_book() : run_book(bounds{}) {}

run_book::run_book(bounds limits)
  : shelves_(std::make_shared<run_entry::shelves>(limits)) {}

run_entry run_book::begin(run_origin of, std::chrono::milliseconds unix_time,
                          clock::time_point at) {
  const std::lock_guard lock{shelves_->mutex};
  auto page = std::make_shared<run_page>(std::move(of), unix_time, at,
                                         shelves_->begun++);
  shelves_->under_way.force(page->bytes());
  shelves_->running.insert_or_assign(page->id(), page);
  return {shelves_, std::move(page)};
}

std::vector<run_record> run_book::list(const filter& which) const {
  auto pages = shelves_->all();
  std::ranges::sort(pages, std::greater{}, &run_page::number);
  std::vector<run_record> found;
  for (const auto& each : pages) {
    if (found.size() >= which.limit)
      break;
    if (each->is(which))
      found.push_back(each->summary());
  }
  return found;
}

void run_book::keep(std::size_t runs) {
  shelves_->keep(runs);
}

std::optional<run_record> run_book::find(std::string_view id) const {
  std::shared_ptr<run_page> page;
  {
    const std::lock_guard lock{shelves_->mutex};
    if (const auto at = shelves_->running.find(id);
        at != shelves_->running.end())
      page = at->second;
    for (const auto& each : shelves_->ended)
      if (!page && each.first->id() == id)
        page = each.first;
  }
  if (!page)
    return std::nullopt;
  return page->whole();
}

std::size_t run_book::running() const {
  const std::lock_guard lock{shelves_->mutex};
  return shelves_->running.size();
}

} // namespace mfo::telemetry
