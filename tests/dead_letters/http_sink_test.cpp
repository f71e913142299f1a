#include "dead_letters/http_sink.hpp"

#include "dead_letters/letter_json.hpp"
#include "tests/dead_letters/letters.hpp"
#include "tests/support/http_script_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>

namespace mfo::dead_letters {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;

std::unique_ptr<sink> sink_for(const test::script_server& server,
                               std::chrono::milliseconds timeout = 10s) {
  auto url = http::parse_url(
      "http://127.0.0.1:" + std::to_string(server.port()) + "/letters/?k=1");
  auto made = http_sink::make({*url, timeout});
  if (!made)
    throw std::runtime_error{made.error()};
  return std::move(*made);
}

std::string reply(std::string_view status) {
  return "HTTP/1.1 " + std::string{status} + "\r\nContent-Length: 0\r\n\r\n";
}

TEST(http_sink, knows_by_a_probe_whether_somebody_answers) {
  for (const auto* status : {"200 OK", "404 Not Found", "405 No Such Method",
                             "501 Not Implemented"}) {
    const test::script_server server{test::always(reply(status))};
    EXPECT_TRUE(sink_for(server)->probe()) << status;
  }
  const test::script_server server{
      test::always(reply("503 Service Unavailable"))};
  const auto probed = sink_for(server)->probe();
  ASSERT_FALSE(probed);
  EXPECT_THAT(probed.error(), HasSubstr("it answered 503"));
}

TEST(http_sink, posts_each_letter_under_its_id) {
  std::mutex mutex;
  std::vector<test::http_request> seen;
  const test::script_server server{[&](test::server_peer& peer, int) {
    while (auto request = peer.read_request()) {
      {
        const std::lock_guard lock{mutex};
        seen.push_back(*request);
      }
      peer.write(reply("201 Created"));
    }
  }};
  const auto to = sink_for(server);
  ASSERT_TRUE(is_done(to->write(sample_letters(0, 40))));
  ASSERT_TRUE(is_done(to->write(sample_letters(40, 41))));
  const std::lock_guard lock{mutex};
  ASSERT_THAT(seen, SizeIs(41));
  std::set<std::string> ids;
  for (const auto& each : seen) {
    EXPECT_EQ(each.method_string(), "POST");
    EXPECT_EQ(each.target(), "/letters/?k=1");
    EXPECT_EQ(each["Content-Type"], "application/json");
    const auto value = parse_letter(each.body());
    ASSERT_TRUE(value) << value.error();
    EXPECT_EQ(each["Idempotency-Key"], value->event_id);
    ids.insert(value->event_id);
  }
  EXPECT_THAT(ids, SizeIs(41));
  EXPECT_LE(server.connections(), 4);
}

TEST(http_sink, takes_only_a_2xx_for_an_answer) {
  for (const auto* status :
       {"302 Found", "400 Bad", "404 No", "500 No", "503 No"}) {
    const test::script_server server{test::always(reply(status))};
    EXPECT_THAT(error_of(sink_for(server)->write(sample_letters(1, 2))),
                HasSubstr("it answered " + std::string{status, 3}));
  }
}

TEST(http_sink, fails_when_one_letter_of_several_is_refused) {
  std::atomic<int> count{0};
  const test::script_server server{[&](test::server_peer& peer, int) {
    while (peer.read_request())
      peer.write(reply(++count == 3 ? "422 No" : "200 OK"));
  }};
  EXPECT_THAT(error_of(sink_for(server)->write(sample_letters(1, 6))),
              HasSubstr("it answered 422"));
}

TEST(http_sink, says_when_there_is_no_answer_in_time) {
  const test::script_server server{[](test::server_peer& peer, int) {
    peer.wait_for_close();
  }};
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THAT(error_of(sink_for(server, 100ms)->write(sample_letters(1, 9))),
              HasSubstr("http://127.0.0.1:"));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST(http_sink, says_when_nobody_is_there) {
  std::unique_ptr<sink> to;
  {
    const test::script_server server{test::always(reply("200 OK"))};
    to = sink_for(server);
    ASSERT_TRUE(is_done(to->write(sample_letters(1, 2))));
  }
  EXPECT_THAT(error_of(to->write(sample_letters(1, 2))),
              HasSubstr("127.0.0.1"));
}

TEST(http_sink, connects_again_when_the_server_closed_meanwhile) {
  const test::script_server server{[](test::server_peer& peer, int) {
    if (peer.read_request())
      peer.write(reply("200 OK"));
  }};
  const auto to = sink_for(server);
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(is_done(to->write(sample_letters(i, i + 1))));
    while (server.finished() < static_cast<int>(i) + 1)
      std::this_thread::yield();
    to->idle();
  }
  EXPECT_EQ(server.connections(), 3);
}

} // namespace
} // namespace mfo::dead_letters
