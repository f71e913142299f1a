#include "tests/cluster/sharing/troubled_work.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

constexpr std::size_t few = 32;
constexpr int quiet_rounds = 20;

} // namespace

troubled_work::troubled_work(std::uint64_t seed, const course& what,
                             sharing_settings settings)
  : strikes_(1 + what.nodes / few), settings_(settings), course_(what) {
  all_.random.seed(seed);
  for (std::size_t i = 0; i < what.nodes; ++i)
    names_.push_back("node-" + std::to_string(i));
  all_.add_all(names_, settings_);
  all_.settle();
}

void troubled_work::watch_all() {
  for (const auto& name : names_)
    watch(all_.at(name));
}

void troubled_work::play() {
  for (int step = 0; step < course_.steps && !testing::Test::HasFailure();
       ++step) {
    all_.now += std::chrono::milliseconds{pick(course_.longest_pause)};
    for (std::size_t i = 0; i < strikes_; ++i)
      strike();
  }
  heal();
  come_to_rest();
  check_the_end();
  EXPECT_TRUE(are_at_rest());
  for (const auto& name : names_)
    EXPECT_THAT(all_.at(name).faults, IsEmpty()) << name;
}

std::size_t troubled_work::pick(std::size_t below) {
  return std::uniform_int_distribution<std::size_t>(0, below - 1)(all_.random);
}

work_node& troubled_work::some() {
  return all_.at(names_[pick(names_.size())]);
}

void troubled_work::restart(work_node& former) {
  auto& node = all_.restart(former.life.name, settings_);
  watch(node);
  all_.tell_loads(node);
}

void troubled_work::heal() {
  for (auto& [name, load] : all_.loads)
    load = {.max_in_flight = 100};
  for (const auto& a : names_)
    for (const auto& b : names_)
      if (a < b) {
        all_.unlink(all_.at(a), all_.at(b));
        all_.link(all_.at(a), all_.at(b));
      }
  all_.tell_loads();
}

/// And stay so, without a word.
void troubled_work::come_to_rest() {
  int quiet = 0;
  for (int round = 0; round < course_.rounds && quiet < quiet_rounds; ++round) {
    all_.now += 100ms;
    all_.settle();
    for (const auto& name : names_)
      finish(all_.at(name));
    sweep();
    quiet = are_at_rest() ? quiet + 1 : 0;
  }
  const auto said = all_.messages;
  all_.settle();
  sweep();
  EXPECT_EQ(all_.messages, said) << "they go on talking";
}

bool troubled_work::are_at_rest() {
  return std::all_of(names_.begin(), names_.end(), [this](const auto& name) {
    return is_at_rest(all_.at(name).work);
  });
}

} // namespace mfo::cluster::test
