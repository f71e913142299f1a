#include "telemetry/run_book.hpp"

#include "telemetry/run_page.hpp"
#include "telemetry/spans_of.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace mfo::telemetry {

namespace {

using clock = std::chrono::steady_clock;

} // namespace

struct run_entry::shelves {
  shelves(run_book::bounds limits, std::shared_ptr<span_sink> spans_to)
    : max_bytes(limits.max_bytes), max_tasks(limits.max_tasks),
      spans(std::move(spans_to)), under_way(limits.max_bytes),
      keep_runs(limits.keep_runs) {}

  using page_ptr = std::shared_ptr<run_page>;

  const std::size_t max_bytes;
  const std::size_t max_tasks;
  const std::shared_ptr<span_sink> spans; ///< may be null
  byte_budget under_way;
  const std::shared_ptr<change_count> changes =
      std::make_shared<change_count>(0);
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
  const auto page = std::exchange(page_, nullptr);
  if (!page)
    return;
  book_->put_away(page, page->end(outcome, std::move(problem), at));
  if (traced_by(book_->spans.get(), page->traceparent()))
    book_->spans->take(spans_of(page->whole()));
}

// --- run_book ----------------------------------------------------------------

run_book::run_book() : run_book(bounds{}) {}

run_book::run_book(bounds limits, std::shared_ptr<span_sink> spans)
  : shelves_(std::make_shared<run_entry::shelves>(limits, std::move(spans))) {}

run_entry run_book::begin(run_origin of, std::chrono::milliseconds unix_time,
                          clock::time_point at) {
  const std::lock_guard lock{shelves_->mutex};
  auto page = std::make_shared<run_page>(std::move(of), unix_time, at,
                                         shelves_->begun++, shelves_->changes);
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

run_book::news run_book::changed_after(std::uint64_t mark,
                                       std::size_t limit) const {
  // First: what changes after it is there again the next time.
  news found{.mark = this->mark()};
  std::vector<std::pair<std::uint64_t, std::shared_ptr<run_page>>> pages;
  for (auto& each : shelves_->all())
    if (const auto changed = each->changed(); changed > mark)
      pages.emplace_back(changed, std::move(each));
  std::ranges::sort(pages, std::greater{},
                    [](const auto& each) { return each.first; });
  found.left_out = pages.size() - std::min(limit, pages.size());
  pages.resize(pages.size() - found.left_out);
  for (const auto& each : pages)
    found.runs.push_back(each.second->whole());
  return found;
}

std::uint64_t run_book::mark() const noexcept {
  return *shelves_->changes;
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
