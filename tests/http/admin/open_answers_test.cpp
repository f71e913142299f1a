#include "http/admin/open_answers.hpp"

#include <gtest/gtest.h>

namespace mfo::http {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(open_answers, are_waited_for) {
  boost::asio::io_context io{1};
  open_answers all{io};
  auto one = all.open();
  auto copy = one;
  auto other = all.open();
  bool ended = false;
  all.when_sent(hours{1}, [&] { ended = true; });
  io.poll();
  EXPECT_FALSE(ended);
  one.reset();
  other.reset();
  io.run_one();
  EXPECT_FALSE(ended) << "a copy is left";
  copy.reset();
  io.run();
  EXPECT_TRUE(ended);
}

TEST(open_answers, of_which_there_is_none_are_not_waited_for) {
  boost::asio::io_context io{1};
  open_answers all{io};
  bool ended = false;
  all.when_sent(hours{1}, [&] { ended = true; });
  EXPECT_TRUE(ended);
}

TEST(open_answers, are_given_up_in_time) {
  boost::asio::io_context io{1};
  open_answers all{io};
  const auto one = all.open();
  bool ended = false;
  all.when_sent(milliseconds{10}, [&] { ended = true; });
  io.run();
  EXPECT_TRUE(ended);
}

} // namespace

} // namespace mfo::http
