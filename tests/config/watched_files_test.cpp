#include "config/watched_files.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace mfo::config {
namespace {

class watched_files_of_a_folder : public testing::Test {
protected:
  watched_files_of_a_folder() {
    folder.write("a", "1");
    files.note();
  }

  support::temporary_folder folder;
  watched_files files{{folder / "a", folder / "b", ""}};
};

TEST_F(watched_files_of_a_folder, have_changed_before_they_were_looked_at) {
  EXPECT_TRUE(watched_files{{folder / "a"}}.changed());
}

TEST_F(watched_files_of_a_folder, stay_the_same_while_nobody_writes) {
  EXPECT_FALSE(files.changed());
}

TEST_F(watched_files_of_a_folder, change_when_one_is_written) {
  folder.write("a", "22");
  EXPECT_TRUE(files.changed());
  files.note();
  EXPECT_FALSE(files.changed());
}

TEST_F(watched_files_of_a_folder, change_when_one_comes_or_goes) {
  folder.write("b", "");
  EXPECT_TRUE(files.changed());
  files.note();
  std::filesystem::remove(folder / "a");
  EXPECT_TRUE(files.changed());
}

TEST_F(watched_files_of_a_folder, change_when_another_takes_its_name) {
  folder.write("other", "1");
  std::filesystem::rename(folder / "other", folder / "a");
  EXPECT_TRUE(files.changed());
}

} // namespace
} // namespace mfo::config
