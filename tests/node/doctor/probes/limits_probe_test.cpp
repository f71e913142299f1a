#include "node/doctor/probes/limits_probe.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

namespace mfo::node::doctor {
namespace {

using testing::HasSubstr;

/// A kernel as files.
class what_a_process_may_take : public testing::Test {
protected:
  what_a_process_may_take() {
    files.write("proc/17/limits",
                "Limit            Soft Limit  Hard Limit  Units\n"
                "Max processes    100         200         processes\n"
                "Max open files   1024        524288      files\n");
    files.write("proc/meminfo", "MemTotal:  4194304 kB\nMemFree: 1 kB\n");
    files.write("proc/17/cgroup", "0::/system.slice/mfo.service\n");
  }

  allowance read() {
    return read_allowance(17, {files / "proc", files / "cgroups"});
  }

  support::temporary_folder files;
};

TEST_F(what_a_process_may_take, is_in_its_limits) {
  EXPECT_EQ(read().descriptors, 1024u);
  EXPECT_EQ(read().hard, 524288u);
  EXPECT_THAT(read().of_whom, HasSubstr("pid 17"));
}

TEST_F(what_a_process_may_take, is_the_hosts_memory_without_a_limit) {
  files.write("cgroups/system.slice/mfo.service/memory.max", "max\n");
  EXPECT_EQ(read().memory, 4096ull << 20);
  EXPECT_THAT(read().memory_by, HasSubstr("this host"));
}

TEST_F(what_a_process_may_take, is_the_least_of_its_groups) {
  files.write("cgroups/system.slice/mfo.service/memory.max", "536870912\n");
  EXPECT_EQ(read().memory, 512u << 20);
  files.write("cgroups/system.slice/memory.max", "268435456\n");
  EXPECT_EQ(read().memory, 256u << 20);
  EXPECT_THAT(read().memory_by, HasSubstr("system.slice/memory.max"));
}

TEST_F(what_a_process_may_take, is_told_by_cgroups_of_version_1_as_well) {
  files.write("proc/17/cgroup", "5:cpu:/a\n4:memory:/docker/x\n");
  files.write("cgroups/memory/docker/x/memory.limit_in_bytes", "134217728\n");
  EXPECT_EQ(read().memory, 128u << 20);
}

TEST_F(what_a_process_may_take, is_unknown_of_a_process_that_is_gone) {
  const auto none = read_allowance(18, {files / "nothing", files / "nothing"});
  EXPECT_EQ(none.descriptors, 0u);
  EXPECT_FALSE(none.memory);
}

TEST(this_process, has_limits) {
  EXPECT_GT(read_allowance(std::nullopt).descriptors, 0u);
  EXPECT_GT(read_allowance(::getpid()).memory.value_or(0), 0u);
}

} // namespace
} // namespace mfo::node::doctor
