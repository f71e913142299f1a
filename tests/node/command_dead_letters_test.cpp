#include "node/command_dead_letters.hpp"

#include "dead_letters/factory.hpp"
#include "dead_letters/letter_json.hpp"
#include "tests/dead_letters/letters.hpp"
#include "tests/support/redis_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

namespace mfo::node {
namespace {

using dead_letters::is_done;
using dead_letters::letter;
using dead_letters::sample_letter;
using dead_letters::sample_letters;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// Runs `mfo-node dead-letters` in this process, on letters in a folder.
class dead_letters_command : public testing::Test {
protected:
  dead_letters_command() {
    config::dead_letter_sink_settings disk;
    disk.name = "disk";
    disk.path = folder / "letters";
    settings.sinks.push_back(disk);
    seam.load = [this](const std::string& file)
        -> tl::expected<config::dead_letter_settings, command_failure> {
      if (file != "node.yaml")
        return tl::unexpected(
            command_failure{exit_status::bad_config, "it is wrong"});
      return settings;
    };
    seam.connect = [this](const std::string&,
                          const std::vector<std::string>& answers) {
      answers_given = answers;
      ++connected;
      return dead_letters::deliver_function{[this](const letter& value) {
        delivered.push_back(value.event_id);
        if (on_delivery)
          on_delivery();
        return value.event_id == refused
                   ? tl::unexpected(std::string{"it answered 400"})
                   : dead_letters::done{};
      }};
    };
    seam.confirm = [this](const std::string& question) {
      asked.push_back(question);
      return answer;
    };
    seam.draws_bar = false;
  }

  void write(std::size_t first, std::size_t end, std::size_t sink = 0) {
    write(sample_letters(first, end), sink);
  }

  void write(const std::vector<dead_letters::letter_ptr>& letters,
             std::size_t sink = 0) {
    const auto to = dead_letters::make_sink(settings.sinks[sink]);
    ASSERT_TRUE(to) << to.error();
    ASSERT_TRUE(is_done((*to)->write(letters)));
  }

  std::vector<std::string> ids(std::size_t sink = 0) const {
    const auto from = dead_letters::make_reader(settings.sinks[sink]);
    return read_all(**from).ids();
  }

  exit_status run(const std::string& arguments,
                  const std::string& config = "node.yaml") {
    CLI::App app;
    auto status = exit_status::gave_up;
    add_dead_letters_command(app, status, seam);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
      app.parse("dead-letters " + arguments + " --config " + config);
    } catch (const CLI::ParseError&) {
      status = exit_status::usage;
    }
    std::fflush(stdout);
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return status;
  }

