#include "dead_letters/redis_sink.hpp"

#include "dead_letters/redis_reader.hpp"
#include "tests/dead_letters/letters.hpp"
#include "tests/support/redis_process.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <set>
#include <thread>

namespace mfo::dead_letters {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class redis_test : public testing::Test {
protected:
  static void SetUpTestSuite() {
    std::signal(SIGPIPE, SIG_IGN); // as the program does
  }

  redis_settings settings_for(const support::redis_process& server) const {
    return {{"", "", "127.0.0.1", server.port(), ""}, "letters", 1'000, 5s};
  }

  void send(const redis_settings& to, std::vector<std::string_view> words) {
    auto connection = redis_connection::open(to.server, 5s);
    ASSERT_TRUE(connection) << connection.error();
    const auto answer = connection->command(words);
    ASSERT_TRUE(answer) << answer.error();
  }
};

TEST_F(redis_test, keeps_letters_in_their_order) {
  const support::redis_process server;
  redis_sink to{settings_for(server)};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 101))));
  ASSERT_TRUE(is_done(to.write(sample_letters(101, 102))));
  redis_reader from{settings_for(server)};
  const auto found = read_all(from);
  ASSERT_THAT(found.letters, SizeIs(101));
  EXPECT_EQ(found.ids().front(), "1");
  EXPECT_EQ(found.ids().back(), "101");
  EXPECT_EQ(found.letters[41].value.body, sample_letter("42").body);
}

TEST_F(redis_test, keeps_any_body) {
  const support::redis_process server;
  auto value = sample_letter();
  value.body = std::string{"\0\xFF\r\n", 4};
  const std::vector<letter_ptr> letters{std::make_shared<const letter>(value)};
  ASSERT_TRUE(is_done(redis_sink{settings_for(server)}.write(letters)));
  redis_reader from{settings_for(server)};
  EXPECT_EQ(read_all(from).letters.at(0).value.body, value.body);
}

TEST_F(redis_test, finds_nothing_where_nothing_was_written) {
  const support::redis_process server;
  redis_reader from{settings_for(server)};
  EXPECT_THAT(read_all(from).letters, IsEmpty());
}

TEST_F(redis_test, is_full_at_its_bound_and_trims_nothing) {
  const support::redis_process server;
  auto settings = settings_for(server);
  settings.max_length = 3;
  redis_sink to{settings};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 3))));
  EXPECT_THAT(error_of(to.write(sample_letters(3, 5))),
              HasSubstr("the stream holds 2 of 3 letters"));
  ASSERT_TRUE(is_done(to.write(sample_letters(3, 4))));
  EXPECT_THAT(error_of(to.write(sample_letters(4, 5))), HasSubstr("FULL"));
  redis_reader from{settings};
  EXPECT_THAT(read_all(from).ids(), ElementsAre("1", "2", "3"));
}

TEST_F(redis_test, knows_by_a_probe_whether_it_can_be_written_to) {
  support::redis_process server;
  auto settings = settings_for(server);
  settings.max_length = 2;
  redis_sink to{settings};
  EXPECT_TRUE(is_done(to.probe()));
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 3))));
  EXPECT_THAT(error_of(to.probe()), HasSubstr("holds 2 of 2 letters"));
  redis_reader from{settings};
  EXPECT_THAT(read_all(from).ids(), ElementsAre("1", "2"));
  server.kill();
  EXPECT_FALSE(is_done(to.probe()));
}

TEST_F(redis_test, removes_what_was_replayed_or_purged) {
  const support::redis_process server;
  auto settings = settings_for(server);
  settings.max_length = 5;
  redis_sink to{settings};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 6))));
  redis_reader from{settings};
  const auto handles = read_all(from).handles();
  ASSERT_TRUE(is_done(from.mark_replayed(handles[0])));
  ASSERT_TRUE(is_done(from.purge(std::vector{handles[2], handles[4]})));
  ASSERT_TRUE(is_done(from.mark_replayed(handles[0]))) << "it is gone already";
  EXPECT_THAT(read_all(from).ids(), ElementsAre("2", "4"));
  EXPECT_TRUE(is_done(to.write(sample_letters(6, 9)))) << "there is room again";
}

TEST_F(redis_test, removes_letters_while_it_visits_them) {
  const support::redis_process server;
  ASSERT_TRUE(
      is_done(redis_sink{settings_for(server)}.write(sample_letters(0, 100))));
  redis_reader from{settings_for(server)};
  int seen = 0;
  ASSERT_TRUE(from.for_each([&](const std::string& handle, const letter&) {
    EXPECT_TRUE(is_done(from.mark_replayed(handle)));
    return ++seen == 90 ? reader::next::stop : reader::next::letter;
  }));
  EXPECT_THAT(read_all(from).letters, SizeIs(10));
}

TEST_F(redis_test, purges_more_than_fits_into_one_command) {
  const support::redis_process server;
  auto settings = settings_for(server);
  settings.max_length = 2'000;
  redis_sink to{settings};
  for (std::size_t i = 0; i < 6; ++i)
    ASSERT_TRUE(is_done(to.write(sample_letters(i * 250, i * 250 + 250))));
  redis_reader from{settings};
  ASSERT_TRUE(is_done(from.purge(read_all(from).handles())));
  EXPECT_THAT(read_all(from).letters, IsEmpty());
}

