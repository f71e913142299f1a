#pragma once

#include <boost/asio/io_context.hpp>

#include <caf/resumable.hpp>

#include <condition_variable>
#include <mutex>
#include <vector>

namespace caf {
class actor_system;
class actor_system_config;
} // namespace caf

namespace mfo::node {

/// Has the actors of a node take turns with its I/O on one thread: an event
/// then goes from its socket through all actors to the server's socket without
/// a change of threads, which cost more than all that the actors do
/// (docs/adr/0025-actors-on-the-io-thread.md).
///
/// Before I/O begins and after it has ended, a thread of the scheduler's own
/// runs them, so that a node can be put together and taken apart as with any
/// other scheduler.
class io_turns {
public:
  /// `io` must outlive it.
  explicit io_turns(boost::asio::io_context& io);
  ~io_turns();
  io_turns(const io_turns&) = delete;
  io_turns& operator=(const io_turns&) = delete;

  /// Makes it the scheduler of the system that gets this configuration; it must
  /// outlive that.
  void prepare(caf::actor_system_config& config);

  /// Runs `io`, and the actors, until `io` has nothing more to do or is
  /// stopped. Once, on a thread that does nothing else; the system must not end
  /// before it has returned. No actor may wait for what `io` does, nor a
  /// handler of `io` for an actor.
  void run();

private:
  class scheduler;

  void add(caf::resumable* job);
  void take_turns();

  boost::asio::io_context& io_;
  scheduler* scheduler_ = nullptr; ///< of the system, which owns it

  std::mutex mutex_; ///< guards all that follows
  std::condition_variable changes_;
  std::vector<caf::resumable*> jobs_;
  std::vector<caf::resumable*> batch_; ///< of who runs jobs
  bool is_io_running_ = false;
  bool is_posted_ = false;  ///< `take_turns`, to `io`
  bool is_running_ = false; ///< the thread of its own runs jobs
  bool ended_ = false;
};

} // namespace mfo::node
