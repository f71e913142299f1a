#include "dead_letters/amqp_sink.hpp"

#include "dead_letters/amqp_reader.hpp"
#include "tests/dead_letters/letters.hpp"
#include "tests/support/rabbitmq_process.hpp"
#include "tests/support/wait_until.hpp"

#include <amqp_framing.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <iterator>
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

/// All tests share one broker; each has a queue of its own.
class amqp_test : public testing::Test {
protected:
  static void SetUpTestSuite() {
    broker = std::make_unique<support::rabbitmq_process>();
  }

  static void TearDownTestSuite() {
    broker.reset();
  }

  static amqp_settings settings() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return {
        {"guest", "guest", "127.0.0.1", broker->port(), ""}, test->name(), 10s};
  }

  /// A connection for what a sink does not do.
  static amqp_connection connect(const amqp_settings& to) {
    auto made = amqp_connection::open(to, 0s);
    if (!made)
      throw std::runtime_error{made.error()};
    return std::move(*made);
  }

  /// Makes the queue with one argument besides.
  static void declare(const amqp_settings& where, bool durable,
                      std::vector<amqp_table_entry_t> entries) {
    auto connection = connect(where);
    amqp_table_t arguments{static_cast<int>(entries.size()), entries.data()};
    ::amqp_queue_declare(connection.raw(), connection.channel(),
                         bytes_of(where.queue), 0, durable ? 1 : 0, 0, 0,
                         arguments);
    const auto reply = ::amqp_get_rpc_reply(connection.raw());
    ASSERT_EQ(reply.reply_type, AMQP_RESPONSE_NORMAL) << text_of(reply);
  }

  static amqp_table_entry_t entry(const char* key, std::int32_t value) {
    amqp_table_entry_t made{bytes_of(key), {}};
    made.value.kind = AMQP_FIELD_KIND_I32;
    made.value.value.i32 = value;
    return made;
  }

  static amqp_table_entry_t entry(const char* key, const char* value) {
    amqp_table_entry_t made{bytes_of(key), {}};
    made.value.kind = AMQP_FIELD_KIND_UTF8;
    made.value.value.bytes = bytes_of(value);
    return made;
  }

  static kept_letters kept() {
    const auto where = settings();
    amqp_reader from{where};
    return read_all(from);
  }

  static std::unique_ptr<support::rabbitmq_process> broker;
};

std::unique_ptr<support::rabbitmq_process> amqp_test::broker;

TEST_F(amqp_test, knows_by_a_probe_whether_the_broker_takes_letters) {
  amqp_sink to{settings()};
  EXPECT_TRUE(is_done(to.probe()));
  EXPECT_TRUE(is_done(to.probe())) << "by the connection that there is";
  auto wrong = settings();
  wrong.server.password = "another";
  EXPECT_FALSE(is_done(amqp_sink{wrong}.probe()));
}

TEST_F(amqp_test, keeps_letters_in_their_order) {
  amqp_sink to{settings()};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 200))));
  ASSERT_TRUE(is_done(to.write(sample_letters(200, 201))));
  const auto found = kept();
  ASSERT_THAT(found.letters, SizeIs(200));
  EXPECT_EQ(found.ids().front(), "1");
  EXPECT_EQ(found.ids().back(), "200");
  EXPECT_EQ(found.letters[41].value.body, sample_letter("42").body);
}

TEST_F(amqp_test, keeps_a_body_that_takes_many_frames) {
  auto value = sample_letter();
  value.body.assign(3 << 20, 'x');
  value.body += "\xFF";
  amqp_sink to{settings()};
  ASSERT_TRUE(is_done(
      to.write(std::vector<letter_ptr>{std::make_shared<letter>(value)})));
  EXPECT_EQ(kept().letters.at(0).value.body, value.body);
}

TEST_F(amqp_test, finds_nothing_where_nothing_was_written) {
  EXPECT_THAT(kept().letters, IsEmpty());
}

TEST_F(amqp_test, puts_back_in_place_what_was_only_read) {
  amqp_sink to{settings()};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 6))));
  amqp_reader from{settings()};
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(read_all(from).ids(), ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_THAT(kept().letters, IsEmpty()) << "it holds them";
  EXPECT_THAT(read_all(from).letters, SizeIs(5));
}

TEST_F(amqp_test, removes_what_was_replayed_or_purged) {
  amqp_sink to{settings()};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 6))));
  {
    amqp_reader from{settings()};
    const auto handles = read_all(from).handles();
    ASSERT_TRUE(is_done(from.mark_replayed(handles[0])));
    ASSERT_TRUE(is_done(from.purge(std::vector{handles[2], handles[4]})));
    EXPECT_THAT(error_of(from.mark_replayed(handles[0])),
                HasSubstr("names no letter"));
  }
  EXPECT_THAT(kept().ids(), ElementsAre("2", "4"));
}

TEST_F(amqp_test, removes_letters_while_it_visits_them) {
  amqp_sink to{settings()};
  ASSERT_TRUE(is_done(to.write(sample_letters(0, 50))));
  {
    amqp_reader from{settings()};
    int seen = 0;
    ASSERT_TRUE(from.for_each([&](const std::string& handle, const letter&) {
      if (seen % 2 == 0) {
        EXPECT_TRUE(is_done(from.mark_replayed(handle)));
      }
      return ++seen == 40 ? reader::next::stop : reader::next::letter;
    }));
  }
  EXPECT_THAT(kept().letters, SizeIs(30));
}

