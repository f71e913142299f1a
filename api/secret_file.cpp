#include "api/secret_file.hpp"

#include "config/file.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

namespace mfo::api {

namespace {

constexpr std::size_t max_size = 64 * 1024;
constexpr std::chrono::seconds shortest_look{1};

tl::expected<file_stamp, std::string> look_at(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    return tl::unexpected(
        std::error_code(errno, std::generic_category()).message());
  // A pipe can be read once, and opening it again would wait for a writer.
  if (!S_ISREG(found.st_mode))
    return tl::unexpected<std::string>("is not a regular file");
  constexpr std::int64_t second = 1'000'000'000;
  return file_stamp{found.st_mtim.tv_sec * second + found.st_mtim.tv_nsec,
                    found.st_ino, static_cast<std::uint64_t>(found.st_size)};
}

} // namespace

file_access system_files() {
  return {look_at, [](const std::string& path) {
            return config::read_regular_file(path, max_size);
          }};
}

secret_file::secret_file(config::secret_source source, secret_reader reader,
                         check fault)
  : source_(std::move(source)), reader_(std::move(reader)),
    fault_(std::move(fault)) {
  if (source_.value.empty() && !source_.file.empty())
    look();
}

bool secret_file::refresh(time now) {
  // A clock that was set back must not stop it for long.
  const bool soon =
      looked_at_ && now >= *looked_at_ && now < *looked_at_ + shortest_look;
  if (source_.file.empty() || soon)
    return false;
  looked_at_ = now;
  return look();
}

bool secret_file::look() {
  // The stamp first: what is written between the two is found the next time.
  const auto stamp = reader_.files.look(source_.file);
  if (stamp && seen_ && *stamp == *seen_) {
    complaint_.clear();
    return false;
  }
  auto bytes = stamp ? reader_.files.read(source_.file)
                     : tl::make_unexpected(stamp.error());
  if (!bytes) {
    complain(fmt::format("cannot read {}: {}", source_.file, bytes.error()));
    return false;
  }
  config::strip_line_break(*bytes);
  const auto fault = bytes->empty() ? "is empty" : fault_(*bytes);
  if (!fault.empty()) {
    complain(fmt::format("the secret in {} {}", source_.file, fault));
    return false;
  }
  complaint_.clear();
  seen_ = *stamp;
  config::secret read{*std::move(bytes)};
  const bool changed = read != source_.value;
  source_.value = std::move(read);
  return changed;
}

void secret_file::complain(const std::string& why) {
  if (why == complaint_)
    return;
  complaint_ = why;
  reader_.warn(source_.value.empty() ? why
                                     : why + "; the one before stays in use");
}

} // namespace mfo::api
