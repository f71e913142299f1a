#include "node/doctor/probes/limits_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace mfo::node::doctor {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kib = 1024;

/// A number, or nothing: `max`, `unlimited`, no file.
std::optional<std::uint64_t> number_in(const fs::path& file) {
  std::ifstream in{file};
  std::uint64_t number = 0;
  if (in >> number)
    return number;
  return std::nullopt;
}

/// Of "Max open files  1024  524288  files", proc(5).
void read_descriptors(const fs::path& limits, allowance& into) {
  constexpr std::string_view row{"Max open files"};
  std::ifstream in{limits};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(row)) {
      std::istringstream rest{line.substr(row.size())};
      rest >> into.descriptors >> into.hard;
    }
}

struct memory_limit {
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();
  std::string by;
};

void lower(memory_limit& least, const fs::path& file) {
  const auto found = number_in(file);
  if (found && *found < least.bytes)
    least = {*found, file.string()};
}

/// Of a group and of all that it is in.
void lower_by_group(memory_limit& least, const fs::path& root,
                    const std::string& group, const char* file) {
  auto at = fs::path{group}.relative_path();
  for (; !at.empty(); at = at.parent_path())
    lower(least, root / at / file);
  lower(least, root / file);
}

/// Lines are "0::/a/b" (v2) and "4:memory:/a/b" (v1): cgroups(7).
void lower_by_groups(memory_limit& least, const fs::path& groups,
                     const fs::path& root) {
  std::ifstream in{groups};
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == line.npos || second == line.npos)
      continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    const auto group = line.substr(second + 1);
    if (controllers.empty())
      lower_by_group(least, root, group, "memory.max");
    else if (("," + controllers + ",").find(",memory,") != std::string::npos)
      lower_by_group(least, root / "memory", group, "memory.limit_in_bytes");
  }
}

/// Of "MemTotal:  16384 kB".
void lower_by_host(memory_limit& least, const fs::path& meminfo) {
  std::ifstream in{meminfo};
  std::string word;
  std::uint64_t number = 0;
  if (in >> word >> number && word == "MemTotal:" && number * kib < least.bytes)
    least = {number * kib, "the memory of this host"};
}

} // namespace

allowance read_allowance(std::optional<pid_t> of, const kernel_folders& where) {
  const auto own = where.proc / (of ? std::to_string(*of) : "self");
  allowance given{.of_whom = of ? fmt::format("the running one (pid {})", *of)
                                : std::string{"what this shell starts"}};
  read_descriptors(own / "limits", given);
  memory_limit least;
  lower_by_groups(least, own / "cgroup", where.cgroups);
  lower_by_host(least, where.proc / "meminfo");
  if (!least.by.empty()) {
    given.memory = least.bytes;
    given.memory_by = std::move(least.by);
  }
  return given;
}

} // namespace mfo::node::doctor
