#include "dead_letters/file_sink.hpp"

#include "dead_letters/file_reader.hpp"
#include "dead_letters/letter_json.hpp"
#include "tests/dead_letters/letters.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

namespace mfo::dead_letters {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class file_sink_test : public testing::Test {
protected:
  file_sink make_sink() const {
    return file_sink{settings};
  }

  kept_letters kept() const {
    file_reader from{settings.path, 5s};
    return read_all(from);
  }

  std::string data(int number) const {
    return settings.path + "/letters-0000000" + std::to_string(number) +
           ".jsonl";
  }

  support::temporary_folder folder;
  file_settings settings{folder / "letters", 1 << 20, 1 << 24, 5s};
};

std::size_t line_size() {
  return to_json(sample_letter()).size() + 1;
}

TEST_F(file_sink_test, has_its_folder_before_the_first_letter) {
  EXPECT_TRUE(is_done(make_sink().prepare()));
  EXPECT_TRUE(fs::is_directory(settings.path));
  EXPECT_TRUE(is_done(make_sink().prepare())) << "and may have had it before";
}

TEST_F(file_sink_test, says_where_there_can_be_no_folder) {
  settings.path = folder.write("file", "") + "/letters";
  const auto refused = make_sink().prepare();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), HasSubstr("Not a directory"));
}

TEST_F(file_sink_test, says_at_once_that_it_may_not_append_to_what_is_there) {
  fs::create_directory(settings.path);
  // A link is never followed, not even for root.
  fs::create_symlink(folder.write("elsewhere", "x"), data(1));
  const auto refused = make_sink().prepare();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), HasSubstr("letters-00000001.jsonl"));
}

TEST_F(file_sink_test, keeps_letters_in_their_order) {
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 3))));
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(3, 4))));
  EXPECT_THAT(kept().ids(), ElementsAre("1", "2", "3"));
  EXPECT_EQ(kept().letters[1].value.body, sample_letter("2").body);
}

TEST_F(file_sink_test, makes_its_folder_for_its_owner_alone) {
  settings.path = folder / "a/b/c";
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 2))));
  for (const auto* part : {"a", "a/b", "a/b/c"})
    EXPECT_EQ(fs::status(folder / part).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(data(1)).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(file_sink_test, begins_a_new_file_when_one_is_large_enough) {
  settings.max_file_size = 2 * line_size();
  for (std::size_t i = 1; i < 6; ++i)
    ASSERT_TRUE(is_done(make_sink().write(sample_letters(i, i + 1))));
  EXPECT_THAT(kept().ids(), ElementsAre("1", "2", "3", "4", "5"));
  for (const int number : {1, 2, 3})
    EXPECT_LE(fs::file_size(data(number)), settings.max_file_size);
  EXPECT_FALSE(fs::exists(data(4)));
}

TEST_F(file_sink_test, spreads_a_batch_over_files) {
  settings.max_file_size = 2 * line_size();
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 8))));
  EXPECT_THAT(kept().ids(), SizeIs(7));
  EXPECT_EQ(fs::file_size(data(1)), 2 * line_size());
  EXPECT_EQ(fs::file_size(data(4)), line_size());
}

TEST_F(file_sink_test, gives_a_letter_that_is_too_large_a_file_of_its_own) {
  settings.max_file_size = 10;
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 3))));
  EXPECT_EQ(fs::file_size(data(1)), line_size());
  EXPECT_EQ(fs::file_size(data(2)), line_size());
}

TEST_F(file_sink_test, is_full_at_its_bound_and_removes_nothing) {
  settings.max_file_size = line_size();
  settings.max_size = 3 * line_size();
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 4))));
  EXPECT_THAT(error_of(make_sink().write(sample_letters(4, 5))),
              HasSubstr("is full"));
  EXPECT_THAT(kept().ids(), ElementsAre("1", "2", "3"));
}

TEST_F(file_sink_test, knows_by_a_probe_whether_it_can_be_written_to) {
  settings.max_file_size = line_size();
  settings.max_size = 3 * line_size();
  EXPECT_TRUE(is_done(make_sink().probe()));
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 4))));
  EXPECT_THAT(error_of(make_sink().probe()), HasSubstr("is full"));
  EXPECT_THAT(kept().ids(), ElementsAre("1", "2", "3"));
  settings.path = folder.write("file", "") + "/letters";
  EXPECT_FALSE(is_done(make_sink().probe()));
}

TEST_F(file_sink_test, has_room_again_when_letters_are_purged) {
  settings.max_file_size = line_size();
  settings.max_size = 3 * line_size();
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 4))));
  file_reader from{settings.path, 5s};
  ASSERT_TRUE(is_done(from.purge(std::vector{read_all(from).handles()[0]})));
  ASSERT_TRUE(is_done(from.tidy()));
  EXPECT_TRUE(is_done(make_sink().write(sample_letters(4, 5))));
  EXPECT_THAT(kept().ids(), ElementsAre("2", "3", "4"));
}

