#include "config/watched_files.hpp"

#include <sys/stat.h>

#include <utility>

namespace mfo::config {

namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;

std::int64_t in_ns(const timespec& time) {
  return time.tv_sec * ns_per_s + time.tv_nsec;
}

} // namespace

watched_files::watched_files(std::vector<std::string> paths)
  : paths_(std::move(paths)) {}

void watched_files::note() {
  known_ = stamps();
}

bool watched_files::changed() const {
  return stamps() != known_;
}

std::vector<watched_files::stamp> watched_files::stamps() const {
  std::vector<stamp> result;
  for (const auto& path : paths_) {
    struct stat found {};
    auto& one = result.emplace_back();
    if (!path.empty() && ::stat(path.c_str(), &found) == 0)
      one = {found.st_dev, found.st_ino, found.st_size, in_ns(found.st_mtim),
             in_ns(found.st_ctim)};
  }
  return result;
}

} // namespace mfo::config
