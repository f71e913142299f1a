#pragma once

#include "cluster/transport/link_event.hpp"
#include "cluster/transport/socket.hpp"
#include "config/settings.hpp"

#include <caf/actor_control_block.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mfo::cluster::wire {

struct dial_order {
  std::uint64_t token = 0;
  config::listen_address address{};
  std::string expected{};
};

struct close_order {
  link_id link = 0;
};

struct stop_order {};

/// A scribe is no longer CAF's.
struct closed_note {
  link_id link = 0;
  end_cause cause;
};

/// CAF has shaken hands with a peer that was dialled, or has not.
struct joined_note {
  link_id link = 0;
  caf::strong_actor_ptr gate{};
  std::optional<end_cause> failure{};
};

using note =
    std::variant<dial_order, close_order, stop_order, closed_note, joined_note>;

/// What other threads tell the transport's own. Thread-safe. Dials have a
/// bound; of the rest there is little: a link ends once.
class inbox {
public:
  explicit inbox(std::size_t most_dials);

  /// False where as many dials wait as may, and after `refuse_dials`.
  [[nodiscard]] bool push_dial(dial_order order);

  void push(note what);

  /// A dial waits no longer.
  void dial_begun();

  /// From now on.
  void refuse_dials();

  /// All that is there, in its order.
  [[nodiscard]] std::vector<note> take();

  /// Readable when there is something.
  [[nodiscard]] int descriptor() const noexcept {
    return wake_.number();
  }

private:
  void wake() const noexcept;

  std::size_t most_dials_;
  unique_socket wake_; ///< eventfd(2)
  std::mutex mutex_;   ///< of what follows
  std::vector<note> notes_;
  std::size_t dials_ = 0; ///< that wait
  bool takes_dials_ = true;
};

} // namespace mfo::cluster::wire
