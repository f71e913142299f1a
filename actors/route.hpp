#pragma once

#include "config/settings.hpp"
#include "core/event.hpp"
#include "taskflow/definition.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mfo::actors {

/// A trigger of a workflow, and by it the taskflow that it starts.
struct trigger_ref {
  taskflow::workflow_ptr workflow; ///< not null
  std::size_t index = 0;

  [[nodiscard]] const taskflow::trigger& get() const {
    return workflow->triggers[index];
  }

  [[nodiscard]] const taskflow::flow& flow() const {
    return workflow->taskflows[get().taskflow];
  }

  /// "workflow/trigger": what the events that it starts with are counted as,
  /// in the place of an endpoint.
  [[nodiscard]] std::string id() const;
};

/// What is to be done with an event: all of it.
struct route {
  std::string server; ///< it is forwarded to; empty: to none
  std::vector<trigger_ref> triggers;
  /// The same by name, for the event's story; null: nobody asks.
  core::destinations_ptr names{};
};

using route_ptr = std::shared_ptr<const route>;

/// All of the triggers that are in use.
[[nodiscard]] std::vector<trigger_ref>
triggers_of(const std::vector<taskflow::workflow_ptr>& workflows);

/// Which event goes where. What comes in at a trigger of its own starts that
/// trigger alone. What comes in at an endpoint goes to its server, and starts
/// every event trigger that asks for its type. Not thread-safe.
class route_table {
public:
  explicit route_table(const std::vector<taskflow::workflow_ptr>& workflows);

  [[nodiscard]] route_ptr find(const core::event& event);

private:
  std::unordered_map<std::string, route_ptr> own_;     ///< by the trigger's id
  std::unordered_map<std::string, route_ptr> forward_; ///< by the server's name
  std::vector<trigger_ref> by_type_;
};

/// Whether a dotted name is one that `pattern` stands for: `*` is a word, `**`
/// any number of them, none included.
[[nodiscard]] bool matches_type(std::string_view pattern,
                                std::string_view type) noexcept;

/// The event triggers that ask for the type.
[[nodiscard]] std::vector<trigger_ref>
asking_for(const std::vector<trigger_ref>& all, std::string_view type);

} // namespace mfo::actors