TEST_F(file_sink_test, waits_for_the_lock_no_longer_than_its_time_out) {
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 2))));
  const int lock =
      ::open((settings.path + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  settings.timeout = 50ms;
  EXPECT_THAT(error_of(make_sink().write(sample_letters(2, 3))),
              HasSubstr("lock: another process has held it for 50 ms"));
  EXPECT_THAT(kept().ids(), ElementsAre("1")) << "reading needs no lock";
  ::close(lock);
  EXPECT_TRUE(is_done(make_sink().write(sample_letters(2, 3))));
}

TEST_F(file_sink_test, shares_a_folder_with_other_writers) {
  settings.max_file_size = 5 * line_size();
  constexpr std::size_t each = 40;
  const auto write = [this](std::size_t from) {
    auto to = make_sink();
    for (auto i = from; i < from + each; i += 2)
      EXPECT_TRUE(is_done(to.write(sample_letters(i, i + 2))));
  };
  std::thread one{write, 0};
  std::thread other{write, each};
  file_reader from{settings.path, 5s};
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(is_done(from.tidy()));
  one.join();
  other.join();
  const auto found = kept();
  EXPECT_THAT(found.letters, SizeIs(2 * each));
  EXPECT_EQ(found.report.unreadable, 0u);
}

TEST_F(file_sink_test, says_when_it_may_not_write) {
  fs::create_directory(settings.path);
  fs::permissions(settings.path, fs::perms::owner_read | fs::perms::owner_exec);
  fs::permissions(folder / "", fs::perms::all);
  const auto me = ::geteuid();
  if (me == 0) { // whom permissions do not stop
    ASSERT_EQ(::chown(settings.path.c_str(), 65534, 65534), 0);
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const auto refused = make_sink().write(sample_letters(1, 2));
  fs::permissions(settings.path, fs::perms::owner_all);
  EXPECT_TRUE(is_done(make_sink().write(sample_letters(1, 2))));
  ASSERT_EQ(::seteuid(me), 0);
  EXPECT_THAT(error_of(refused), HasSubstr("Permission denied"));
  EXPECT_THAT(kept().ids(), ElementsAre("1"));
}

TEST_F(file_sink_test, says_when_something_else_is_in_its_place) {
  folder.write("letters", "a file");
  EXPECT_THAT(error_of(make_sink().write(sample_letters(1, 2))),
              HasSubstr("Not a directory"));
}

TEST_F(file_sink_test, takes_back_what_did_not_fit_when_a_file_may_not_grow) {
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 2))));
  const auto before = fs::file_size(data(1));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit tight{before + 10, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const auto refused = make_sink().write(sample_letters(2, 4));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  EXPECT_THAT(error_of(refused), HasSubstr("File too large"));
  EXPECT_EQ(fs::file_size(data(1)), before);
  EXPECT_TRUE(is_done(make_sink().write(sample_letters(2, 4))));
  EXPECT_THAT(kept().ids(), ElementsAre("1", "2", "3"));
}

/// A small disk of a test's own.
class small_disk {
public:
  explicit small_disk(std::string path) : path_(std::move(path)) {
    fs::create_directory(path_);
    mounted_ = ::mount("mfo", path_.c_str(), "tmpfs", 0, "size=64k") == 0;
    if (!mounted_)
      why_not_ = std::strerror(errno);
  }

  ~small_disk() {
    if (mounted_)
      ::umount2(path_.c_str(), MNT_DETACH);
  }

  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

  /// Fills it up.
  void fill() const {
    const int file =
        ::open(ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const std::string block(4096, 'x');
    while (::write(file, block.data(), block.size()) > 0) {
    }
    ::close(file);
  }

  void make_room() const {
    fs::remove(ballast());
  }

  [[nodiscard]] const std::string& why_not() const {
    return why_not_;
  }

private:
  std::string ballast() const {
    return path_ + "/ballast";
  }

  std::string path_;
  std::string why_not_;
  bool mounted_ = false;
};

TEST_F(file_sink_test, survives_a_full_disk) {
  const small_disk disk{folder / "disk"};
  if (!disk.why_not().empty())
    GTEST_SKIP() << "mounting a small disk needs root: " << disk.why_not();
  settings.path = folder / "disk/letters";
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 3))));
  const auto before = fs::file_size(data(1));
  disk.fill();
  EXPECT_THAT(error_of(make_sink().write(sample_letters(3, 20))),
              HasSubstr("No space left"));
  EXPECT_EQ(fs::file_size(data(1)), before) << "half a batch was left behind";
  EXPECT_THAT(kept().ids(), ElementsAre("1", "2"));
  disk.make_room();
  EXPECT_TRUE(is_done(make_sink().write(sample_letters(3, 5))));
  EXPECT_THAT(kept().ids(), ElementsAre("1", "2", "3", "4"));
}

TEST_F(file_sink_test, survives_a_disk_that_has_no_room_for_a_mark) {
  const small_disk disk{folder / "disk"};
  if (!disk.why_not().empty())
    GTEST_SKIP() << "mounting a small disk needs root: " << disk.why_not();
  settings.path = folder / "disk/letters";
  ASSERT_TRUE(is_done(make_sink().write(sample_letters(1, 3))));
  file_reader from{settings.path, 5s};
  const auto handle = read_all(from).handles()[0];
  disk.fill();
  EXPECT_THAT(error_of(from.mark_replayed(handle)), HasSubstr("No space left"));
  EXPECT_THAT(kept().ids(), ElementsAre("1", "2"));
  disk.make_room();
  EXPECT_TRUE(is_done(from.mark_replayed(handle)));
  EXPECT_THAT(kept().ids(), ElementsAre("2"));
}

} // namespace
} // namespace mfo::dead_letters
