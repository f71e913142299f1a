#include "node/io_turns.hpp"

#include "actors/intake.hpp"
#include "actors/mfo_connector.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

/// Batches of jobs in a turn, before I/O has one: an event goes through all
/// stages in one.
constexpr int batches_a_turn = 8;

/// Messages that an actor takes before the others, and I/O, have a turn. CAF
/// sets no bound unless told to; an actor that is sent more than it can do
/// would keep the thread for itself.
constexpr std::size_t messages_a_job = 128;

/// Runs a job: one actor, and what it has been sent.
using job_runner = std::function<void(caf::resumable*)>;

/// Of an actor that is scheduled; else empty.
std::string_view name_of(const caf::resumable& job) {
  if (job.subtype() != caf::resumable::scheduled_actor)
    return {};
  return static_cast<const caf::scheduled_actor&>(job).name();
}

} // namespace

/// The actors that take turns with the I/O of one context, on its thread.
/// Thread-safe, but for `run`.
class io_turns::lane {
public:
  explicit lane(boost::asio::io_context& io) : io_(io) {}

  /// False: the I/O does not run; the job is not taken.
  bool add(caf::resumable* job) {
    {
      const std::lock_guard lock{mutex_};
      if (!is_running_)
        return false;
      jobs_.push_back(job);
      if (std::exchange(is_posted_, true))
        return true;
    }
    boost::asio::post(io_, [this] { take_turns(); });
    return true;
  }

  /// Returns the jobs that are left.
  std::vector<caf::resumable*> run(job_runner runner) {
    runner_ = std::move(runner);
    {
      const std::lock_guard lock{mutex_};
      is_running_ = true;
    }
    io_.run();
    const std::lock_guard lock{mutex_};
    is_running_ = false;
    return std::exchange(jobs_, {});
  }

private:
  void take_turns() {
    for (int i = 0; i < batches_a_turn; ++i) {
      {
        const std::lock_guard lock{mutex_};
        if (jobs_.empty()) {
          is_posted_ = false;
          return;
        }
        batch_.swap(jobs_);
      }
      for (auto* each : batch_)
        runner_(each);
      batch_.clear();
    }
    boost::asio::post(io_, [this] { take_turns(); });
  }

  boost::asio::io_context& io_;
  job_runner runner_;
  std::vector<caf::resumable*> batch_; ///< the other half of `jobs_`

  std::mutex mutex_; ///< guards all that follows
  std::vector<caf::resumable*> jobs_;
  bool is_running_ = false;
  bool is_posted_ = false; ///< `take_turns`, to `io_`
};

/// Threads that run the jobs which no lane takes. Thread-safe.
class io_turns::pool {
public:
  explicit pool(unsigned size) : size_(size) {}

  void add(caf::resumable* job) {
    {
      const std::lock_guard lock{mutex_};
      jobs_.push_back(job);
    }
    changed_.notify_one();
  }

  void start(const std::function<job_runner()>& make) {
    for (unsigned i = 0; i < size_; ++i)
      threads_.emplace_back([this, runner = make()] { run(runner); });
  }

  /// No job is begun any more.
  void stop() {
    {
      const std::lock_guard lock{mutex_};
      ended_ = true;
    }
    changed_.notify_all();
    for (auto& each : threads_)
      each.join();
  }

  /// All that nobody has begun.
  [[nodiscard]] std::deque<caf::resumable*> take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(jobs_, {});
  }

private:
  void run(const job_runner& runner) {
    std::unique_lock lock{mutex_};
    for (;;) {
      changed_.wait(lock, [this] { return ended_ || !jobs_.empty(); });
      if (ended_)
        return;
      auto* const job = jobs_.front();
      jobs_.pop_front();
      lock.unlock();
      runner(job);
      lock.lock();
    }
  }

  const unsigned size_; ///< threads
  std::vector<std::thread> threads_;
  std::mutex mutex_; ///< guards all that follows
  std::condition_variable changed_;
  std::deque<caf::resumable*> jobs_;
  bool ended_ = false;
};

class io_turns::scheduler final : public caf::scheduler::abstract_coordinator {
public:
  scheduler(caf::actor_system& system, io_turns& turns)
    : abstract_coordinator(system), turns_(turns) {}

  caf::actor_clock& clock() noexcept override {
    return clock_;
  }

  void enqueue(caf::resumable* job) override {
    auto* const place = turns_.place_of(*job);
    if (place == nullptr || !place->add(job))
      turns_.pool_->add(job);
  }

  /// As caf::scheduler::worker does.
  [[nodiscard]] job_runner make_runner() {
    return [this, unit = std::make_shared<caf::scoped_execution_unit>(
                      &system())](caf::resumable* job) {
      switch (job->resume(unit.get(), messages_a_job)) {
      case caf::resumable::resume_later:
        enqueue(job);
        break;
      case caf::resumable::done:
      case caf::resumable::awaiting_message:
      case caf::resumable::shutdown_execution_unit:
        caf::intrusive_ptr_release(job);
        break;
      }
    };
  }

protected:
  void start() override {
    timers_ = std::thread{[this] {
      clock_.run_dispatch_loop();
    }};
    turns_.pool_->start([this] { return make_runner(); });
    abstract_coordinator::start();
  }

  void stop() override {
    turns_.pool_->stop();
    stop_actors(); // they have threads of their own
    clock_.cancel_dispatch_loop();
    timers_.join();
    // What waits is run once more, and then no more: the actors that are left,
    // CAF's own, might go on for ever.
    const auto run = make_runner();
    for (auto* each : turns_.pool_->take())
      run(each);
    // One that is ended so may have others to tell, which come after it.
    for (auto left = turns_.pool_->take(); !left.empty();
         left = turns_.pool_->take())
      for (auto* each : left)
        cleanup_and_release(each);
  }

private:
  io_turns& turns_;
  caf::detail::thread_safe_actor_clock clock_;
  std::thread timers_;
};

io_turns::io_turns(boost::asio::io_context& taking_in,
                   boost::asio::io_context& calling, unsigned threads)
  : threads_(threads), in_(std::make_unique<lane>(taking_in)),
    pool_(std::make_unique<pool>(threads > 2 ? threads - 2 : 1)) {
  if (threads > 1)
    out_ = std::make_unique<lane>(calling);
}

io_turns::~io_turns() = default;

void io_turns::prepare(caf::actor_system_config& config) {
  config.module_factories.emplace_back([this](caf::actor_system& system) {
    scheduler_ = new scheduler{system, *this}; // the system owns it
    return scheduler_;
  });
}

void io_turns::run_taking_in() {
  run(*in_);
}

void io_turns::run_calling() {
  run(*out_);
}

void io_turns::run(lane& place) {
  // Where others prepared the actors there are no jobs.
  auto runner =
      scheduler_ != nullptr ? scheduler_->make_runner() : job_runner{};
  for (auto* each : place.run(std::move(runner)))
    pool_->add(each);
}

/// Null: with the pool.
io_turns::lane* io_turns::place_of(const caf::resumable& job) const {
  if (!out_)
    return in_.get();
  const auto name = name_of(job);
  if (name == actors::mfo_connector_state::name)
    return out_.get();
  const bool is_first = name == actors::intake_state::name;
  return is_first || threads_ == 2 ? in_.get() : nullptr;
}

} // namespace mfo::node
