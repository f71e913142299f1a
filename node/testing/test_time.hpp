#pragma once

#include "core/envelope.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace caf {
class actor_system_config;
}

namespace mfo::node {

/// Of the real time: for what takes none of the node's, on however busy a
/// machine.
inline constexpr std::chrono::seconds longest_rest{60};

/// The time of a node under test. It stands still while there is something to
/// do, and jumps to when the next timer is due where there is nothing: backoffs
/// and waits take no time, and are in order all the same.
///
/// It is that of the actors of one system, which run on a thread of its own.
/// Any thread may ask for what it is.
class test_time {
public:
  using milliseconds = std::chrono::milliseconds;

  /// `begin`: since 1970.
  static std::shared_ptr<test_time> make(milliseconds begin);

  virtual ~test_time() = default;

  [[nodiscard]] virtual core::instant now() const = 0;

  /// Has the actors of a system run by this time; once.
  virtual void prepare(caf::actor_system_config& config) = 0;

  /// Whether somebody waits for something of the actors: only then does time
  /// pass by itself. To be set before there is something to wait for; is asked
  /// on the actors' thread.
  virtual void pass_while(std::function<bool()> somebody_waits) = 0;

  /// Until `release`, time stands still: a request is on its way to them.
  virtual void hold() = 0;
  virtual void release() = 0;

  /// That much time passes now.
  virtual void pass(milliseconds how_much) = 0;

  /// Calls `what` on the actors' thread when that much time has passed.
  virtual void after(milliseconds delay, std::function<void()> what) = 0;

  enum class rest : std::uint8_t {
    nobody_waits, ///< all has been done
    stuck,        ///< somebody waits, and there is no timer any more
    late,         ///< it took too long
  };

  /// Waits until the actors have nothing more to do; at most so long, of the
  /// real time.
  virtual rest wait_for_rest(milliseconds longest) = 0;
};

} // namespace mfo::node
