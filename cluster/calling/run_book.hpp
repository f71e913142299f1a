#pragma once

#include "cluster/calling/call_host.hpp"
#include "cluster/messages/call_packing.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mfo::cluster {

/// Sizes in bytes are of results as packed_size counts them.
struct run_bounds {
  /// Calls that run, and those whose result has not been acknowledged.
  std::size_t max_calls = 4096;
  /// Of results that have not been acknowledged. One for which there is no room
  /// is replaced by an error that says so.
  std::size_t max_bytes = 64 * 1024 * 1024;
  /// Of those that have been sent to one peer. The next waits for its word.
  std::size_t max_unread = 8 * 1024 * 1024;
};

/// The calls of peers that run here, and what came of them until their origin
/// has acknowledged that: a call that comes again meanwhile, as its link was
/// lost, is known. It may be forgotten then, as an origin that has its result
/// never sends it again. A result that nobody acknowledges is dropped when its
/// origin is gone, or has given the call up.
///
/// (An inbox would remember results for minutes; these may be large.)
///
/// One owner, not thread-safe; time is passed in.
class run_book {
public:
  using clock = std::chrono::steady_clock;

  /// Results to be sent, in the order of their numbers.
  struct batch {
    std::vector<told_result> results{};
    std::size_t bytes = 0;
  };

  explicit run_book(run_bounds limits = {});

  /// Whether it runs, or has ended and its origin does not know that for sure:
  /// it is not to be run again, and its origin will hear.
  [[nodiscard]] bool knows(const call_key& key);

  [[nodiscard]] bool is_full() const noexcept {
    return calls_ >= limits_.max_calls;
  }

  /// A call runs now. After `forget_at` its origin does not want its result.
  /// Requires: it is not known.
  void begin(const call_key& key, remote_call_ptr call,
             clock::time_point forget_at);

  /// Null: it does not run.
  [[nodiscard]] remote_call_ptr running(const call_key& key) const;

  /// What came of a call that runs; gives the call. Null: it did not run, and
  /// nothing is changed.
  remote_call_ptr end(const call_key& key, actors::api_result_ptr result);

  /// The next results for the origin; the last one may bring them to more than
  /// `most` bytes.
  [[nodiscard]] batch take_unsent(const node_life& origin, std::size_t most);

  /// Whether take_unsent would give any.
  [[nodiscard]] bool has_unsent(const node_life& origin) const;

  /// The origin has all results up to that number.
  void acknowledged(const node_life& origin, std::uint64_t number);

  /// A new link to the origin: what it has not acknowledged is sent again.
  void link_opened(const node_life& origin);

  /// The origin is dead, has left, or is another life now. What still runs goes
  /// on; nobody hears of it.
  void gone(const node_life& origin);

  /// Drops what nobody wants any more. To be called every now and then.
  void sweep(clock::time_point now);

  [[nodiscard]] std::size_t running() const noexcept {
    return calls_ - waiting_;
  }

  /// Results that have not been acknowledged.
  [[nodiscard]] std::size_t waiting() const noexcept {
    return waiting_;
  }

  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

private:
  struct entry {
    remote_call_ptr call;            ///< null: it has ended
    actors::api_result_ptr result{}; ///< null: it runs
    std::size_t bytes = 0;           ///< of the result
    clock::time_point forget_at{};
  };

  using told_map = std::map<std::uint64_t, std::uint64_t>;

  struct source_state {
    bool gone = false;
    std::unordered_map<std::uint64_t, entry>
        entries{};          ///< by the call's number
    told_map waiting{};     ///< the call's number by the result's
    std::uint64_t sent = 0; ///< up to this number, on the present link
    std::size_t unread = 0; ///< bytes of results sent on the present link
  };

  using source_map = std::map<node_life, source_state>;

  [[nodiscard]] const entry* find(const call_key& key) const;
  void drop(source_state& of, told_map::iterator which);
  void tidy(source_map::iterator which);

  const run_bounds limits_;
  source_map sources_;
  std::uint64_t last_number_ = 0; ///< of a result; of all origins, as they go
  std::size_t calls_ = 0;
  std::size_t waiting_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace mfo::cluster
