#include "config/watched_files.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/mount.h>

#include <filesystem>
#include <string>
#include <utility>

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

/// What engines of containers do with a file of the host.
class bound_file {
public:
  bound_file(const std::string& from, std::string to) : to_(std::move(to)) {
    bound_ = ::mount(from.c_str(), to_.c_str(), nullptr, MS_BIND, nullptr) == 0;
  }
  ~bound_file() {
    if (bound_)
      ::umount2(to_.c_str(), MNT_DETACH);
  }
  bound_file(const bound_file&) = delete;
  bound_file& operator=(const bound_file&) = delete;

  [[nodiscard]] bool is_there() const {
    return bound_;
  }

private:
  std::string to_;
  bool bound_ = false;
};

TEST_F(watched_files_of_a_folder, change_when_what_is_mounted_there_does) {
  const auto of_host = folder.write("of_host", "1");
  const bound_file bound{of_host, folder / "a"};
  if (!bound.is_there())
    GTEST_SKIP() << "this user may not mount";
  EXPECT_TRUE(files.changed()) << "by the mount itself";
  files.note();
  folder.write("of_host", "22");
  EXPECT_TRUE(files.changed());
}

} // namespace
} // namespace mfo::config
