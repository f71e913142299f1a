#include "api/secret_file.hpp"

#include "tests/api/fake_files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include <sys/stat.h>

namespace mfo::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string no_x(std::string_view text) {
  return text.find('x') == text.npos ? "" : "has an x";
}

class secret_in_file : public testing::Test {
protected:
  secret_file make(std::string value = "old", std::string path = "/key") {
    return {{config::secret{std::move(value)}, std::move(path)},
            files.reader(),
            no_x};
  }

  bool refresh(secret_file& one) {
    now += seconds{1};
    return one.refresh(now);
  }

  fake_files files;
  secret_file::time now{seconds{1000}};
};

TEST_F(secret_in_file, stays_as_it_was_where_there_is_no_file) {
  auto one = make("old", "");
  EXPECT_FALSE(refresh(one));
  EXPECT_EQ(one.value().reveal(), "old");
  EXPECT_EQ(files.looks, 0);
}

TEST_F(secret_in_file, is_read_at_once_where_there_is_no_value) {
  files.write("/key", "new\r\n");
  EXPECT_EQ(make("").value().reveal(), "new");
}

TEST_F(secret_in_file, is_read_again_when_the_file_has_changed) {
  files.write("/key", "old\n");
  auto one = make();
  EXPECT_FALSE(refresh(one)); // the same as in the configuration
  EXPECT_EQ(files.reads, 1);
  EXPECT_FALSE(refresh(one));
  EXPECT_EQ(files.reads, 1);
  files.write("/key", "new\n");
  EXPECT_TRUE(refresh(one));
  EXPECT_EQ(one.value().reveal(), "new");
  EXPECT_FALSE(refresh(one));
  EXPECT_THAT(files.warnings, IsEmpty());
}

TEST_F(secret_in_file, is_noticed_by_time_inode_and_size) {
  files.write("/key", "old");
  auto one = make();
  refresh(one);
  auto& file = files.files["/key"];
  for (auto change : std::vector<std::function<void()>>{
           [&] { ++file.stamp.modified_ns; }, [&] { ++file.stamp.inode; },
           [&] {
             ++file.stamp.size;
           }}) {
    const auto before = files.reads;
    change();
    refresh(one);
    EXPECT_EQ(files.reads, before + 1);
  }
}

TEST_F(secret_in_file, is_looked_at_once_a_second_at_most) {
  files.write("/key", "old");
  auto one = make();
  for (int i = 0; i < 2500; ++i)
    one.refresh(now + milliseconds{i});
  EXPECT_EQ(files.looks, 3);
  one.refresh(now - seconds{3600}); // the clock was set back
  EXPECT_EQ(files.looks, 4);
}

TEST_F(secret_in_file, stays_good_when_the_file_is_not) {
  files.write("/key", "good");
  auto one = make();
  EXPECT_TRUE(refresh(one));
  files.files.clear();
  EXPECT_FALSE(refresh(one));
  EXPECT_FALSE(refresh(one));
  files.write("/key", "\n");
  EXPECT_FALSE(refresh(one));
  files.write("/key", "boxes");
  EXPECT_FALSE(refresh(one));
  files.write("/key", "b");
  files.files["/key"].readable = false;
  EXPECT_FALSE(refresh(one));
  EXPECT_EQ(one.value().reveal(), "good");
  EXPECT_THAT(
      files.warnings,
      ElementsAre(
          "cannot read /key: no such file; the one before stays in use",
          "the secret in /key is empty; the one before stays in use",
          "the secret in /key has an x; the one before stays in use",
          "cannot read /key: not allowed; the one before stays in use"));
  files.files["/key"].readable = true;
  EXPECT_TRUE(refresh(one));
  EXPECT_EQ(one.value().reveal(), "b");
}

TEST_F(secret_in_file, is_warned_of_again_when_it_was_good_between) {
  files.write("/key", "good");
  auto one = make();
  refresh(one);
  const auto kept = files.files;
  for (int i = 0; i < 2; ++i) {
    files.files.clear();
    refresh(one);
    files.files = kept;
    EXPECT_FALSE(refresh(one));
  }
  EXPECT_EQ(files.warnings.size(), 2u);
}

TEST_F(secret_in_file, may_never_have_been_good) {
  EXPECT_TRUE(make("").value().empty());
  EXPECT_THAT(files.warnings, ElementsAre("cannot read /key: no such file"));
}

TEST(system_files, tell_a_file_that_was_replaced) {
  support::temporary_folder folder;
  const auto files = system_files();
  const auto path = folder.write("key", "one");
  const auto before = files.look(path);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->size, 3u);
  EXPECT_EQ(files.look(path), before);
  EXPECT_EQ(files.read(path), "one");
  std::filesystem::rename(folder.write("key.new", "two"), path);
  EXPECT_NE(files.look(path), before);
  EXPECT_EQ(files.read(path), "two");
}

TEST(system_files, say_what_the_system_says) {
  support::temporary_folder folder;
  const auto files = system_files();
  EXPECT_EQ(files.look(folder / "none").error(), "No such file or directory");
  EXPECT_FALSE(files.read(folder / "none"));
  EXPECT_THAT(files.read(folder.write("big", std::string(70'000, 'x'))).error(),
              HasSubstr("larger than 64KiB"));
}

TEST(system_files, never_wait_for_a_pipe) {
  support::temporary_folder folder;
  const auto path = folder / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(system_files().look(path).error(), "is not a regular file");
}

} // namespace
} // namespace mfo::api
