#pragma once

#include "actors/connector_calls.hpp"
#include "actors/server_call.hpp"
#include "config/server_settings.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace mfo::actors {

/// What an event_batcher needs done.
class batch_host {
public:
  /// The call is ready to be made.
  virtual void make(std::unique_ptr<server_call> call) = 0;

  /// After the delay, `due(number)` of the batcher, on the same thread.
  virtual void due_after(std::chrono::milliseconds delay,
                         std::uint64_t number) = 0;

protected:
  ~batch_host() = default;
};

/// Gathers the events for one server into calls, as its `batch` says: a batch
/// is complete with max_events events or max_bytes bytes, and goes max_wait
/// after its first event at the latest. With max_events 1 each event is a call
/// at once.
///
/// Events share a batch that have the same patience and were given the same
/// time, so that none ends early for another's sake by more than max_wait.
///
/// Not thread-safe: it has one owner, which is also its host. It holds fewer
/// than max_events events of each kind; what it holds when it goes is answered
/// with an internal error.
class event_batcher {
public:
  event_batcher(std::shared_ptr<const config::server_settings> server,
                batch_host& host);

  void add(std::unique_ptr<event_call> event);

  /// Sends what there is.
  void flush();

  /// The wait that `due_after` was asked for is over.
  void due(std::uint64_t number);

private:
  struct kind {
    bool patient;
    std::chrono::milliseconds lifetime;

    auto operator<=>(const kind&) const = default;
  };

  struct gathering {
    std::uint64_t number = 0;
    std::size_t bytes = 0; ///< of the body
    std::vector<std::unique_ptr<event_call>> events{};
  };

  void send(std::map<kind, gathering>::iterator which);

  std::shared_ptr<const config::server_settings> server_;
  batch_host& host_;
  std::map<kind, gathering> open_; ///< none of them empty
  std::uint64_t last_number_ = 0;
};

} // namespace mfo::actors
