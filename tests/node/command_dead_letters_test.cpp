#include "node/command_dead_letters.hpp"

#include "dead_letters/letter_json.hpp"
#include "tests/node/dead_letters_command_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace mfo::node {
namespace {

using dead_letters::letter;
using dead_letters::sample_letter;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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
