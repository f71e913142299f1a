#include "outbound/client_shelf.hpp"

#include <gmock/gmock.h>

#include <map>

namespace mfo::outbound {
namespace {

class fake_client final : public http::client {
public:
  void send(http::client_request, http::client_callback) override {}

  void close() override {
    is_closed = true;
  }

  bool is_closed = false;
};

http::origin host(int number) {
  return {true, "h" + std::to_string(number) + ".example", 443, ""};
}

/// A shelf and all clients that were ever made for it.
struct world {
  std::vector<std::shared_ptr<fake_client>> made;
  client_shelf shelf;

  explicit world(std::size_t kept)
    : shelf(
          [this](const http::origin&) {
            made.push_back(std::make_shared<fake_client>());
            return std::shared_ptr<http::client>{made.back()};
          },
          kept) {}

  void use(int number) {
    ASSERT_TRUE(shelf.take(host(number)));
    shelf.give_back(host(number));
  }
};

TEST(client_shelf, has_one_client_for_an_origin) {
  world w{2};
  const auto one = w.shelf.take(host(1)).value();
  EXPECT_EQ(w.shelf.take(host(1)).value(), one);
  auto other = host(1);
  other.port = 8443;
  EXPECT_NE(w.shelf.take(other).value(), one);
  other = host(1);
  other.tls = false;
  EXPECT_NE(w.shelf.take(other).value(), one);
  EXPECT_EQ(w.made.size(), 3u);
}

TEST(client_shelf, keeps_those_that_were_used_last) {
  world w{2};
  w.use(1);
  w.use(2);
  w.use(1);
  w.use(3);
  EXPECT_EQ(w.shelf.size(), 2u);
  EXPECT_FALSE(w.made.at(0)->is_closed);
  EXPECT_TRUE(w.made.at(1)->is_closed);
  EXPECT_FALSE(w.made.at(2)->is_closed);
}

TEST(client_shelf, closes_none_that_is_in_use) {
  world w{1};
  for (int i = 1; i <= 5; ++i)
    ASSERT_TRUE(w.shelf.take(host(i)));
  ASSERT_TRUE(w.shelf.take(host(1)));
  w.shelf.give_back(host(1));
  EXPECT_EQ(w.shelf.size(), 5u);
  for (int i = 1; i <= 5; ++i)
    w.shelf.give_back(host(i));
  EXPECT_EQ(w.shelf.size(), 1u);
  EXPECT_FALSE(w.made.back()->is_closed);
}

TEST(client_shelf, may_be_told_to_keep_none) {
  world w{3};
  w.use(1);
  ASSERT_TRUE(w.shelf.take(host(2)));
  w.shelf.keep(0);
  EXPECT_TRUE(w.made.at(0)->is_closed);
  EXPECT_FALSE(w.made.at(1)->is_closed);
  w.shelf.give_back(host(2));
  EXPECT_TRUE(w.made.at(1)->is_closed);
}

TEST(client_shelf, closes_all_when_it_goes_away) {
  std::vector<std::shared_ptr<fake_client>> made;
  {
    world w{3};
    ASSERT_TRUE(w.shelf.take(host(1)));
    w.use(2);
    made = w.made;
  }
  for (const auto& each : made)
    EXPECT_TRUE(each->is_closed);
}

TEST(client_shelf, says_why_there_is_no_client) {
  client_shelf shelf{
      [](const http::origin&) {
        return tl::expected<std::shared_ptr<http::client>, std::string>{
            tl::unexpect, "why"};
      },
      1};
  EXPECT_EQ(shelf.take(host(1)).error(), "why");
  EXPECT_EQ(shelf.size(), 0u);
}

} // namespace
} // namespace mfo::outbound
