#include "dead_letters/file_reader.hpp"

#include "dead_letters/file_sink.hpp"
#include "dead_letters/letter_json.hpp"
#include "tests/dead_letters/letters.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>

namespace mfo::dead_letters {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Two letters a file.
class file_reader_test : public testing::Test {
protected:
  void write(std::size_t first, std::size_t end) {
    ASSERT_TRUE(is_done(file_sink{settings}.write(sample_letters(first, end))));
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& each : fs::directory_iterator(settings.path))
      names.push_back(each.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

  void append(const std::string& name, std::string_view text) const {
    std::ofstream{settings.path + "/" + name, std::ios::app} << text;
  }

  support::temporary_folder folder;
  file_settings settings{folder / "letters",
                         2 * to_json(sample_letter()).size() + 2, 1 << 24, 5s};
  file_reader from{settings.path, 5s};
};

TEST_F(file_reader_test, finds_nothing_where_nothing_was_written) {
  EXPECT_THAT(read_all(from).letters, IsEmpty());
  EXPECT_TRUE(is_done(from.tidy()));
  EXPECT_FALSE(fs::exists(settings.path));
}

TEST_F(file_reader_test, gives_each_letter_a_handle_that_stays) {
  write(1, 6);
  const auto before = read_all(from).handles();
  write(6, 8);
  ASSERT_TRUE(is_done(from.mark_replayed(before[1])));
  auto after = read_all(from).handles();
  EXPECT_THAT(after, SizeIs(6));
  EXPECT_EQ(after[0], before[0]);
  EXPECT_EQ(after[1], before[2]);
  EXPECT_EQ(after[3], before[4]);
}

TEST_F(file_reader_test, stops_when_it_is_told_to) {
  write(1, 6);
  int seen = 0;
  ASSERT_TRUE(from.for_each([&](const auto&, const auto&) {
    return ++seen == 3 ? reader::next::stop : reader::next::letter;
  }));
  EXPECT_EQ(seen, 3);
}

TEST_F(file_reader_test, shows_no_letter_that_was_replayed_or_purged) {
  write(1, 6);
  const auto handles = read_all(from).handles();
  ASSERT_TRUE(is_done(from.mark_replayed(handles[0])));
  ASSERT_TRUE(is_done(from.purge(std::vector{handles[2], handles[4]})));
  EXPECT_THAT(read_all(from).ids(), ElementsAre("2", "4"));
  file_reader other{settings.path, 5s};
  EXPECT_THAT(read_all(other).ids(), ElementsAre("2", "4"));
}

TEST_F(file_reader_test, marks_a_letter_while_it_visits_it) {
  write(1, 6);
  ASSERT_TRUE(from.for_each([&](const std::string& handle, const letter&) {
    EXPECT_TRUE(is_done(from.mark_replayed(handle)));
    return reader::next::letter;
  }));
  EXPECT_THAT(read_all(from).letters, IsEmpty());
}

TEST_F(file_reader_test, tidies_away_files_whose_letters_are_all_gone) {
  write(1, 6);
  const auto handles = read_all(from).handles();
  ASSERT_TRUE(
      is_done(from.purge(std::vector{handles[0], handles[1], handles[2]})));
  EXPECT_THAT(files(), SizeIs(6)) << "nothing is removed before it is asked to";
  ASSERT_TRUE(is_done(from.tidy()));
  EXPECT_THAT(files(),
              ElementsAre("letters-00000002.done", "letters-00000002.jsonl",
                          "letters-00000003.jsonl", "lock"));
  EXPECT_THAT(read_all(from).ids(), ElementsAre("4", "5"));
}

/// Nothing can be written to a file, as on a full disk.
class no_room {
public:
  no_room() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    auto none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~no_room() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  no_room(const no_room&) = delete;
  no_room& operator=(const no_room&) = delete;

private:
  rlimit before_{};
  sighandler_t handler_;
};

TEST_F(file_reader_test, makes_room_where_there_is_none_for_a_mark) {
  write(1, 4); // two files
  const auto all = read_all(from).handles();
  {
    const no_room full;
    EXPECT_FALSE(is_done(from.purge({&all[0], 1}))) << "its file has another";
    EXPECT_THAT(read_all(from).letters, SizeIs(3));
    EXPECT_TRUE(is_done(from.purge(all)));
    EXPECT_THAT(read_all(from).letters, IsEmpty());
  }
  write(4, 5);
  const auto next = read_all(from);
  EXPECT_THAT(next.letters, SizeIs(1));
  EXPECT_THAT(all, Not(testing::Contains(next.handles()[0])));
}

TEST_F(file_reader_test, never_names_two_letters_the_same) {
  write(1, 2);
  const auto first = read_all(from).handles();
  ASSERT_TRUE(is_done(from.purge(first)));
  ASSERT_TRUE(is_done(from.tidy()));
  write(2, 3);
  const auto second = read_all(from).handles();
  EXPECT_THAT(second, SizeIs(1));
  EXPECT_NE(first, second);
  EXPECT_TRUE(is_done(from.mark_replayed(first[0]))) << "it is gone already";
  EXPECT_THAT(read_all(from).ids(), ElementsAre("2"));
  EXPECT_THAT(files(), ElementsAre("letters-00000002.jsonl", "lock"));
}

TEST_F(file_reader_test, counts_and_keeps_what_is_no_letter) {
  write(1, 2);
  append("letters-00000001.jsonl", "{\"event_id\":\"x\"}\n\n");
  write(2, 3);
  const auto found = read_all(from);
  EXPECT_THAT(found.ids(), ElementsAre("1", "2"));
  EXPECT_EQ(found.report.unreadable, 1u);
  EXPECT_THAT(found.report.first_unreadable,
              HasSubstr("letters-00000001.jsonl, byte "));
  EXPECT_THAT(found.report.first_unreadable, HasSubstr("neither body"));
  ASSERT_TRUE(is_done(from.purge(found.handles())));
  ASSERT_TRUE(is_done(from.tidy()));
  EXPECT_EQ(read_all(from).report.unreadable, 1u);
}

TEST_F(file_reader_test, passes_over_files_of_others) {
  write(1, 2);
  for (const auto* name : {"letters-.jsonl", "letters-1x.jsonl",
                           "letters-00000009.jsonl.bak", "notes.txt"})
    append(name, "not ours\n");
  EXPECT_THAT(read_all(from).ids(), ElementsAre("1"));
}

TEST_F(file_reader_test, refuses_a_handle_that_names_no_letter) {
  write(1, 2);
  for (const auto* handle : {"", "1", "1:", ":1", "a:b", "1:2x", "1-0"})
    EXPECT_THAT(error_of(from.mark_replayed(handle)),
                HasSubstr("names no letter"))
        << handle;
}

TEST_F(file_reader_test, reads_lines_longer_than_its_buffer) {
  auto value = sample_letter();
  value.body.assign(3 << 20, 'x');
  const std::vector<letter_ptr> large{std::make_shared<const letter>(value)};
  settings.max_file_size = 1 << 30;
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE(is_done(file_sink{settings}.write(large)));
  write(2, 3);
  const auto found = read_all(from);
  EXPECT_THAT(found.ids(), ElementsAre("1", "1", "2"));
  EXPECT_EQ(found.letters[1].value.body, value.body);
}

} // namespace
} // namespace mfo::dead_letters
