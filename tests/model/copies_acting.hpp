#pragma once

#include "tests/model/copies_shared.hpp"

#include <utility>

namespace mfo::model {

/// Something happens to a node, and what it has to say then goes out.
template <class Do>
void copies_world::act(std::size_t who, kind why, Do&& what) {
  shared_->at_work = this;
  auto& own = edit(who);
  own.past.add(why).add(now_.time_since_epoch());
  std::forward<Do>(what)(own);
  while (!own.to_flush.empty())
    for (const auto& peer : std::exchange(own.to_flush, {}))
      own.desk.flush(peer, now_);
}

} // namespace mfo::model
