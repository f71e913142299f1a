#pragma once

#include "taskflow/expression/jq_value.hpp"
#include "taskflow/json.hpp"

extern "C" {
#include <jq.h>
}

#include <tl/expected.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mfo::taskflow {

/// Runs one program of jq on any number of threads at once. Since libjq's state
/// is of one thread at a time, and takes 17 ms to make (1.6 compiles its own
/// library each time) but a few KiB to keep, a run takes an idle one, the first
/// being that of `make`, and makes one when all are busy: there are never more
/// than runs at a time, and `max_idle` are kept as long as the pool. A run that
/// makes another one waits for nobody.
class jq_pool {
public:
  static constexpr std::size_t max_idle = 64;

  /// What libjq says if it cannot compile it; perhaps nothing.
  static tl::expected<std::shared_ptr<const jq_pool>, std::vector<std::string>>
  make(std::string program);

  /// The one value it gives; a message, in one line, if it fails or gives none
  /// or several.
  [[nodiscard]] tl::expected<json, std::string> run(jq_value input) const;

private:
  struct teardown {
    void operator()(jq_state* state) const;
  };
  using state_ptr = std::unique_ptr<jq_state, teardown>;

  explicit jq_pool(std::string program);

  /// Nothing if there are messages.
  static state_ptr make_state(const std::string& program,
                              std::vector<std::string>& messages);
  static void set_up_regular_expressions();

  state_ptr take() const;
  void give_back(state_ptr state) const;

  std::string program_;
  mutable std::mutex mutex_;
  mutable std::vector<state_ptr> idle_;
};

} // namespace mfo::taskflow
