#include "telemetry/line_output.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

namespace mfo::telemetry {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Writes to a file that is gone with it, or to what the test puts in its
/// place.
struct a_line_output : testing::Test {
  a_line_output() {
    std::string name{"/tmp/line-output-XXXXXX"};
    file = ::mkstemp(name.data());
    ::unlink(name.c_str());
    descriptor = ::dup(file);
  }

  ~a_line_output() override {
    ::close(descriptor);
    ::close(file);
  }

  void write_to(int other) const {
    ASSERT_NE(::dup2(other, descriptor), -1);
  }

  void write_to_a_full_disk() const {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_NE(full, -1);
    write_to(full);
    ::close(full);
  }

  [[nodiscard]] std::string written() const {
    std::array<char, 256> text{};
    const auto size = ::pread(file, text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(size < 0 ? 0 : size)};
  }

  int file = -1;
  int descriptor = -1;
  std::vector<std::string> complaints;
  /// Made with the descriptor that is there by then.
  line_output make() {
    return line_output{descriptor, [this](const std::string& why) {
                         complaints.push_back(why);
                       }};
  }
};

TEST_F(a_line_output, writes_lines) {
  auto out = make();
  out.write("one");
  out.write("");
  out.write("two");
  EXPECT_EQ(written(), "one\n\ntwo\n");
  EXPECT_EQ(out.lost(), 0u);
  EXPECT_THAT(complaints, IsEmpty());
}

TEST_F(a_line_output, counts_what_a_full_disk_does_not_take) {
  write_to_a_full_disk();
  auto out = make();
  out.write("one");
  out.write("two");
  EXPECT_EQ(out.lost(), 2u);
  EXPECT_THAT(complaints, ElementsAre(HasSubstr("No space left")));
}

TEST_F(a_line_output, complains_again_when_it_has_worked_in_between) {
  auto out = make();
  write_to_a_full_disk();
  out.write("one");
  write_to(file);
  out.write("two");
  write_to_a_full_disk();
  out.write("three");
  EXPECT_EQ(written(), "two\n");
  EXPECT_EQ(out.lost(), 2u);
  EXPECT_EQ(complaints.size(), 2u);
}

TEST_F(a_line_output, counts_what_nobody_reads_any_more) {
  std::signal(SIGPIPE, SIG_IGN); // as the program does
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  write_to(ends[1]);
  auto out = make();
  out.write("one");
  EXPECT_EQ(out.lost(), 0u);
  ::close(ends[0]);
  ::close(ends[1]);
  out.write("two");
  EXPECT_EQ(out.lost(), 1u);
  EXPECT_THAT(complaints, ElementsAre(HasSubstr("Broken pipe")));
}

TEST_F(a_line_output, begins_a_new_line_behind_a_torn_one) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit few_bytes{10, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &few_bytes), 0);
  auto out = make();
  out.write("0123456789abc");
  out.write("lost");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  out.write("next");
  EXPECT_EQ(written(), "0123456789\nnext\n");
  EXPECT_EQ(out.lost(), 2u);
}

} // namespace

} // namespace mfo::telemetry
