#include "torture/wire/link.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace mfo::wire {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::Gt;
using testing::IsEmpty;
using testing::Le;
using testing::Lt;
using testing::SizeIs;

constexpr clock::time_point start{1h};

constexpr rule lossy(double loss) {
  rule made;
  made.loss = loss;
  return made;
}

constexpr rule slow(std::chrono::milliseconds min,
                    std::chrono::milliseconds max) {
  rule made;
  made.min_delay = min;
  made.max_delay = max;
  return made;
}

constexpr rule cut() {
  rule made;
  made.cut = true;
  return made;
}

/// What comes out of a link, as text.
class a_link : public testing::Test {
protected:
  void send(const std::string& text) {
    way.take(std::as_bytes(std::span{text}), now);
  }

  /// "1", "2" and so on.
  void send_many(int count) {
    for (int i = 1; i <= count; ++i)
      send(std::to_string(i));
  }

  /// Lets time pass from one arrival to the next; how long each took from now
  /// on.
  std::vector<clock::duration> await_all() {
    std::vector<clock::duration> took;
    for (const auto begin = now; const auto next = way.due();) {
      now = *next;
      const auto before = came.size();
      way.release(now);
      took.insert(took.end(), came.size() - before, now - begin);
    }
    return took;
  }

  clock::time_point now = start;
  std::vector<std::string> came;
  bool has_room = true;
  link way{[this](packet one) {
             if (has_room)
               came.emplace_back(reinterpret_cast<const char*>(one.data()),
                                 one.size());
             return has_room;
           },
           7};
};

TEST_F(a_link, delivers_at_once_what_nothing_befalls) {
  send("one");
  send("two");
  EXPECT_THAT(came, ElementsAre("one", "two"));
  EXPECT_EQ(way.counts().forwarded, 2);
  EXPECT_EQ(way.due(), std::nullopt);
}

TEST_F(a_link, delivers_nothing_while_it_is_cut) {
  way.set(cut());
  send("one");
  EXPECT_THAT(came, IsEmpty());
  EXPECT_EQ(way.counts().cut, 1);
  way.set({});
  send("two");
  EXPECT_THAT(came, ElementsAre("two"));
}

TEST_F(a_link, loses_all_or_a_part_by_chance) {
  way.set(lossy(1));
  send_many(1000);
  EXPECT_THAT(came, IsEmpty());
  EXPECT_EQ(way.counts().lost, 1000);
  way.set(lossy(0.05));
  send_many(10'000);
  EXPECT_THAT(came.size(), AllOf(Gt(9400), Lt(9600)));
  EXPECT_EQ(way.counts().lost, 1000 + 10'000 - came.size());
}

TEST_F(a_link, loses_the_same_of_the_same_packets_whatever_is_delayed) {
  way.set(lossy(0.5));
  send_many(1000);
  std::vector<std::string> others;
  link other{[&](packet one) {
               others.emplace_back(reinterpret_cast<const char*>(one.data()),
                                   one.size());
               return true;
             },
             7};
  auto both = slow(100ms, 300ms);
  both.loss = 0.5;
  other.set(both);
  for (int i = 1; i <= 1000; ++i) {
    const auto text = std::to_string(i);
    other.take(std::as_bytes(std::span{text}), now + i * 3ms);
  }
  other.release(now + 1h);
  EXPECT_EQ(came, others);
}

TEST_F(a_link, delays_within_its_bounds) {
  way.set(slow(100ms, 300ms));
  std::vector<clock::duration> all;
  for (int i = 0; i < 100; ++i) {
    send("one");
    const auto took = await_all();
    all.insert(all.end(), took.begin(), took.end());
    now += link::steady_for;
  }
  EXPECT_THAT(all, SizeIs(100));
  EXPECT_THAT(all, Each(AllOf(Ge(100ms), Le(300ms))));
  EXPECT_THAT(*std::min_element(all.begin(), all.end()), Lt(130ms));
  EXPECT_THAT(*std::max_element(all.begin(), all.end()), Gt(270ms));
}

TEST_F(a_link, never_lets_a_packet_overtake_another) {
  way.set(slow(0ms, 300ms));
  std::vector<std::string> sent;
  for (int i = 0; i < 1000; ++i, now += 1ms) {
    sent.push_back(std::to_string(i));
    send(sent.back());
    way.release(now);
  }
  way.set({}); // nor is what is sent now faster than what is on its way
  sent.emplace_back("last");
  send(sent.back());
  await_all();
  EXPECT_EQ(came, sent);
}

TEST_F(a_link,
       is_as_late_on_average_as_its_bounds_say_though_packets_are_dense) {
  way.set(slow(100ms, 300ms));
  std::vector<clock::time_point> sent;
  clock::duration late{0};
  std::size_t seen = 0;
  for (const auto end = now + 60s; now < end; now += 1ms) {
    sent.push_back(now);
    send("one");
    for (way.release(now); seen < came.size(); ++seen)
      late += now - sent[seen];
  }
  EXPECT_THAT(late / seen, AllOf(Gt(180ms), Lt(240ms)));
}

TEST_F(a_link, takes_what_is_on_its_way_with_it_when_it_is_cut) {
  way.set(slow(100ms, 100ms));
  send("one");
  way.set(cut());
  await_all();
  EXPECT_THAT(came, IsEmpty());
  EXPECT_EQ(way.counts().cut, 1);
}

TEST_F(a_link, drops_what_is_beyond_its_packets) {
  way.set(slow(100ms, 100ms));
  send_many(link::max_packets + 3);
  EXPECT_EQ(way.counts().overflow, 3);
  await_all();
  EXPECT_EQ(came.size(), link::max_packets);
  send("one");
  EXPECT_EQ(way.counts().overflow, 3);
}

TEST_F(a_link, drops_what_is_beyond_its_bytes) {
  way.set(slow(100ms, 100ms));
  const std::string large(link::max_bytes / 4, 'x');
  for (int i = 0; i < 5; ++i)
    send(large);
  send("one");
  EXPECT_EQ(way.counts().overflow, 2);
  await_all();
  EXPECT_EQ(came.size(), 4);
}

TEST_F(a_link, counts_what_the_receiver_has_no_room_for) {
  has_room = false;
  send("one");
  EXPECT_EQ(way.counts().forwarded, 0);
  EXPECT_EQ(way.counts().overflow, 1);
}

} // namespace

} // namespace mfo::wire
