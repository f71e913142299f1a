#include "devserver/callback_sender.hpp"

#include "tests/devserver/receiver.hpp"
#include "tests/support/signatures.hpp"

#include <gmock/gmock.h>

namespace mfo::devserver {
namespace {

using support::wait_until;
using testing::HasSubstr;

bool settles(const callback_sender& sender) {
  return wait_until([&] { return sender.count().waiting == 0; });
}

TEST(callback_sender, posts_what_it_is_given) {
  receiver to;
  callback_sender sender({}, false, 10);
  sender.post(to.url("/a/b?c=d"), R"({"x":1})");
  ASSERT_TRUE(to.wait_for(1));
  const auto request = to.got().front();
  EXPECT_EQ(request.method_string(), "POST");
  EXPECT_EQ(request.target(), "/a/b?c=d");
  EXPECT_EQ(request["Content-Type"], "application/json");
  EXPECT_EQ(request.count("X-Signature"), 0u);
  EXPECT_EQ(request.body(), R"({"x":1})");
  ASSERT_TRUE(settles(sender));
  EXPECT_EQ(sender.count().sent, 1u);
}

TEST(callback_sender, signs_with_its_secret) {
  receiver to;
  callback_sender sender("s3cret", false, 10);
  sender.post(to.url(), "{}");
  ASSERT_TRUE(to.wait_for(1));
  EXPECT_EQ(to.got().front()["X-Signature"],
            support::hex_hmac_sha256("s3cret", "{}"));
}

TEST(callback_sender, keeps_the_order_of_one_origin) {
  receiver to;
  callback_sender sender({}, false, 1000);
  for (int i = 0; i < 100; ++i)
    sender.post(to.url(), std::to_string(i));
  ASSERT_TRUE(to.wait_for(100));
  const auto got = to.got();
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(got[static_cast<std::size_t>(i)].body(), std::to_string(i));
}

TEST(callback_sender, counts_what_is_not_taken) {
  receiver refuses("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n");
  receiver elsewhere;
  receiver redirects("HTTP/1.1 302 X\r\nLocation: " + elsewhere.url() +
                     "\r\nContent-Length: 0\r\n\r\n");
  callback_sender sender({}, false, 10);
  sender.post(refuses.url(), "{}");
  sender.post(redirects.url(), "{}");
  sender.post("http://127.0.0.1:1/", "{}");
  ASSERT_TRUE(settles(sender));
  EXPECT_EQ(sender.count().failed, 3u);
  EXPECT_EQ(sender.count().sent, 0u);
  EXPECT_TRUE(elsewhere.got().empty());
}

TEST(callback_sender, drops_the_oldest_when_too_many_wait) {
  receiver to;
  to.shut();
  callback_sender sender({}, false, 2);
  sender.post(to.url(), "first");
  ASSERT_TRUE(to.wait_for(1));
  // 16 at most are under way; 2 wait behind them.
  for (int i = 0; i < 30; ++i)
    sender.post(to.url(), std::to_string(i));
  EXPECT_GE(sender.count().dropped, 31u - 18u);
  to.open();
  ASSERT_TRUE(settles(sender));
  EXPECT_EQ(sender.count().sent + sender.count().dropped, 31u);
  EXPECT_EQ(sender.count().failed, 0u);
  EXPECT_EQ(to.got().back().body(), "29");
}

TEST(callback_sender, can_be_stopped_while_it_sends_and_goes_on_later) {
  receiver to;
  to.shut();
  callback_sender sender({}, false, 10);
  sender.post(to.url(), "one");
  ASSERT_TRUE(to.wait_for(1));
  for (int i = 0; i < 30; ++i)
    sender.post(to.url(), "more");
  sender.stop();
  auto counts = sender.count();
  EXPECT_EQ(counts.waiting, 0u);
  EXPECT_EQ(counts.sent + counts.failed + counts.dropped, 31u);
  EXPECT_EQ(counts.sent, 0u);
  to.open();
  const auto before = to.got().size();
  sender.post(to.url(), "again");
  ASSERT_TRUE(to.wait_for(before + 1));
  ASSERT_TRUE(settles(sender));
  EXPECT_EQ(sender.count().sent, 1u);
}

TEST(callback_sender, calls_this_machine_alone) {
  const callback_sender sender({}, false, 10);
  for (const auto* good : {"http://127.0.0.1/", "http://127.9.9.9:80/x",
                           "http://[::1]:1/x?y", "http://localhost:8088/notify",
                           "https://LOCALHOST/", "http://[::ffff:127.0.0.1]/"})
    EXPECT_TRUE(sender.check(good)) << good;
  for (const auto* bad :
       {"http://example.com/", "http://10.0.0.1/", "http://169.254.169.254/",
        "http://0.0.0.0/", "http://[::]/", "http://[fe80::1]/",
        "http://127.0.0.1.example.com/", "http://localhost.example.com/",
        "http://127.1/", "http://2130706433/", "http://0x7f000001/",
        "http://[::ffff:10.0.0.1]/"})
    EXPECT_FALSE(sender.check(bad)) << bad;
  EXPECT_THAT(sender.check("http://example.com/").error(),
              HasSubstr("--allow-remote"));
}

TEST(callback_sender, calls_others_if_it_has_to) {
  const callback_sender sender({}, true, 10);
  EXPECT_TRUE(sender.check("http://example.com/x"));
  for (const auto* bad : {"", "x", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/",
                          "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y"})
    EXPECT_FALSE(sender.check(bad)) << bad;
}

} // namespace
} // namespace mfo::devserver
