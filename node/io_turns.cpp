#include "node/io_turns.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <cstddef>
#include <thread>
#include <utility>

namespace mfo::node {

namespace {

/// Batches of jobs in a turn, before I/O has one: an event goes through all
/// stages in one.
constexpr int batches_a_turn = 8;

/// Messages that an actor takes before the others, and I/O, have a turn. CAF
/// sets no bound unless told to; an actor that is sent more than it can do
/// would keep the only thread for itself.
constexpr std::size_t messages_a_job = 128;

} // namespace

class io_turns::scheduler final : public caf::scheduler::abstract_coordinator {
public:
  scheduler(caf::actor_system& system, io_turns& turns)
    : abstract_coordinator(system), turns_(turns), unit_(&system) {}

  caf::actor_clock& clock() noexcept override {
    return clock_;
  }

  void enqueue(caf::resumable* what) override {
    turns_.add(what);
  }

  /// As caf::scheduler::worker does.
  void run(caf::resumable* job) {
    switch (job->resume(&unit_, messages_a_job)) {
    case caf::resumable::resume_later:
      turns_.add(job);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
    case caf::resumable::shutdown_execution_unit:
      caf::intrusive_ptr_release(job);
      break;
    }
  }

protected:
  void start() override {
    timers_ = std::thread{[this] {
      clock_.run_dispatch_loop();
    }};
    thread_ = std::thread{[this] {
      run_while_io_does_not();
    }};
    abstract_coordinator::start();
  }

  void stop() override {
    {
      const std::lock_guard lock{turns_.mutex_};
      turns_.ended_ = true;
    }
    turns_.changes_.notify_all();
    thread_.join();
    stop_actors(); // they have threads of their own
    clock_.cancel_dispatch_loop();
    timers_.join();
    drop_what_is_left();
  }

private:
  /// When the system ends, what waits then is run, and no more: the actors that
  /// are left, CAF's own, might go on for ever.
  void run_while_io_does_not() {
    std::unique_lock lock{turns_.mutex_};
    for (bool is_last = false; !is_last;) {
      turns_.changes_.wait(lock, [this] {
        return turns_.ended_ ||
               (!turns_.is_io_running_ && !turns_.jobs_.empty());
      });
      is_last = turns_.ended_;
      turns_.is_running_ = true;
      turns_.batch_.swap(turns_.jobs_);
      lock.unlock();
      for (auto* each : turns_.batch_)
        run(each);
      lock.lock();
      turns_.batch_.clear();
      turns_.is_running_ = false;
      turns_.changes_.notify_all();
    }
  }

  /// An actor that ends so may have others to tell, which come after it.
  void drop_what_is_left() {
    for (;;) {
      std::vector<caf::resumable*> left;
      {
        const std::lock_guard lock{turns_.mutex_};
        left.swap(turns_.jobs_);
      }
      if (left.empty())
        return;
      for (auto* each : left)
        cleanup_and_release(each);
    }
  }

  io_turns& turns_;
  caf::scoped_execution_unit unit_;
  caf::detail::thread_safe_actor_clock clock_;
  std::thread timers_;
  std::thread thread_;
};

io_turns::io_turns(boost::asio::io_context& io) : io_(io) {}

io_turns::~io_turns() = default;

void io_turns::prepare(caf::actor_system_config& config) {
  config.module_factories.emplace_back([this](caf::actor_system& system) {
    scheduler_ = new scheduler{system, *this}; // the system owns it
    return scheduler_;
  });
}

void io_turns::add(caf::resumable* job) {
  std::unique_lock lock{mutex_};
  jobs_.push_back(job);
  if (!is_io_running_) {
    lock.unlock();
    changes_.notify_all();
    return;
  }
  if (std::exchange(is_posted_, true))
    return;
  lock.unlock();
  boost::asio::post(io_, [this] { take_turns(); });
}

void io_turns::run() {
  {
    std::unique_lock lock{mutex_};
    is_io_running_ = true;
    is_posted_ = true;
    changes_.wait(lock, [this] { return !is_running_; });
  }
  boost::asio::post(io_, [this] { take_turns(); });
  io_.run();
  {
    const std::lock_guard lock{mutex_};
    is_io_running_ = false;
    is_posted_ = false;
  }
  changes_.notify_all();
}

void io_turns::take_turns() {
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
      scheduler_->run(each);
    batch_.clear();
  }
  boost::asio::post(io_, [this] { take_turns(); });
}

} // namespace mfo::node
