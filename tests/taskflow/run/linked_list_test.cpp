#include "taskflow/run/linked_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace mfo::taskflow {

namespace {

struct entry : list_hook<entry> {
  explicit entry(char given) : name(given) {}
  char name;
};

std::string emptied(linked_list<entry>& list) {
  std::string names;
  while (auto* first = list.pop_front())
    names += first->name;
  return names;
}

TEST(linked_list, gives_first_what_came_first) {
  linked_list<entry> list;
  entry a{'a'}, b{'b'}, c{'c'};
  for (auto* one : {&b, &a, &c})
    list.push_back(*one);
  EXPECT_EQ(emptied(list), "bac");
  EXPECT_TRUE(list.empty());
  EXPECT_FALSE(a.listed());
}

TEST(linked_list, lets_go_of_any_entry) {
  linked_list<entry> list;
  entry a{'a'}, b{'b'}, c{'c'}, d{'d'};
  for (auto* one : {&a, &b, &c, &d})
    list.push_back(*one);
  b.unlist();
  a.unlist();
  d.unlist();
  d.unlist();
  EXPECT_EQ(emptied(list), "c");
}

TEST(linked_list, is_left_by_what_is_destroyed) {
  linked_list<entry> list;
  entry a{'a'};
  std::optional<entry> b{std::in_place, 'b'};
  list.push_back(a);
  list.push_back(*b);
  b.reset();
  EXPECT_EQ(emptied(list), "a");
}

} // namespace

} // namespace mfo::taskflow
