// The search itself: that it sees everything, ends, and says the shortest way.

#include "tests/model/digest.hpp"
#include "tests/model/explorer.hpp"
#include "tests/model/replayed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace mfo::model {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Two that each add one to the same number: they read it, then write it.
class two_writers {
public:
  struct action {
    std::size_t who;
  };

  /// A lock is held from reading to writing, or it is not.
  explicit two_writers(bool locks) : locks_(locks) {}

  [[nodiscard]] std::vector<action> possible() const {
    std::vector<action> all;
    for (std::size_t who = 0; who < 2; ++who)
      if (steps_[who] < 2 && !(locks_ && steps_[1 - who] == 1))
        all.push_back({who});
    return all;
  }

  void apply(const action& what) {
    if (steps_[what.who]++ == 0)
      read_[what.who] = number_;
    else
      number_ = read_[what.who] + 1;
  }

  [[nodiscard]] std::string tell(const action& what) const {
    return (what.who == 0 ? "one " : "two ") +
           std::string(steps_[what.who] == 0 ? "reads" : "writes");
  }

  [[nodiscard]] std::uint64_t fingerprint() const {
    digest sum;
    for (std::size_t who = 0; who < 2; ++who)
      sum.add(steps_[who]).add(steps_[who] == 1 ? read_[who] : 0);
    return sum.add(number_).value();
  }

  [[nodiscard]] std::optional<std::string> wrong() const {
    if (steps_ != std::array{2, 2} || number_ == 2)
      return std::nullopt;
    return "an update is lost";
  }

  [[nodiscard]] std::optional<std::string> stuck() const {
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::string> play_out() const {
    return stuck();
  }

private:
  bool locks_;
  std::array<int, 2> steps_{};
  std::array<int, 2> read_{};
  int number_ = 0;
};

TEST(a_search, says_the_shortest_way_to_what_must_not_be) {
  const auto seen = explore(two_writers{false});
  ASSERT_TRUE(seen.found);
  EXPECT_EQ(seen.found->what, "an update is lost");
  EXPECT_THAT(seen.found->steps, ElementsAre("one reads", "two reads",
                                             "one writes", "two writes"));
  EXPECT_FALSE(seen.complete);
}

TEST(a_search, ends_when_it_has_seen_everything) {
  const auto seen = expect_sound("two writers with a lock", two_writers{true});
  EXPECT_TRUE(seen.complete);
  EXPECT_EQ(seen.depth, 4u);
  // None, one, both: it is the same who was first when both have written.
  EXPECT_EQ(seen.states, 1u + 2 + 2 + 2 + 1);
  EXPECT_EQ(seen.transitions, 8u);
}

TEST(a_search, goes_no_farther_than_it_is_to) {
  const auto seen =
      explore(two_writers{false}, {.depth = 3 + actions_left_out});
  EXPECT_FALSE(seen.found);
  EXPECT_FALSE(seen.complete);
  EXPECT_EQ(seen.depth, 3u);
}

TEST(a_search, sees_the_same_where_the_past_is_played_again) {
  const auto make = [](bool locks) {
    return [locks] {
      return std::make_unique<two_writers>(locks);
    };
  };
  const replayed<two_writers> good{make(true)};
  EXPECT_EQ(explore(good).states, explore(two_writers{true}).states);
  const replayed<two_writers> bad{make(false)};
  EXPECT_THAT(first_finding(bad), HasSubstr("lost"));
}

/// Counts down, and may come to where it cannot go on.
struct stairs {
  struct action {
    int down;
  };

  [[nodiscard]] std::vector<action> possible() const {
    if (height <= 2)
      return {};
    return {{1}, {3}};
  }

  void apply(const action& what) {
    height -= what.down;
  }

  [[nodiscard]] std::string tell(const action& what) const {
    return std::to_string(what.down) + " down";
  }

  [[nodiscard]] std::uint64_t fingerprint() const {
    return digest{}.add(height).value();
  }

  [[nodiscard]] std::optional<std::string> wrong() const {
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::string> stuck() const {
    if (height != 1)
      return std::nullopt;
    return "one step is left, and nobody takes it";
  }

  int height = 8;
};

TEST(a_search, finds_what_does_not_come_to_a_good_end) {
  const auto seen = explore(stairs{});
  ASSERT_TRUE(seen.found);
  EXPECT_THAT(seen.found->what, HasSubstr("one step is left"));
  EXPECT_THAT(seen.found->steps, ElementsAre("1 down", "3 down", "3 down"));
}

TEST(a_digest, tells_what_comes_in_another_order_apart) {
  EXPECT_EQ(digest{}.add(1).add("two").value(),
            digest{}.add(1).add("two").value());
  EXPECT_NE(digest{}.add(1).add(2).value(), digest{}.add(2).add(1).value());
  EXPECT_NE(digest{}.add("ab").add("c").value(),
            digest{}.add("a").add("bc").value());
  EXPECT_NE(digest{}.add(0).value(), digest{}.add(0).add(0).value());
}

} // namespace

} // namespace mfo::model
