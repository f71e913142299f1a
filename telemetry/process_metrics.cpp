#include "telemetry/process_metrics.hpp"

#include "telemetry/exposition.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace mfo::telemetry {

namespace {

/// The fields of /proc/self/stat that follow the command's name, which may
/// hold spaces and brackets itself; the first is field 3 of proc(5).
std::vector<std::string> read_stat() {
  std::ifstream file{"/proc/self/stat"};
  std::string line;
  std::getline(file, line);
  const auto bracket = line.rfind(')');
  if (bracket == std::string::npos)
    return {};
  std::istringstream rest{line.substr(bracket + 1)};
  return {std::istream_iterator<std::string>{rest},
          std::istream_iterator<std::string>{}};
}

double boot_time() {
  std::ifstream file{"/proc/stat"};
  std::string word;
  while (file >> word)
    if (double seconds = 0; word == "btime" && file >> seconds)
      return seconds;
  return 0;
}

double count_open_fds() {
  std::error_code error;
  const std::filesystem::directory_iterator folder{"/proc/self/fd", error};
  if (error)
    return 0;
  // The iterator's own descriptor is not ours to count.
  return static_cast<double>(std::distance(begin(folder), end(folder))) - 1;
}

void add(std::vector<prometheus::MetricFamily>& out,
         const metric_description& metric, double value) {
  out.push_back(make_family(metric));
  add_sample(out.back(), {}, value);
}

} // namespace

std::vector<prometheus::MetricFamily> read_process_metrics() {
  std::vector<prometheus::MetricFamily> out;
  const auto stat = read_stat();
  if (stat.size() > 21) {
    const auto field = [&](std::size_t number) {
      return std::stod(stat[number - 3]);
    };
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    add(out, process_cpu, (field(14) + field(15)) / ticks);
    add(out, process_threads, field(20));
    add(out, process_start_time, boot_time() + field(22) / ticks);
    add(out, process_virtual_memory, field(23));
    add(out, process_resident_memory, field(24) * page);
  }
  add(out, process_open_fds, count_open_fds());
  if (rlimit limit{}; ::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    add(out, process_max_fds, static_cast<double>(limit.rlim_cur));
  return out;
}

} // namespace mfo::telemetry
