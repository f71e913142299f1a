#include "node/testing/test_time.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/detail/simple_actor_clock.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace mfo::node {

namespace {

using std::chrono::milliseconds;

/// CAF's clock of plain data, whose time is set; and from any thread.
class settable_clock final : public caf::detail::simple_actor_clock {
public:
  using super = simple_actor_clock;

  time_point now() const noexcept override {
    return time_point{duration_type{now_.load()}};
  }

  void set_ordinary_timeout(time_point t, caf::abstract_actor* self,
                            caf::atom_value type, std::uint64_t id) override {
    const std::lock_guard lock{mutex_};
    super::set_ordinary_timeout(t, self, type, id);
  }

  void set_multi_timeout(time_point t, caf::abstract_actor* self,
                         caf::atom_value type, std::uint64_t id) override {
    const std::lock_guard lock{mutex_};
    super::set_multi_timeout(t, self, type, id);
  }

  void set_request_timeout(time_point t, caf::abstract_actor* self,
                           caf::message_id id) override {
    const std::lock_guard lock{mutex_};
    super::set_request_timeout(t, self, id);
  }

  void cancel_ordinary_timeout(caf::abstract_actor* self,
                               caf::atom_value type) override {
    const std::lock_guard lock{mutex_};
    super::cancel_ordinary_timeout(self, type);
  }

  void cancel_request_timeout(caf::abstract_actor* self,
                              caf::message_id id) override {
    const std::lock_guard lock{mutex_};
    super::cancel_request_timeout(self, id);
  }

  void cancel_timeouts(caf::abstract_actor* self) override {
    const std::lock_guard lock{mutex_};
    super::cancel_timeouts(self);
  }

  void schedule_message(time_point t, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override {
    const std::lock_guard lock{mutex_};
    super::schedule_message(t, std::move(receiver), std::move(content));
  }

  void schedule_message(time_point t, caf::group target,
                        caf::strong_actor_ptr sender,
                        caf::message content) override {
    const std::lock_guard lock{mutex_};
    super::schedule_message(t, std::move(target), std::move(sender),
                            std::move(content));
  }

  void cancel_all() override {
    const std::lock_guard lock{mutex_};
    super::cancel_all();
  }

  [[nodiscard]] std::optional<time_point> next_due() const {
    const std::lock_guard lock{mutex_};
    if (schedule_.empty())
      return std::nullopt;
    return schedule_.begin()->first;
  }

  /// Never back.
  void set(time_point to) {
    const std::lock_guard lock{mutex_};
    now_ = std::max(now_.load(), to.time_since_epoch().count());
    trigger_expired_timeouts();
  }

private:
  std::atomic<duration_type::rep> now_{
      std::chrono::steady_clock::now().time_since_epoch().count()};
  // A message to an actor that is gone has others sent.
  mutable std::recursive_mutex mutex_;
};

class time_impl;

/// Runs actors on one thread, one after the other.
class one_thread final : public caf::scheduler::abstract_coordinator {
public:
  one_thread(caf::actor_system& system, std::shared_ptr<time_impl> time)
    : abstract_coordinator(system), time_(std::move(time)) {}

  caf::actor_clock& clock() noexcept override;
  void enqueue(caf::resumable* what) override;

protected:
  void start() override;
  void stop() override;

private:
  void run();

