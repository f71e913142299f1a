#pragma once

#include "cluster/membership/member_record.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace mfo::cluster::test {

/// A good card: a node that can do everything, at NAME:7420.
inline node_card card_of(const std::string& name, std::uint64_t started = 1,
                         std::uint64_t process = 1) {
  return {.name = name,
          .born = {.started = started, .process = process},
          .where = {.host = name, .port = 7420},
          .roles = role_set::all(),
          .labels = {},
          .speaks = {.lowest = 1, .highest = 1},
          .software = "1.0.0"};
}

inline std::shared_ptr<const member_record>
record_of(const node_card& card, member_state state = member_state::alive,
          std::uint32_t refutation = 0) {
  return std::make_shared<const member_record>(
      member_record{.card = std::make_shared<const node_card>(card),
                    .state = state,
                    .refutation = refutation});
}

} // namespace mfo::cluster::test