  support::temporary_folder folder;
  config::dead_letter_settings settings;
  dead_letters_seam seam;
  int connected = 0;
  std::vector<std::string> answers_given;
  std::string refused;
  std::function<void()> on_delivery;
  std::vector<std::string> delivered;
  std::vector<std::string> asked;
  std::optional<bool> answer = true;
  std::string out;
  std::string err;
};

TEST_F(dead_letters_command, lists_letters_as_a_table) {
  write(1, 4);
  EXPECT_EQ(run("list"), exit_status::ok);
  EXPECT_THAT(out, HasSubstr("EVENT ID  DEAD AT"));
  EXPECT_THAT(out, HasSubstr("\n3         2025-11-24T07:55:28.002Z  email"));
}

TEST_F(dead_letters_command, lists_letters_as_json) {
  write(1, 3);
  EXPECT_EQ(run("list --json"), exit_status::ok);
  EXPECT_EQ(out, to_json(sample_letter("1")) + "\n" +
                     to_json(sample_letter("2")) + "\n");
}

TEST_F(dead_letters_command, says_that_there_are_none) {
  EXPECT_EQ(run("list"), exit_status::ok);
  EXPECT_THAT(out, IsEmpty());
  EXPECT_EQ(err, "no letters\n");
}

TEST_F(dead_letters_command, says_that_there_is_no_such_endpoint) {
  seam.endpoints = [](const std::string&) {
    return std::vector<std::string>{"orders", "users"};
  };
  EXPECT_EQ(run("list --endpoint orderz"), exit_status::ok);
  EXPECT_EQ(err, "no letters\nno endpoint is called orderz; did you mean "
                 "orders?\n");
  EXPECT_EQ(run("list --endpoint users"), exit_status::ok);
  EXPECT_EQ(err, "no letters\n");
  write(1, 2);
  seam.endpoints = [](const std::string&) {
    return std::vector<std::string>{"users"};
  };
  EXPECT_EQ(run("list --endpoint orders"), exit_status::ok);
  EXPECT_EQ(err, "") << "it had letters";
}

TEST_F(dead_letters_command, lists_what_the_filter_picks) {
  write(1, 6);
  const auto lines_of = [this](const std::string& filter) {
    EXPECT_EQ(run("list --json " + filter), exit_status::ok) << filter << err;
    return std::ranges::count(out, '\n');
  };
  EXPECT_EQ(lines_of("--id 3"), 1);
  EXPECT_EQ(lines_of("--type email.*"), 5);
  EXPECT_EQ(lines_of("--type chat.*"), 0);
  EXPECT_EQ(lines_of("--endpoint orders --server default"), 5);
  EXPECT_EQ(lines_of("--reason internal_error"), 0);
  EXPECT_EQ(lines_of("--since 2025-11-24T07:55:28.002Z"), 5);
  EXPECT_EQ(lines_of("--until 2025-11-24T07:55:28.002Z"), 0);
  EXPECT_EQ(lines_of("--since 1h"), 0);
  EXPECT_EQ(lines_of("--limit 2"), 2);
}

TEST_F(dead_letters_command, refuses_options_that_make_no_sense) {
  EXPECT_EQ(run("list --since yesterday"), exit_status::usage);
  EXPECT_THAT(err, HasSubstr("yesterday: expected"));
  EXPECT_EQ(run("list --limit 0"), exit_status::usage);
  EXPECT_EQ(run("replay --rate 0"), exit_status::usage);
  EXPECT_EQ(run("show"), exit_status::usage);
  EXPECT_EQ(run(""), exit_status::usage);
  EXPECT_EQ(run("list --sink nowhere"), exit_status::usage);
  EXPECT_THAT(err, HasSubstr("no such sink: nowhere; there are: disk"));
}

TEST_F(dead_letters_command, passes_on_what_is_wrong_with_the_configuration) {
  EXPECT_EQ(run("list", "other.yaml"), exit_status::bad_config);
  EXPECT_THAT(err, HasSubstr("it is wrong"));
  settings.sinks.clear();
  EXPECT_EQ(run("list"), exit_status::bad_config);
  EXPECT_THAT(err, HasSubstr("names no dead-letter sink"));
}

TEST_F(dead_letters_command, shows_one_letter) {
  write(1, 4);
  EXPECT_EQ(run("show 2"), exit_status::ok);
  EXPECT_THAT(out, HasSubstr("event_id     2\n"));
  EXPECT_THAT(out, HasSubstr("\"n\": 1e400"));
}

TEST_F(dead_letters_command, shows_a_body_byte_for_byte) {
  auto value = sample_letter();
  value.body = std::string{"\0\xFF\x1b\r\n", 5};
  write({std::make_shared<const letter>(value)});
  EXPECT_EQ(run("show 1 --raw"), exit_status::ok);
  EXPECT_EQ(out, value.body);
}

TEST_F(dead_letters_command, says_that_there_is_no_such_letter) {
  write(1, 2);
  EXPECT_EQ(run("show 2"), exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("no letter of event 2"));
}

TEST_F(dead_letters_command, replays_letters_once_it_may) {
  write(1, 4);
  EXPECT_EQ(run("replay"), exit_status::ok);
  EXPECT_THAT(asked, ElementsAre("Replay 3 letters?"));
  EXPECT_THAT(delivered, ElementsAre("1", "2", "3"));
  EXPECT_THAT(ids(), IsEmpty());
  EXPECT_THAT(out, HasSubstr("delivered 2\n"));
  EXPECT_THAT(out, HasSubstr("3 delivered, 0 failed\n"));
  EXPECT_EQ(run("replay"), exit_status::ok);
  EXPECT_EQ(out, "no letters to replay\n");
}

TEST_F(dead_letters_command, replays_no_letter_that_is_not_there) {
  write(1, 3);
  for (const auto* how : {"--yes", "--dry-run"}) {
    EXPECT_EQ(run(std::string{"replay --id 7 "} + how),
              exit_status::not_accepted);
    EXPECT_EQ(err, "mfo-node dead-letters: no letter of event 7\n");
    EXPECT_THAT(out, IsEmpty());
  }
  EXPECT_EQ(connected, 0);
}

TEST_F(dead_letters_command, does_nothing_when_it_may_not) {
  write(1, 4);
  answer = false;
  EXPECT_EQ(run("replay"), exit_status::not_accepted);
  EXPECT_EQ(run("purge --all"), exit_status::not_accepted);
  answer = std::nullopt;
  EXPECT_EQ(run("replay"), exit_status::usage);
  EXPECT_THAT(err, HasSubstr("--yes is required"));
  EXPECT_EQ(run("purge --all"), exit_status::usage);
  EXPECT_THAT(ids(), SizeIs(3));
  EXPECT_EQ(connected, 0);
}

TEST_F(dead_letters_command, does_not_ask_when_it_was_told_so) {
  write(1, 4);
  EXPECT_EQ(run("replay --yes --limit 1"), exit_status::ok);
  EXPECT_EQ(run("purge --yes --all"), exit_status::ok);
  EXPECT_THAT(asked, IsEmpty());
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(dead_letters_command, hands_on_what_is_answered_to_taskflows) {
  write(1, 2);
  EXPECT_EQ(run("replay --yes --answer a=yes --answer b/c=no"),
            exit_status::ok);
  EXPECT_THAT(answers_given, ElementsAre("a=yes", "b/c=no"));
}

TEST_F(dead_letters_command, delivers_nothing_on_a_dry_run) {
  write(1, 4);
  EXPECT_EQ(run("replay --dry-run --type email.*"), exit_status::ok);
  EXPECT_THAT(out, HasSubstr("would deliver 1\n"));
  EXPECT_THAT(out, HasSubstr("3 would be delivered\n"));
  EXPECT_EQ(connected, 0);
  EXPECT_THAT(asked, IsEmpty());
  EXPECT_THAT(ids(), SizeIs(3));
}

TEST_F(dead_letters_command, keeps_a_letter_that_is_not_taken) {
  write(1, 4);
  refused = "2";
  EXPECT_EQ(run("replay --yes"), exit_status::not_accepted);
  EXPECT_THAT(ids(), ElementsAre("2"));
  EXPECT_THAT(err, HasSubstr("failed 2: it answered 400\n"));
  EXPECT_THAT(out, HasSubstr("2 delivered, 1 failed\n"));
}

TEST_F(dead_letters_command, stops_between_two_letters_when_interrupted) {
  write(1, 6);
  on_delivery = [this] {
    if (delivered.size() == 2)
      std::raise(SIGINT);
  };
  EXPECT_EQ(run("replay --yes --rate 1000"), exit_status::not_accepted);
  EXPECT_THAT(delivered, ElementsAre("1", "2"));
  EXPECT_THAT(ids(), ElementsAre("3", "4", "5"));
  EXPECT_THAT(out, HasSubstr("stopped before the end"));
}

TEST_F(dead_letters_command, draws_a_bar_on_a_terminal) {
  write(1, 4);
  seam.draws_bar = true;
  refused = "2";
  EXPECT_EQ(run("replay --yes"), exit_status::not_accepted);
  EXPECT_THAT(err, HasSubstr("\r["));
  EXPECT_THAT(err, HasSubstr("3/3, 1 failed"));
  EXPECT_THAT(err, HasSubstr("failed 2: it answered 400\n"));
  EXPECT_EQ(out, "2 delivered, 1 failed\n");
}

TEST_F(dead_letters_command, wants_to_know_which_letters_to_purge) {
  write(1, 4);
  EXPECT_EQ(run("purge --yes"), exit_status::usage);
  EXPECT_THAT(err, HasSubstr("--all"));
  EXPECT_THAT(ids(), SizeIs(3));
}

TEST_F(dead_letters_command, removes_nothing_in_a_dry_run) {
  write(1, 4);
  EXPECT_EQ(run("purge --all --dry-run"), exit_status::ok);
  EXPECT_EQ(out, "letters that would be removed: 3\n");
  EXPECT_THAT(asked, IsEmpty());
  EXPECT_THAT(ids(), SizeIs(3));
}

TEST_F(dead_letters_command, knows_the_reasons_that_there_are) {
  EXPECT_EQ(run("list --reason nonsense"), exit_status::usage);
  EXPECT_THAT(err, HasSubstr("--reason nonsense: expected one of "));
  EXPECT_THAT(err, HasSubstr("upstream_failed"));
}

TEST_F(dead_letters_command, purges_what_the_filter_picks) {
  write(1, 4);
  EXPECT_EQ(run("purge --id 2"), exit_status::ok);
  EXPECT_THAT(asked, ElementsAre("Remove 1 letter for good?"));
  EXPECT_EQ(out, "letters removed: 1\n");
  EXPECT_THAT(ids(), ElementsAre("1", "3"));
}

TEST_F(dead_letters_command, gives_back_the_room_of_what_was_purged) {
  settings.sinks[0].max_file_size = 1;
  write(1, 4);
  EXPECT_EQ(run("purge --all"), exit_status::ok);
  EXPECT_FALSE(
      std::filesystem::exists(folder / "letters/letters-00000001.jsonl"));
}

TEST_F(dead_letters_command, says_what_it_cannot_read) {
  write(1, 2);
  {
    std::ofstream file{folder / "letters/letters-00000001.jsonl",
                       std::ios::app};
    file << "x\n";
  }
  EXPECT_EQ(run("list"), exit_status::ok);
  EXPECT_THAT(err, HasSubstr("sink disk: 1 entries are no letters"));
}

/// And a redis behind it, and a URL that cannot be read.
class several_sinks : public dead_letters_command {
protected:
  several_sinks() {
    config::dead_letter_sink_settings redis;
    redis.name = "redis";
    redis.type = config::dead_letter_sink::redis;
    redis.url = config::secret{
        "redis://127.0.0.1:" + std::to_string(server.port()) + "/1"};
    settings.sinks.push_back(redis);
    config::dead_letter_sink_settings posted;
    posted.name = "posted";
    posted.type = config::dead_letter_sink::http;
    posted.url = config::secret{"http://127.0.0.1:1/"};
    settings.sinks.push_back(posted);
  }

  support::redis_process server;
};

TEST_F(several_sinks, are_all_read_but_those_that_cannot_be) {
  write(1, 3);
  write(3, 5, 1);
  EXPECT_EQ(run("list"), exit_status::ok);
  EXPECT_THAT(out, HasSubstr("SINK\n"));
  EXPECT_THAT(out, HasSubstr(" disk\n"));
  EXPECT_THAT(out, HasSubstr(" redis\n"));
  EXPECT_EQ(run("show 4"), exit_status::ok);
  EXPECT_EQ(run("list --sink redis --json"), exit_status::ok);
  EXPECT_EQ(std::ranges::count(out, '\n'), 2);
  EXPECT_EQ(run("list --sink posted"), exit_status::usage);
  EXPECT_THAT(err, HasSubstr("cannot be read back"));
}

TEST_F(several_sinks, are_replayed_one_after_the_other_up_to_the_limit) {
  write(1, 4);
  write(4, 7, 1);
  EXPECT_EQ(run("replay --yes --limit 5"), exit_status::ok);
  EXPECT_THAT(delivered, ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_THAT(ids(0), IsEmpty());
  EXPECT_THAT(ids(1), ElementsAre("6"));
}

TEST_F(several_sinks, are_purged_together) {
  write(1, 3);
  write(3, 5, 1);
  EXPECT_EQ(run("purge --all --yes"), exit_status::ok);
  EXPECT_EQ(out, "letters removed: 4\n");
  EXPECT_THAT(ids(0), IsEmpty());
  EXPECT_THAT(ids(1), IsEmpty());
}

TEST_F(several_sinks, are_listed_even_when_one_is_down) {
  write(1, 3);
  server.kill();
  EXPECT_EQ(run("list --json"), exit_status::cannot_start);
  EXPECT_EQ(std::ranges::count(out, '\n'), 2);
  EXPECT_THAT(err, HasSubstr("sink redis: redis at 127.0.0.1"));
  EXPECT_EQ(run("purge --all --yes"), exit_status::cannot_start);
  EXPECT_THAT(ids(0), SizeIs(2)) << "nothing happens by halves";
}

} // namespace
} // namespace mfo::node
