#include "dead_letters/posix_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace mfo::dead_letters {

namespace {

/// 0 or errno.
int write_all(int file, std::uint64_t at, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto written =
        ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return errno;
    if (written == 0)
      return ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    at += static_cast<std::uint64_t>(written);
  }
  return 0;
}

} // namespace

descriptor::~descriptor() {
  if (number_ >= 0)
    ::close(number_);
}

tl::unexpected<std::string> system_failure(std::string_view path, int error) {
  return tl::unexpected(
      fmt::format("{}: {}", path, std::system_category().message(error)));
}

tl::expected<std::uint64_t, std::string> size_of(const descriptor& file,
                                                 const std::string& path) {
  struct stat found {};
  if (::fstat(file.get(), &found) != 0)
    return system_failure(path, errno);
  return static_cast<std::uint64_t>(found.st_size);
}

tl::expected<bool, std::string> is_removed(const descriptor& file,
                                           const std::string& path) {
  struct stat found {};
  if (::fstat(file.get(), &found) != 0)
    return system_failure(path, errno);
  return found.st_nlink == 0;
}

done append_durably(const descriptor& file, const std::string& path,
                    std::uint64_t size, std::string_view bytes) {
  int error = write_all(file.get(), size, bytes);
  if (error == 0 && ::fdatasync(file.get()) != 0)
    error = errno;
  if (error == 0)
    return {};
  // Whoever appends next looks at the end of the file anyway, so that a
  // failure here costs nothing but room.
  if (::ftruncate(file.get(), static_cast<off_t>(size)) == 0)
    ::fdatasync(file.get());
  return system_failure(path, error);
}

done sync_folder(const descriptor& folder, const std::string& path) {
  if (::fsync(folder.get()) != 0)
    return system_failure(path, errno);
  return {};
}

done for_each_line(
    const descriptor& file, const std::string& path,
    const std::function<bool(std::uint64_t offset, std::string_view line,
                             bool whole)>& take) {
  constexpr std::size_t step = 256 * 1024;
  std::string buffer;
  std::uint64_t offset = 0;  // of the buffer's first byte
  std::size_t looked_at = 0; // no newline before this
  for (;;) {
    const auto have = buffer.size();
    buffer.resize(have + step);
    const auto size = ::pread(file.get(), buffer.data() + have, step,
                              static_cast<off_t>(offset + have));
    const int error = errno;
    buffer.resize(have + static_cast<std::size_t>(size < 0 ? 0 : size));
    if (size < 0 && error == EINTR)
      continue;
    if (size < 0)
      return system_failure(path, error);
    if (size == 0)
      break;
    std::size_t begin = 0;
    for (auto end = buffer.find('\n', looked_at); end != std::string::npos;
         end = buffer.find('\n', begin)) {
      const std::string_view line{buffer.data() + begin, end - begin};
      if (!take(offset + begin, line, true))
        return {};
      begin = end + 1;
    }
    buffer.erase(0, begin);
    offset += begin;
    looked_at = buffer.size();
  }
  if (!buffer.empty())
    take(offset, buffer, false);
  return {};
}

} // namespace mfo::dead_letters