TEST_F(amqp_test, counts_and_keeps_what_is_no_letter) {
  amqp_sink to{settings()};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 2))));
  const auto where = settings();
  {
    auto connection = connect(where);
    ::amqp_basic_publish(connection.raw(), connection.channel(),
                         ::amqp_empty_bytes, bytes_of(where.queue), 0, 0,
                         nullptr, bytes_of("not a letter"));
    ASSERT_TRUE(connection.count()); // and so it has arrived
  }
  const auto found = kept();
  EXPECT_THAT(found.ids(), ElementsAre("1"));
  EXPECT_EQ(found.report.unreadable, 1u);
  EXPECT_THAT(found.report.first_unreadable, HasSubstr("message 2 of"));
  EXPECT_EQ(kept().report.unreadable, 1u);
}

TEST_F(amqp_test, says_when_the_queue_is_full) {
  declare(settings(), true,
          {entry("x-max-length", 3), entry("x-overflow", "reject-publish")});
  amqp_sink to{settings()};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 4))))
      << "a queue with other arguments is taken as it is";
  EXPECT_THAT(error_of(to.write(sample_letters(4, 5))), HasSubstr("is full"));
  EXPECT_THAT(kept().ids(), ElementsAre("1", "2", "3"));
}

TEST_F(amqp_test, refuses_a_queue_that_forgets) {
  declare(settings(), false, {});
  EXPECT_THAT(error_of(amqp_sink{settings()}.write(sample_letters(1, 2))),
              HasSubstr("'durable'"));
  auto connection = connect(settings());
  ::amqp_queue_delete(connection.raw(), connection.channel(),
                      bytes_of(settings().queue), 0, 0);
}

TEST_F(amqp_test, makes_a_queue_anew_that_was_deleted) {
  amqp_sink to{settings()};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 2))));
  const auto where = settings();
  auto connection = connect(where);
  ::amqp_queue_delete(connection.raw(), connection.channel(),
                      bytes_of(where.queue), 0, 0);
  EXPECT_THAT(error_of(to.write(sample_letters(2, 3))), HasSubstr("NO_ROUTE"));
  EXPECT_TRUE(is_done(to.write(sample_letters(3, 4))));
  EXPECT_THAT(kept().ids(), ElementsAre("3"));
}

TEST_F(amqp_test, says_when_it_may_not_log_in) {
  auto where = settings();
  where.server.password = "SECRET";
  const auto error = error_of(amqp_sink{where}.write(sample_letters(1, 2)));
  EXPECT_THAT(error, HasSubstr("ACCESS_REFUSED"));
  EXPECT_THAT(error, Not(HasSubstr("SECRET")));
  where = settings();
  where.server.path = "nowhere";
  EXPECT_THAT(error_of(amqp_sink{where}.write(sample_letters(1, 2))),
              HasSubstr("NOT_ALLOWED"));
}

TEST_F(amqp_test, keeps_its_connection_while_idle) {
  amqp_sink to{settings()};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 2))));
  for (int i = 0; i < 100; ++i)
    to.idle();
  EXPECT_TRUE(is_done(to.write(sample_letters(2, 3))));
}

TEST_F(amqp_test, says_when_a_broker_short_of_memory_takes_nothing) {
  auto where = settings();
  where.timeout = 1s;
  amqp_sink to{where};
  ASSERT_TRUE(is_done(to.write(sample_letters(1, 2))));
  ASSERT_TRUE(broker->control({"set_vm_memory_high_watermark", "0.00001"}));
  auto large = sample_letter("2");
  large.body.assign(32 << 20, 'x');
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THAT(error_of(to.write(sample_letters(2, 3))),
              HasSubstr("no confirmation within 1000 ms"));
  EXPECT_FALSE(
      to.write(std::vector<letter_ptr>{std::make_shared<letter>(large)}));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
  ASSERT_TRUE(broker->control({"set_vm_memory_high_watermark", "0.4"}));
  EXPECT_TRUE(support::wait_until(
      [&] { return to.write(sample_letters(3, 4)).has_value(); }));
}

TEST_F(amqp_test, loses_nothing_that_was_written_when_the_broker_is_killed) {
  auto where = settings();
  where.timeout = 5s;
  std::set<std::string> written;
  std::atomic<std::size_t> count{0};
  std::atomic<bool> enough{false};
  std::atomic<bool> is_up{true};
  std::thread writing{[&] {
    amqp_sink to{where};
    for (std::size_t i = 0; !enough; i += 5) {
      if (!to.write(sample_letters(i, i + 5))) {
        is_up.wait(false);
        continue;
      }
      for (auto id = i; id < i + 5; ++id)
        written.insert(std::to_string(id));
      count += 5;
    }
  }};
  // That there is such a queue is written to disk a little later than what is
  // in it; a broker that is killed before forgets both.
  EXPECT_TRUE(support::wait_until([&] { return count > 0; }));
  EXPECT_TRUE(broker->control({"eval", "mnesia:sync_log()."}));
  for (int round = 0; round < 2; ++round) {
    const auto before = count.load();
    EXPECT_TRUE(support::wait_until([&] { return count > before + 200; }));
    is_up = false;
    broker->kill();
    broker->start();
    is_up = true;
    is_up.notify_all();
  }
  const auto before = count.load();
  EXPECT_TRUE(support::wait_until([&] { return count > before + 50; }));
  enough = true;
  writing.join();
  const auto ids = kept().ids();
  const std::set<std::string> there{ids.begin(), ids.end()};
  std::vector<std::string> missing;
  std::ranges::set_difference(written, there, std::back_inserter(missing));
  EXPECT_THAT(missing, IsEmpty());
  EXPECT_GT(written.size(), 450u);
}

TEST_F(amqp_test, says_when_nobody_is_there) {
  auto where = settings();
  const support::reserved_port nobodys;
  where.server.port = nobodys.number();
  EXPECT_THAT(error_of(amqp_sink{where}.write(sample_letters(1, 2))),
              HasSubstr("amqp at 127.0.0.1:"));
}

} // namespace
} // namespace mfo::dead_letters
