#include "config/file.hpp"

#include "tests/config/fixture.hpp"

#include <sys/stat.h>

#include <filesystem>

namespace mfo::config {

namespace {

TEST(read_file, gives_every_byte) {
  const temporary_folder folder;
  const std::string bytes("a\0b\r\n\xff", 6);
  EXPECT_EQ(read_file(folder.write("f", bytes), 6), bytes);
  const std::string large(100'000, 'x');
  EXPECT_EQ(read_file(folder.write("g", large), large.size()), large);
}

TEST(read_file, stops_at_the_limit) {
  const temporary_folder folder;
  const auto path = folder.write("f", "1234");
  EXPECT_TRUE(read_file(path, 4));
  EXPECT_EQ(read_file(path, 3).error(), "larger than 3");
  EXPECT_EQ(read_file("/dev/zero", 1024).error(), "larger than 1KiB");
}

TEST(read_file, says_why_it_cannot) {
  const temporary_folder folder;
  EXPECT_EQ(read_file(folder.path() / "none", 1).error(),
            "No such file or directory");
  EXPECT_EQ(read_file(folder.path(), 1).error(), "Is a directory");
  EXPECT_EQ(read_file(folder.write("f", "x") + "/g", 1).error(),
            "Not a directory");
}

TEST(a_file_that_must_be_regular, is_read_through_a_link) {
  const temporary_folder folder;
  const auto path = folder.write("f", "1234");
  const auto link = folder.path() / "link";
  std::filesystem::create_symlink(path, link);
  EXPECT_EQ(read_regular_file(link, 4), "1234");
  EXPECT_EQ(why_not_regular(link), std::nullopt);
  EXPECT_EQ(read_regular_file(path, 3).error(), "larger than 3");
}

TEST(a_file_that_must_be_regular, is_not_waited_for_if_it_is_another) {
  const temporary_folder folder;
  const std::string fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const auto& path : {fifo, std::string{"/dev/zero"}})
    EXPECT_EQ(read_regular_file(path, 1024).error(), "is not a regular file");
  EXPECT_EQ(read_regular_file(folder.path(), 1).error(), "Is a directory");
  EXPECT_EQ(read_regular_file(folder.path() / "none", 1).error(),
            "No such file or directory");
}

TEST(beside, is_relative_to_the_folder_of_the_file) {
  EXPECT_EQ(beside("/etc/mfo/node.yaml", "token"), "/etc/mfo/token");
  EXPECT_EQ(beside("/etc/mfo/node.yaml", "/run/token"), "/run/token");
  EXPECT_EQ(beside("node.yaml", "token"), "token");
}

} // namespace

} // namespace mfo::config
