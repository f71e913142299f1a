#pragma once

#include "tests/cluster/hub/keeper_nodes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster::test {

/// Node a, and whoever has it for a seed.
struct link_keepers : testing::Test {
  /// A node that dials `to`.
  keeper_node& dialler_of(const keeper_node& to, const std::string& name,
                          const keeper_nodes::options& given = {}) {
    auto& made = all.add(name, given);
    made.seeds = {to.card().where};
    return made;
  }

  /// As a hello of b's that nobody would say by himself.
  static hello hello_of(const keeper_node& whose) {
    return {.cluster = "shop", .card = whose.card(), .dial = 1};
  }

  keeper_nodes all;
  keeper_node& a = all.add("a");
};

} // namespace mfo::cluster::test