TEST_F(redis_test, counts_and_keeps_what_is_no_letter) {
  const support::redis_process server;
  const auto settings = settings_for(server);
  send(settings, {"XADD", "letters", "*", "other", "x"});
  send(settings, {"XADD", "letters", "*", "letter", "x"});
  ASSERT_TRUE(is_done(redis_sink{settings}.write(sample_letters(1, 2))));
  redis_reader from{settings};
  const auto found = read_all(from);
  EXPECT_THAT(found.ids(), ElementsAre("1"));
  EXPECT_EQ(found.report.unreadable, 2u);
  EXPECT_THAT(found.report.first_unreadable, HasSubstr("no field letter"));
}

TEST_F(redis_test, logs_in_with_a_password) {
  const support::redis_process server{{"--requirepass", "p:ss"}};
  auto settings = settings_for(server);
  EXPECT_THAT(error_of(redis_sink{settings}.write(sample_letters(1, 2))),
              HasSubstr("NOAUTH"));
  settings.server.password = "SECRET";
  const auto error = error_of(redis_sink{settings}.write(sample_letters(1, 2)));
  EXPECT_THAT(error, HasSubstr("WRONGPASS"));
  EXPECT_THAT(error, Not(HasSubstr("SECRET")));
  settings.server.password = "p:ss";
  EXPECT_TRUE(is_done(redis_sink{settings}.write(sample_letters(1, 2))));
}

TEST_F(redis_test, logs_in_as_a_user) {
  const support::redis_process server;
  auto settings = settings_for(server);
  send(settings, {"ACL", "SETUSER", "mfo", "on", ">pw", "~letters", "+@all"});
  settings.server.user = "mfo";
  settings.server.password = "pw";
  EXPECT_TRUE(is_done(redis_sink{settings}.write(sample_letters(1, 2))));
  settings.stream = "other";
  EXPECT_THAT(error_of(redis_sink{settings}.write(sample_letters(1, 2))),
              HasSubstr("permission"));
}

TEST_F(redis_test, uses_the_database_that_the_url_names) {
  const support::redis_process server;
  auto settings = settings_for(server);
  settings.server.path = "3";
  ASSERT_TRUE(is_done(redis_sink{settings}.write(sample_letters(1, 2))));
  redis_reader there{settings};
  EXPECT_THAT(read_all(there).letters, SizeIs(1));
  redis_reader elsewhere{settings_for(server)};
  EXPECT_THAT(read_all(elsewhere).letters, IsEmpty());
  settings.server.path = "99";
  EXPECT_THAT(error_of(redis_sink{settings}.write(sample_letters(1, 2))),
              HasSubstr("SELECT"));
}

TEST_F(redis_test, says_when_nobody_is_there) {
  support::redis_process server;
  server.kill();
  EXPECT_THAT(
      error_of(redis_sink{settings_for(server)}.write(sample_letters(1, 2))),
      HasSubstr("Connection refused"));
}

TEST_F(redis_test, says_when_there_is_no_answer_in_time) {
  support::redis_process server;
  auto settings = settings_for(server);
  settings.timeout = 100ms;
  redis_sink to{settings};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 2))));
  server.freeze();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THAT(error_of(to.write(sample_letters(2, 3))),
              HasSubstr("no answer within 100 ms"));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  server.thaw();
  EXPECT_TRUE(support::wait_until(
      [&] { return to.write(sample_letters(3, 4)).has_value(); }));
}

TEST_F(redis_test, connects_again_after_the_server_was_away) {
  support::redis_process server;
  redis_sink to{settings_for(server)};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 2))));
  server.kill();
  server.start();
  EXPECT_TRUE(is_done(to.write(sample_letters(2, 3))))
      << "the first write after it is back";
  redis_reader from{settings_for(server)};
  EXPECT_THAT(read_all(from).ids(), ElementsAre("1", "2"));
}

TEST_F(redis_test, loses_nothing_that_was_written_when_the_server_is_killed) {
  support::redis_process server;
  auto settings = settings_for(server);
  settings.max_length = 1'000'000;
  settings.timeout = 1s;
  std::set<std::string> written;
  std::atomic<std::size_t> count{0};
  std::atomic<bool> enough{false};
  std::atomic<bool> is_up{true};
  std::thread writing{[&] {
    redis_sink to{settings};
    for (std::size_t i = 0; !enough; i += 3) {
      if (!to.write(sample_letters(i, i + 3))) {
        is_up.wait(false);
        continue;
      }
      for (auto id = i; id < i + 3; ++id)
        written.insert(std::to_string(id));
      count += 3;
    }
  }};
  for (int round = 0; round < 5; ++round) {
    const auto before = count.load();
    EXPECT_TRUE(support::wait_until([&] { return count > before + 100; }));
    is_up = false;
    server.kill();
    server.start();
    is_up = true;
    is_up.notify_all();
  }
  enough = true;
  writing.join();
  redis_reader from{settings};
  const auto ids = read_all(from).ids();
  const std::set<std::string> there{ids.begin(), ids.end()};
  EXPECT_TRUE(std::ranges::includes(there, written));
  EXPECT_GT(written.size(), 500u);
}

} // namespace
} // namespace mfo::dead_letters