  std::shared_ptr<time_impl> time_;
  std::thread thread_;
};

class time_impl final : public test_time,
                        public std::enable_shared_from_this<time_impl> {
public:
  explicit time_impl(milliseconds begin) : begin_unix_(begin) {}

  core::instant now() const override {
    const auto steady = clock_.now();
    return {begin_unix_ +
                std::chrono::duration_cast<milliseconds>(steady - begin_),
            steady};
  }

  void prepare(caf::actor_system_config& config) override {
    config.module_factories.emplace_back(
        [me = shared_from_this()](caf::actor_system& system) {
          return new one_thread{system, me}; // the system owns it
        });
  }

  void pass_while(std::function<bool()> somebody_waits) override {
    change([&] { somebody_waits_ = std::move(somebody_waits); });
  }

  void hold() override {
    change([&] { held_ = true; });
  }

  void release() override {
    change([&] { held_ = false; });
  }

  void pass(milliseconds how_much) override {
    clock_.set(clock_.now() + how_much);
    change([] {});
  }

  void after(milliseconds delay, std::function<void()> what) override {
    change([&] {
      calls_.emplace(clock_.now() + std::max(delay, milliseconds{0}),
                     std::move(what));
    });
  }

  rest wait_for_rest(milliseconds longest) override {
    std::unique_lock lock{mutex_};
    const bool in_time = rests_.wait_for(lock, longest, [this] {
      return resting_ && jobs_.empty() && !changed_;
    });
    if (!in_time)
      return rest::late;
    const auto waits = somebody_waits_;
    lock.unlock();
    return waits && waits() ? rest::stuck : rest::nobody_waits;
  }

  // What the scheduler does.

  settable_clock& clock() noexcept {
    return clock_;
  }

  void add(caf::resumable* job) {
    change([&] { jobs_.push_back(job); });
  }

  void end() {
    change([&] { ended_ = true; });
  }

  /// The next that is to be run; null: no more.
  caf::resumable* next() {
    for (;;) {
      if (auto* const job = take_job())
        return job;
      if (ended_)
        return nullptr;
      if (!go_on())
        wait();
    }
  }

  void forget_all() {
    clock_.cancel_all();
    std::unique_lock lock{mutex_};
    const auto calls = std::exchange(calls_, {});
    somebody_waits_ = nullptr;
    lock.unlock(); // what they hold goes without it
  }

  std::deque<caf::resumable*> take_all() {
    const std::lock_guard lock{mutex_};
    return std::exchange(jobs_, {});
  }

private:
  using time_point = settable_clock::time_point;

  template <class Change>
  void change(Change what) {
    const std::lock_guard lock{mutex_};
    what();
    changed_ = true;
    changes_.notify_all();
  }

  caf::resumable* take_job() {
    const std::lock_guard lock{mutex_};
    resting_ = false;
    if (jobs_.empty()) {
      changed_ = false; // whatever it was, it is looked at now
      return nullptr;
    }
    auto* const job = jobs_.front();
    jobs_.pop_front();
    return job;
  }

  /// Does the next thing that is due, and has time pass if it may. False: there
  /// is nothing.
  bool go_on() {
    const auto timer = clock_.next_due();
    std::unique_lock lock{mutex_};
    auto due = timer;
    if (!calls_.empty() && (!due || calls_.begin()->first <= *due))
      due = calls_.begin()->first;
    if (!due)
      return false;
    if (*due > clock_.now()) {
      const auto waits = somebody_waits_;
      if (held_ || !waits)
        return false;
      lock.unlock();
      if (!waits())
        return false;
      lock.lock();
      if (held_ || !jobs_.empty())
        return true; // come again
    }
    std::function<void()> call;
    if (!calls_.empty() && calls_.begin()->first <= *due) {
      call = std::move(calls_.begin()->second);
      calls_.erase(calls_.begin());
    }
    lock.unlock();
    clock_.set(*due);
    if (call)
      call();
    return true;
  }

  void wait() {
    std::unique_lock lock{mutex_};
    if (!changed_) {
      resting_ = true;
      rests_.notify_all();
    }
    changes_.wait(lock, [this] { return changed_; });
    resting_ = false;
  }

  const milliseconds begin_unix_;
  settable_clock clock_;
  const time_point begin_ = clock_.now();

  std::mutex mutex_; ///< guards all that follows
  std::condition_variable changes_;
  std::condition_variable rests_;
  std::deque<caf::resumable*> jobs_;
  std::multimap<time_point, std::function<void()>> calls_;
  std::function<bool()> somebody_waits_;
  bool held_ = false;
  bool changed_ = false; ///< since the thread looked
  bool resting_ = false; ///< the thread has nothing to do
  std::atomic<bool> ended_ = false;
};

caf::actor_clock& one_thread::clock() noexcept {
  return time_->clock();
}

void one_thread::enqueue(caf::resumable* what) {
  time_->add(what);
}

void one_thread::start() {
  thread_ = std::thread{[this] {
    run();
  }};
  abstract_coordinator::start();
}

void one_thread::stop() {
  time_->end();
  thread_.join();
  stop_actors();
  for (auto* each : time_->take_all())
    cleanup_and_release(each);
  time_->forget_all();
}

/// As caf::scheduler::worker does.
void one_thread::run() {
  caf::scoped_execution_unit unit{&system()};
  while (auto* const job = time_->next())
    switch (job->resume(&unit, max_throughput())) {
    case caf::resumable::resume_later:
      time_->add(job);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
    case caf::resumable::shutdown_execution_unit:
      caf::intrusive_ptr_release(job);
      break;
    }
}

} // namespace

std::shared_ptr<test_time> test_time::make(milliseconds begin) {
  return std::make_shared<time_impl>(begin);
}

} // namespace mfo::node
