// What `mfo-node dead-letters` does to letters.

#include "tests/node/dead_letters_command_fixture.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>

namespace mfo::node {
namespace {

using dead_letters::letter;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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

TEST_F(dead_letters_command, says_that_there_is_no_letter_to_do_it_to) {
  write(1, 3);
  for (const std::string what :
       {"replay --id 7 --yes", "replay --id 7 --dry-run", "purge --id 7 --yes",
        "purge --id 7 --dry-run"}) {
    EXPECT_EQ(run(what), exit_status::not_accepted) << what;
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

} // namespace
} // namespace mfo::node
