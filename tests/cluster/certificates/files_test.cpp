#include "tests/cluster/certificates/fixture.hpp"

#include "cluster/certificates/files.hpp"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <thread>

namespace mfo::cluster::certificates {

namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

struct pair_files_test : certificates_fixture {
  pair_files_test() {
    take_void(make_folder(ca));
  }

  static void take_void(const expected<void>& result) {
    EXPECT_TRUE(result) << result.error().text;
  }

  const pair_files files = files_of(ca, "n1");
};

/// Files of this process cannot become larger than this while it lives.
class file_size_limit {
public:
  explicit file_size_limit(rlim_t bytes) : former_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit low{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &low);
  }
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    ::signal(SIGXFSZ, former_);
  }
  file_size_limit(const file_size_limit&) = delete;

private:
  rlimit limit_{};
  void (*former_)(int);
};

/// Replaces the process's file mode creation mask while it lives.
class creation_mask {
public:
  explicit creation_mask(mode_t mask) : former_(::umask(mask)) {}
  ~creation_mask() {
    ::umask(former_);
  }
  creation_mask(const creation_mask&) = delete;

private:
  mode_t former_;
};

TEST_F(pair_files_test, are_written_with_their_modes_whatever_the_mask_is) {
  for (const mode_t mask : {0000, 0022, 0077}) {
    const creation_mask set{mask};
    const auto each = files_of(ca, "n" + std::to_string(mask));
    take_void(write_pair(each, "certificate", "key"));
    EXPECT_EQ(mode_of(each.key), 0600u) << mask;
    EXPECT_EQ(mode_of(each.certificate), 0644u) << mask;
  }
}

TEST_F(pair_files_test, leave_nothing_beside_them) {
  take_void(write_pair(files, "certificate", "key"));
  take_void(replace_certificate(files.certificate, "another"));
  EXPECT_THAT(file_names(ca), UnorderedElementsAre("n1.crt", "n1.key"));
  EXPECT_EQ(read(files.certificate), "another");
  EXPECT_EQ(read(files.key), "key");
}

TEST_F(pair_files_test, are_not_overwritten) {
  take_void(write_pair(files, "certificate", "key"));
  const auto again = write_pair(files, "other certificate", "other key");
  EXPECT_EQ(text_of_failure(again),
            files.key + ": already exists, and is not overwritten");
  EXPECT_EQ(read(files.certificate), "certificate");
  EXPECT_EQ(read(files.key), "key");
}

TEST_F(pair_files_test, are_both_or_none) {
  folder.write("ca/n1.crt", "somebody's");
  EXPECT_THAT(text_of_failure(write_pair(files, "certificate", "key")),
              HasSubstr("n1.crt: already exists"));
  EXPECT_EQ(read(files.certificate), "somebody's");
  EXPECT_THAT(file_names(ca), ElementsAre("n1.crt"));
}

TEST_F(pair_files_test, are_not_written_through_a_link) {
  std::filesystem::create_symlink(folder / "elsewhere", files.key);
  EXPECT_TRUE(is_there(files.key)) << "a link to nothing";
  EXPECT_FALSE(write_pair(files, "certificate", "key"));
  EXPECT_FALSE(is_there(folder / "elsewhere"));
}

TEST_F(pair_files_test, are_gone_where_the_disk_is_full) {
  expected<void> key_first;
  expected<void> certificate_then;
  {
    const file_size_limit small{100};
    key_first = write_pair(files, "c", std::string(101, 'k'));
    certificate_then = write_pair(files, std::string(101, 'c'), "k");
  }
  EXPECT_THAT(text_of_failure(key_first),
              HasSubstr("n1.key: File too large; the folder must be there"));
  EXPECT_THAT(text_of_failure(certificate_then),
              HasSubstr("n1.crt: File too large; "));
  EXPECT_THAT(file_names(ca), IsEmpty());
}

TEST_F(pair_files_test, keep_the_old_certificate_where_the_disk_is_full) {
  take_void(write_pair(files, "certificate", "key"));
  expected<void> replaced;
  {
    const file_size_limit small{100};
    replaced = replace_certificate(files.certificate, std::string(101, 'c'));
  }
  EXPECT_THAT(text_of_failure(replaced), HasSubstr("File too large"));
  EXPECT_EQ(read(files.certificate), "certificate");
  EXPECT_THAT(file_names(ca), UnorderedElementsAre("n1.crt", "n1.key"));
}

TEST_F(pair_files_test, need_a_folder) {
  const auto lost = files_of(folder / "nowhere", "n1");
  EXPECT_EQ(text_of_failure(write_pair(lost, "certificate", "key")),
            lost.key + ": No such file or directory; the folder must be there, "
                       "with room, and this user must be able to write to it");
}

TEST_F(pair_files_test, go_into_a_folder_that_is_made_with_those_above_it) {
  take_void(make_folder(folder / "a/b/c"));
  take_void(make_folder(folder / "a/b/c"));
  EXPECT_TRUE(is_there(folder / "a/b/c"));
  folder.write("file", "");
  EXPECT_THAT(text_of_failure(make_folder(folder / "file/b")),
              HasSubstr("cannot be made: "));
}

TEST_F(pair_files_test, are_written_by_one_of_many_who_try) {
  constexpr std::size_t many = 8;
  std::vector<expected<void>> results(many);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < many; ++i)
    threads.emplace_back([this, i, &results] {
      const auto text = std::to_string(i);
      results[i] = write_pair(files, text, text);
    });
  for (auto& each : threads)
    each.join();
  EXPECT_EQ(
      std::ranges::count_if(results, [](const auto& each) { return !!each; }),
      1);
  EXPECT_EQ(read(files.certificate), read(files.key));
  EXPECT_THAT(file_names(ca), UnorderedElementsAre("n1.crt", "n1.key"));
}

TEST_F(pair_files_test, are_whole_for_who_reads_while_they_are_replaced) {
  const std::string old_text(20'000, 'a');
  const std::string new_text(30'000, 'b');
  take_void(write_pair(files, old_text, "key"));
  std::thread writer{[&] {
    for (int i = 0; i < 50; ++i)
      take_void(replace_certificate(files.certificate,
                                    i % 2 == 0 ? new_text : old_text));
  }};
  for (int i = 0; i < 200; ++i)
    EXPECT_THAT(read(files.certificate), AnyOf(old_text, new_text));
  writer.join();
}

} // namespace

} // namespace mfo::cluster::certificates
