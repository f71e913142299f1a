#include "telemetry/event_book.hpp"

#include "telemetry/bounded.hpp"
#include "telemetry/event_shelf.hpp"
#include "telemetry/spans_of.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace mfo::telemetry {

namespace {

using steady_time = std::chrono::steady_clock::time_point;

/// What an entry knows; who has a copy needs no lock.
struct open_event {
  core::event_ptr event;
  steady_time::rep acknowledged;
  steady_time::rep undelivered;

  void write_down(event_record& to) const {
    const auto offset = [this](steady_time::rep ticks) {
      return ticks == 0 ? event_record::offset{}
                        : between(event->received_at,
                                  steady_time{steady_time::duration{ticks}});
    };
    telemetry::write_down(*event, to);
    // The sender of one that another node had was told by that node, if at all.
    if (to.from.empty())
      to.acknowledged = offset(acknowledged);
    to.undelivered = offset(undelivered);
  }
};

bool fits(const event_record& record, const event_book::filter& which) {
  const auto is = [](std::string_view wanted, std::string_view value) {
    return wanted.empty() || wanted == value;
  };
  return record.received_unix >= which.since &&
         record.received_unix < which.until &&
         is(which.endpoint, record.endpoint) &&
         is(which.outcome, to_string(record.state)) &&
         is(which.reason, record.reason ? core::describe(*record.reason).slug
                                        : std::string_view{}) &&
         (record.id.starts_with(which.prefix) ||
          record.delivery_id.starts_with(which.prefix));
}

} // namespace

class event_shelves {
public:
  event_shelves(event_book::bounds limits, std::shared_ptr<span_sink> spans)
    : max_bytes_(limits.max_bytes), spans_(std::move(spans)),
      keep_(limits.keep) {}

  [[nodiscard]] bool is_on() const noexcept {
    return keep_.load(std::memory_order_relaxed) > 0;
  }

  /// Whether spans are made of it when it ends.
  [[nodiscard]] bool traces(const core::event& event) const noexcept {
    return traced_by(spans_.get(), event.traceparent).has_value();
  }

  void trace(const core::event& event, const event_record& record) {
    using std::chrono::duration_cast;
    const auto since = std::chrono::steady_clock::now() - record.received;
    const auto received =
        std::chrono::system_clock::now().time_since_epoch() - since;
    spans_->take(spans_of(event, record, spans_->node(),
                          duration_cast<span::unix_time>(received) +
                              record.ended.value_or(span::unix_time{0})));
  }

  // --- in flight ---

  void link(event_entry& entry) noexcept {
    auto& list = list_of(entry);
    const std::lock_guard lock{list.mutex};
    entry.behind_ = list.first;
    if (list.first != nullptr)
      list.first->before_ = &entry;
    list.first = &entry;
  }

  void unlink(event_entry& entry) noexcept {
    auto& list = list_of(entry);
    const std::lock_guard lock{list.mutex};
    (entry.before_ != nullptr ? entry.before_->behind_ : list.first) =
        entry.behind_;
    if (entry.behind_ != nullptr)
      entry.behind_->before_ = entry.before_;
    entry.before_ = entry.behind_ = nullptr;
  }

  // --- ended ---

  /// For a record; may have an old one on it.
  [[nodiscard]] event_sheet_ptr take_sheet() {
    {
      const std::lock_guard lock{mutex_};
      if (spare_)
        return std::move(spare_);
    }
    return event_sheet_ptr{new event_sheet};
  }

  void put(event_sheet_ptr sheet) {
    auto& shelf = went_well(sheet->record) ? well_ : badly_;
    event_sheets forgotten;
    const std::lock_guard lock{mutex_};
    shelf.put(std::move(sheet), ++ended_, keep_.load(), max_bytes_, forgotten);
    // Whom a reader has shares it no further: it is on no shelf any more.
    if (!spare_ && !forgotten.empty() && forgotten.back()->use_count() == 1)
      spare_ = std::move(forgotten.back());
  }

  [[nodiscard]] std::uint64_t ended() const {
    const std::lock_guard lock{mutex_};
    return ended_;
  }

  [[nodiscard]] event_book::news ended_after(std::uint64_t mark,
                                             std::size_t limit) const {
    std::vector<event_shelf::numbered> found;
    event_book::news news;
    {
      const std::lock_guard lock{mutex_};
      well_.append_news(mark, limit, found);
      badly_.append_news(mark, limit, found);
      news.mark = ended_;
    }
    std::ranges::sort(found, {}, &event_shelf::numbered::first);
    const auto first = found.size() - std::min(limit, found.size());
    for (auto i = first; i < found.size(); ++i)
      news.events.push_back(record_on(std::move(found[i].second)));
    news.left_out = news.mark - mark - news.events.size();
    return news;
  }

  void keep(std::size_t events) {
    event_sheets forgotten;
    const std::lock_guard lock{mutex_};
    keep_.store(events);
    for (auto* each : {&well_, &badly_})
      each->make_room(events, max_bytes_, forgotten);
  }

  // --- both ---

  /// Those that were received last first. One that ends meanwhile is there
  /// once, as it ended.
  [[nodiscard]] std::vector<event_record_ptr> all() const {
    // Where nothing is kept, some are here for their spans alone.
    auto open = is_on() ? in_flight() : std::vector<event_record_ptr>{};
    std::vector<event_sheet_ptr> ended;
    {
      const std::lock_guard lock{mutex_};
      ended.reserve(well_.size() + badly_.size());
      well_.append_to(ended);
      badly_.append_to(ended);
    }
    std::vector<event_record_ptr> found;
    found.reserve(ended.size() + open.size());
    for (auto& each : ended)
      found.push_back(record_on(std::move(each)));
    found.insert(found.end(), open.begin(), open.end());
    // Of two that are the same, the one that has ended is in front.
    std::ranges::stable_sort(found, std::greater{}, [](const auto& each) {
      return std::pair{each->received, std::string_view{each->id}};
    });
    const auto is_again = [](const auto& one, const auto& other) {
      return one->received == other->received && one->id == other->id &&
             other->state == event_state::in_flight;
    };
    found.erase(std::unique(found.begin(), found.end(), is_again), found.end());
    return found;
  }

