#include "dead_letters/file_reader.hpp"
#include "dead_letters/file_sink.hpp"
#include "dead_letters/letter_json.hpp"
#include "tests/dead_letters/letters.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

/// What a folder of letters is worth after kill -9, at any byte and at any
/// moment.
namespace mfo::dead_letters {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::Contains;

std::string content_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

file_settings settings_in(const std::string& path) {
  return {path, 1 << 20, 1 << 30, 5s};
}

/// "1" to the letter whose line, without its newline, ends before `size`.
std::vector<std::string> whole_letters(const std::string& text,
                                       std::size_t size) {
  std::vector<std::string> ids;
  for (auto end = text.find('\n'); end != text.npos && end <= size;
       end = text.find('\n', end + 1))
    ids.push_back(std::to_string(ids.size() + 1));
  return ids;
}

TEST(torn_file, is_read_and_appended_to_wherever_it_was_torn) {
  const support::temporary_folder folder;
  const auto path = folder / "letters";
  std::vector<letter_ptr> letters;
  for (const auto& [id, body] : {std::pair{"1", "{}"}, {"2", "\xFF\n\xFE"}}) {
    letter small;
    small.event_id = id;
    small.body = body;
    letters.push_back(std::make_shared<const letter>(small));
  }
  ASSERT_TRUE(is_done(file_sink{settings_in(path)}.write(letters)));
  const auto file = path + "/letters-00000001.jsonl";
  const auto text = content_of(file);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    SCOPED_TRACE(testing::Message() << "torn at byte " << size);
    std::ofstream{file, std::ios::binary} << text.substr(0, size);
    file_reader from{path, 5s};
    auto expected = whole_letters(text, size);
    ASSERT_EQ(read_all(from).ids(), expected);
    ASSERT_TRUE(
        is_done(file_sink{settings_in(path)}.write(sample_letters(9, 10))));
    expected.push_back("9");
    const auto found = read_all(from);
    ASSERT_EQ(found.ids(), expected);
    ASSERT_EQ(found.report.unreadable, 0u);
  }
}

TEST(torn_file, is_repaired_before_the_next_one_is_begun) {
  const support::temporary_folder folder;
  auto settings = settings_in(folder / "letters");
  ASSERT_TRUE(is_done(file_sink{settings}.write(sample_letters(1, 3))));
  const auto file = settings.path + "/letters-00000001.jsonl";
  fs::resize_file(file, fs::file_size(file) - 5);
  settings.max_file_size = 1;
  ASSERT_TRUE(is_done(file_sink{settings}.write(sample_letters(3, 4))));
  file_reader from{settings.path, 5s};
  const auto found = read_all(from);
  EXPECT_EQ(found.ids(), (std::vector<std::string>{"1", "3"}));
  EXPECT_EQ(found.report.unreadable, 0u);
  ASSERT_TRUE(is_done(from.purge(found.handles())));
  ASSERT_TRUE(is_done(from.tidy()));
  EXPECT_FALSE(fs::exists(file)) << "nothing torn was left in it";
}

TEST(torn_marks, are_read_and_appended_to_wherever_they_were_torn) {
  const support::temporary_folder folder;
  const auto path = folder / "letters";
  ASSERT_TRUE(
      is_done(file_sink{settings_in(path)}.write(sample_letters(1, 6))));
  file_reader from{path, 5s};
  const auto handles = read_all(from).handles();
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(is_done(from.mark_replayed(handles[i])));
  const auto file = path + "/letters-00000001.done";
  const auto text = content_of(file);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    SCOPED_TRACE(testing::Message() << "torn at byte " << size);
    std::ofstream{file, std::ios::binary} << text.substr(0, size);
    const auto gone = static_cast<std::size_t>(
        std::count(text.begin(), text.begin() + static_cast<long>(size), '\n'));
    ASSERT_EQ(read_all(from).letters.size(), 5 - gone);
    ASSERT_TRUE(is_done(from.mark_replayed(handles[4])));
    const auto found = read_all(from);
    ASSERT_EQ(found.letters.size(), 4 - gone);
    ASSERT_EQ(found.handles().back(), handles[3]);
  }
}

/// A process of its own that writes letters, whose ids count up, until it is
/// killed. It tells each batch that was written.
class endless_writer {
public:
  endless_writer(const file_settings& settings, std::size_t first) {
    if (::pipe(ends_.data()) != 0 || (pid_ = ::fork()) < 0)
      ADD_FAILURE() << "no process";
    if (pid_ == 0)
      write_for_ever(settings, first);
    ::close(ends_[1]);
  }

  /// Kills it; gives the id behind the last one that was written.
  std::size_t kill_after(int batches, std::size_t next) {
    for (int i = 0; i < batches; ++i)
      read(next);
    ::kill(pid_, SIGKILL);
    while (read(next)) {
    }
    ::waitpid(pid_, nullptr, 0);
    ::close(ends_[0]);
    return next;
  }

private:
  [[noreturn]] void write_for_ever(const file_settings& settings,
                                   std::size_t next) {
    file_sink to{settings};
    for (;; next += next % 4 + 1) {
      const auto end = next + next % 4 + 1;
      if (!to.write(sample_letters(next, end)))
        ::_exit(1);
      if (::write(ends_[1], &end, sizeof end) != sizeof end)
        ::_exit(1);
    }
  }

  bool read(std::size_t& next) {
    return ::read(ends_[0], &next, sizeof next) == sizeof next;
  }

  std::array<int, 2> ends_{};
  pid_t pid_ = -1;
};

TEST(killed_writer, has_lost_nothing_that_it_said_was_written) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random{seed};
  const support::temporary_folder folder;
  auto settings = settings_in(folder / "letters");
  settings.max_file_size = 4000;
  std::set<std::string> written;
  std::size_t next = 1;
  for (int round = 0; round < 25; ++round) {
    endless_writer process{settings, next};
    const auto end = process.kill_after(static_cast<int>(random() % 20), next);
    for (auto i = next; i < end; ++i)
      written.insert(std::to_string(i));
    // What it was writing when it was killed may be there: other ids, so that
    // it does not hide what is missing.
    next = end + 10;
  }
  ASSERT_TRUE(
      is_done(file_sink{settings}.write(sample_letters(next, next + 1))));
  file_reader from{settings.path, 5s};
  const auto found = read_all(from);
  const auto ids = found.ids();
  const std::set<std::string> there{ids.begin(), ids.end()};
  EXPECT_TRUE(std::ranges::includes(there, written));
  EXPECT_EQ(there.size(), ids.size()) << "something was written twice";
  EXPECT_EQ(found.report.unreadable, 0u);
  EXPECT_GT(written.size(), 100u) << "too few to tell";
}

} // namespace
} // namespace mfo::dead_letters
