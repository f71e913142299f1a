#include "config/file.hpp"

#include "tests/config/fixture.hpp"

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

TEST(beside, is_relative_to_the_folder_of_the_file) {
  EXPECT_EQ(beside("/etc/mfo/node.yaml", "token"), "/etc/mfo/token");
  EXPECT_EQ(beside("/etc/mfo/node.yaml", "/run/token"), "/run/token");
  EXPECT_EQ(beside("node.yaml", "token"), "token");
}

} // namespace

} // namespace mfo::config
