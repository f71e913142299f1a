#pragma once

#include <boost/asio/io_context.hpp>

#include <caf/resumable.hpp>

#include <memory>

namespace caf {
class actor_system_config;
} // namespace caf

namespace mfo::node {

/// Has the actors of a node take turns with its I/O on the same threads: an
/// event then goes from its socket through all actors to the server's socket
/// without a change of threads, which cost more than all that the actors do
/// (docs/adr/0025-actors-on-the-io-thread.md). Where there is more than one
/// thread, the first takes events in and the second calls servers, connectors
/// included; from the third on, threads run what is between intake and
/// connectors.
///
/// Before I/O begins and after it has ended, a thread of the scheduler's own
/// runs all actors, so that a node can be put together and taken apart as with
/// any other scheduler.
class io_turns {
public:
  /// `calling` is `taking_in` if `threads` is 1, and only then. Both must
  /// outlive it.
  io_turns(boost::asio::io_context& taking_in, boost::asio::io_context& calling,
           unsigned threads);
  ~io_turns();
  io_turns(const io_turns&) = delete;
  io_turns& operator=(const io_turns&) = delete;

  /// Makes it the scheduler of the system that gets this configuration; it must
  /// outlive that.
  void prepare(caf::actor_system_config& config);

  /// Each runs its I/O, and the actors whose place is there, until the I/O has
  /// nothing more to do or is stopped. Once, on a thread that does nothing
  /// else; the system must not end before it has returned. No actor may wait
  /// for what the I/O does, nor a handler of it for an actor.
  void run_taking_in();
  void run_calling(); ///< only if there is more than one thread

private:
  class lane;
  class pool;
  class scheduler;

  void run(lane& place);
  [[nodiscard]] lane* place_of(const caf::resumable& job) const;

  const unsigned threads_;
  std::unique_ptr<lane> in_;
  std::unique_ptr<lane> out_; ///< null: of `in_`
  std::unique_ptr<pool> pool_;
  scheduler* scheduler_ = nullptr; ///< of the system, which owns it
};

} // namespace mfo::node
