#pragma once

#include "taskflow/definition.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What is to be seen of a workflow: boxes, boxes in boxes, and arrows. How
/// they look is up to those who write it: to_dot.hpp, to_mermaid.hpp.
namespace mfo::taskflow {

/// All texts are one line of UTF-8 without control characters, and short
/// enough to be read in a box; none is escaped for any format.
struct picture {
  enum class kind : std::uint8_t {
    // A box.
    trigger,
    server, ///< a call of the MFO server
    chat,   ///< likewise, and a model answers
    http,
    event,
    person, ///< a question
    value,
    condition,
    wait,
    raise,
    subflow,
    // A box with others inside.
    flow,
    for_each,
    loop,
    fork,
    branch,
    attempt, ///< of a try: both of the next
    tried,
    rescue,
  };

  struct item {
    std::string id; ///< unique: "main/classify", "main/both/left", ":gh"
    kind what;
    std::string title;              ///< the id in the file
    std::string type;               ///< what it is, or does; may be empty
    std::vector<std::string> notes; ///< a line each
    bool off = false;               ///< a trigger that is not enabled
    std::vector<item> inside;       ///< in the order of the file
    std::string_view task{};        ///< its type in the file; empty: no task
  };

  enum class arrow : std::uint8_t {
    waits,   ///< `to` waits for `from`
    selects, ///< the condition `from` may select `to`
    fails,   ///< `to` runs when `from` has failed
    starts,  ///< the trigger `from` starts the taskflow `to`
    runs,    ///< the subflow `from` runs the taskflow `to`
  };

  struct edge {
    std::string from; ///< ids of items, which are not in one another
    std::string to;
    arrow what;
    std::vector<std::string> labels; ///< a line each; mostly none
  };

  std::string title;
  std::vector<item> items; ///< triggers, then taskflows
  std::vector<edge> edges;
};

/// Whether an item of this kind has others inside.
[[nodiscard]] constexpr bool is_cluster(picture::kind what) noexcept {
  return what >= picture::kind::flow;
}

/// Of all taskflows and triggers.
[[nodiscard]] picture picture_of(const workflow& file);

/// Of the taskflow with this index, the triggers that start it, and the
/// taskflows that it runs, each once.
[[nodiscard]] picture picture_of(const workflow& file, std::size_t taskflow);

} // namespace mfo::taskflow
