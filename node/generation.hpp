#pragma once

#include "node/assembly.hpp"
#include "node/collector.hpp"
#include "node/handing_office.hpp"
#include "node/letter_round.hpp"
#include "node/server_link.hpp"
#include "node/taskflows.hpp"
#include "node/tls_listeners.hpp"

#include "actors/letter_office.hpp"
#include "config/settings.hpp"
#include "core/generation.hpp"
#include "taskflow/definition.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

/// Where dead letters go.
struct letter_box {
  std::shared_ptr<actors::letter_office> office; ///< null: no sinks
  std::shared_ptr<handing_office> handing; ///< null: no sinks, or no cluster
  std::optional<letter_round> round;       ///< with an office, once it began

  /// What no sink took is offered again. On the I/O thread, or before it runs.
  void begin(boost::asio::io_context& io) {
    if (office && !round)
      round.emplace(io, office);
  }
};

/// All of a node that is of one configuration, beside the actors. It is there
/// until what came in under it has ended; what the next has in common with it,
/// they share.
struct generation {
  std::uint64_t number = 0;
  std::string file{};        ///< that it was read from; empty: none
  config::settings settings; ///< with the endpoints of triggers
  std::vector<taskflow::workflow_ptr> workflows;
  core::generation_ptr token; ///< null once another is in force
  std::weak_ptr<const core::generation> users;
  std::vector<server_link> servers; ///< empty: peers call them
  tls_listeners tls;
  std::shared_ptr<letter_box> letters; ///< never null
  server_rooms rooms;
  collector spans; ///< where they go
  std::unique_ptr<taskflows> flows;

  [[nodiscard]] bool in_use() const {
    return !users.expired() || flows->report()->runs() > 0;
  }
};

using generation_list = std::vector<std::shared_ptr<generation>>;

/// Those that there are, the one in force last. Thread-safe.
class generations {
public:
  void add(std::shared_ptr<generation> next) {
    const std::lock_guard lock{mutex_};
    all_.push_back(std::move(next));
  }

  /// Null: there is none yet.
  [[nodiscard]] std::shared_ptr<generation> current() const {
    const std::lock_guard lock{mutex_};
    return all_.empty() ? nullptr : all_.back();
  }

  /// Null: it is gone.
  [[nodiscard]] std::shared_ptr<generation> find(std::uint64_t number) const {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find_if(
        all_, [&](const auto& each) { return each->number == number; });
    return found == all_.end() ? nullptr : *found;
  }

  [[nodiscard]] generation_list all() const {
    const std::lock_guard lock{mutex_};
    return all_;
  }

  void remove(std::uint64_t number) {
    const std::lock_guard lock{mutex_};
    std::erase_if(all_,
                  [&](const auto& each) { return each->number == number; });
  }

private:
  mutable std::mutex mutex_;
  generation_list all_;
};

} // namespace mfo::node
