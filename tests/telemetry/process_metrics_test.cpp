#include "telemetry/process_metrics.hpp"

#include "telemetry/metric_table.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>

namespace mfo::telemetry {

namespace {

double read(std::string_view name) {
  for (const auto& family : read_process_metrics())
    if (family.name == name && family.metric.size() == 1)
      return family.type == prometheus::MetricType::Counter
                 ? family.metric[0].counter.value
                 : family.metric[0].gauge.value;
  ADD_FAILURE() << "no " << name;
  return -1;
}

TEST(process_metrics, are_all_there) {
  int count = 0;
  for (const auto& each : all_metrics)
    if (each.name.starts_with("process_")) {
      read(each.name);
      ++count;
    }
  EXPECT_EQ(read_process_metrics().size(), static_cast<std::size_t>(count));
}

TEST(process_metrics, count_a_descriptor_that_is_opened) {
  const auto before = read("process_open_fds");
  const int one = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(read("process_open_fds"), before + 1);
  ::close(one);
  EXPECT_EQ(read("process_open_fds"), before);
  EXPECT_LE(before, read("process_max_fds"));
}

TEST(process_metrics, count_a_thread_that_is_started) {
  std::mutex mutex;
  std::unique_lock lock{mutex};
  const auto before = read("process_threads");
  std::thread waits{[&mutex] {
    const std::lock_guard until_let{mutex};
  }};
  EXPECT_EQ(read("process_threads"), before + 1);
  lock.unlock();
  waits.join();
}

TEST(process_metrics, tell_when_the_process_began) {
  const auto now = std::chrono::duration<double>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const auto began = read("process_start_time_seconds");
  EXPECT_LE(began, now + 2) << "btime is in whole seconds";
  EXPECT_GT(began, now - 3'600);
}

TEST(process_metrics, tell_memory_in_bytes) {
  const auto resident = read("process_resident_memory_bytes");
  EXPECT_GT(resident, 1024 * 1024);
  EXPECT_LE(resident, read("process_virtual_memory_bytes"));
}

TEST(process_metrics, tell_cpu_time_in_seconds) {
  const auto before = read("process_cpu_seconds_total");
  EXPECT_GE(before, 0);
  EXPECT_LT(before, 3'600);
  EXPECT_GE(read("process_cpu_seconds_total"), before);
}

} // namespace

} // namespace mfo::telemetry
