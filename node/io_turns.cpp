#include "node/io_turns.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <optional>
#include <thread>
#include <utility>

namespace mfo::node {

namespace {

/// Batches of jobs in a turn, before I/O has one: an event goes through all
/// stages in one.
constexpr int batches_a_turn = 8;

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
    switch (job->resume(&unit_, max_throughput())) {
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
    stop_actors();
    clock_.cancel_dispatch_loop();
    timers_.join();
    for (auto* each : std::exchange(turns_.jobs_, {}))
      cleanup_and_release(each);
  }

private:
  void run_while_io_does_not() {
    std::unique_lock lock{turns_.mutex_};
    for (;;) {
      turns_.changes_.wait(lock, [this] {
        return turns_.ended_ ||
               (!turns_.is_io_running_ && !turns_.jobs_.empty());
      });
      if (turns_.ended_)
        return;
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