  static open_event look_at(const event_entry& entry) {
    return {entry.event_, entry.acknowledged_.load(std::memory_order_relaxed),
            entry.undelivered_.load(std::memory_order_relaxed)};
  }

private:
  struct open_list {
    mutable std::mutex mutex;
    event_entry* first = nullptr; ///< guarded by mutex
  };

  /// Copies what is needed under a lock, and writes it out without it.
  [[nodiscard]] std::vector<event_record_ptr> in_flight() const {
    std::vector<open_event> seen;
    for (const auto& list : open_) {
      const std::lock_guard lock{list.mutex};
      for (const auto* each = list.first; each != nullptr; each = each->behind_)
        seen.push_back(look_at(*each));
    }
    std::vector<event_record_ptr> found;
    for (const auto& each : seen) {
      auto record = std::make_shared<event_record>();
      each.write_down(*record);
      found.push_back(std::move(record));
    }
    return found;
  }

  [[nodiscard]] open_list& list_of(const event_entry& entry) noexcept {
    return open_[std::hash<const void*>{}(entry.event_.get()) / 64 %
                 open_.size()];
  }

  const std::size_t max_bytes_;
  const std::shared_ptr<span_sink> spans_; ///< may be null
  std::atomic<std::size_t> keep_;
  /// Several, so that threads seldom wait for each other.
  std::array<open_list, 16> open_;
  mutable std::mutex mutex_; ///< guards what follows
  event_shelf well_;
  event_shelf badly_;
  event_sheet_ptr spare_; ///< of one that was forgotten; nobody else has it
  std::uint64_t ended_ = 0;
};

// --- event_entry -------------------------------------------------------------

event_entry::event_entry(event_entry&& other) noexcept {
  take_place_of(other);
}

event_entry& event_entry::operator=(event_entry&& other) noexcept {
  if (this == &other)
    return *this;
  event_entry former;
  former.take_place_of(*this); // and ends with it
  take_place_of(other);
  return *this;
}

event_entry::~event_entry() {
  if (!book_)
    return;
  end({.outcome = core::refused(core::errc::internal_error, "never finished"),
       .at = std::chrono::steady_clock::now()});
}

void event_entry::take_place_of(event_entry& other) noexcept {
  if (!other.book_)
    return;
  other.book_->unlink(other);
  book_ = std::move(other.book_);
  event_ = std::move(other.event_);
  acknowledged_ = other.acknowledged_.load();
  undelivered_ = other.undelivered_.load();
  book_->link(*this);
}

void event_entry::acknowledged(time_point at) noexcept {
  acknowledged_.store(at.time_since_epoch().count(), std::memory_order_relaxed);
}

void event_entry::undelivered(time_point at) noexcept {
  undelivered_.store(at.time_since_epoch().count(), std::memory_order_relaxed);
}

void event_entry::end(const event_end& how) noexcept {
  if (!book_)
    return;
  try {
    auto sheet = book_->take_sheet();
    auto& record = sheet->record;
    event_shelves::look_at(*this).write_down(record);
    close(record, how);
    if (book_->traces(*event_))
      book_->trace(*event_, record);
    // First there, then no longer here: it can be found at any time.
    book_->put(std::move(sheet));
  } catch (const std::exception&) {
    // Out of memory: the event ends all the same, without a story.
  }
  replaced();
}

void event_entry::replaced() noexcept {
  if (!book_)
    return;
  book_->unlink(*this);
  book_ = nullptr;
  event_ = nullptr;
}

// --- event_book --------------------------------------------------------------

event_book::event_book() : event_book(bounds{}) {}

event_book::event_book(bounds limits, std::shared_ptr<span_sink> spans)
  : shelves_(std::make_shared<event_shelves>(limits, std::move(spans))) {}

event_entry event_book::begin(core::event_ptr event) {
  event_entry entry;
  if (!shelves_->is_on() && !shelves_->traces(*event))
    return entry;
  entry.book_ = shelves_;
  entry.event_ = std::move(event);
  shelves_->link(entry);
  return entry;
}

void event_book::refused(event_record record) noexcept {
  if (!shelves_->is_on())
    return;
  try {
    bound_texts(record);
    auto sheet = shelves_->take_sheet();
    sheet->record = std::move(record);
    shelves_->put(std::move(sheet));
  } catch (const std::exception&) {
    // Out of memory: the sender is answered all the same.
  }
}

std::vector<event_record_ptr> event_book::list(const filter& which) const {
  auto found = shelves_->all();
  std::erase_if(found, [&](const auto& each) { return !fits(*each, which); });
  found.resize(std::min(found.size(), which.limit));
  return found;
}

std::vector<event_record_ptr> event_book::find(std::string_view id) const {
  auto found = shelves_->all();
  std::erase_if(found, [id](const auto& each) { return each->id != id; });
  return found;
}

event_book::news event_book::ended_after(std::uint64_t mark,
                                         std::size_t limit) const {
  return shelves_->ended_after(mark, limit);
}

std::uint64_t event_book::mark() const {
  return shelves_->ended();
}

void event_book::keep(std::size_t events) {
  shelves_->keep(events);
}

} // namespace mfo::telemetry
