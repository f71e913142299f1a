#include "config/file.hpp"

#include "config/units.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace mfo::config {

namespace {

class descriptor {
public:
  explicit descriptor(const std::string& path, int flags = 0)
    : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags)) {}

  ~descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }

  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  [[nodiscard]] int number() const {
    return number_;
  }

private:
  int number_;
};

std::string text_of(int error) {
  return std::error_code(error, std::generic_category()).message();
}

auto errno_text() {
  return tl::make_unexpected(text_of(errno));
}

tl::expected<std::string, std::string> read(const descriptor& file,
                                            std::size_t limit) {
  constexpr std::size_t step = 16 * 1024;
  if (file.number() < 0)
    return errno_text();
  std::string bytes;
  for (;;) {
    const auto size = bytes.size();
    bytes.resize(size + step);
    const auto got = ::read(file.number(), bytes.data() + size, step);
    if (got < 0 && errno != EINTR)
      return errno_text();
    bytes.resize(size + static_cast<std::size_t>(got < 0 ? 0 : got));
    if (bytes.size() > limit)
      return tl::make_unexpected("larger than " + format_size(limit));
    if (got == 0)
      return bytes;
  }
}

} // namespace

tl::expected<std::string, std::string> read_file(const std::string& path,
                                                 std::size_t limit) {
  return read(descriptor{path}, limit);
}

std::optional<std::string> why_not_regular(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    return text_of(errno);
  if (S_ISDIR(found.st_mode))
    return text_of(EISDIR);
  if (!S_ISREG(found.st_mode))
    return "is not a regular file";
  return std::nullopt;
}

tl::expected<std::string, std::string>
read_regular_file(const std::string& path, std::size_t limit) {
  if (auto why = why_not_regular(path))
    return tl::unexpected(*std::move(why));
  // Not even if it became a FIFO a moment ago.
  return read(descriptor{path, O_NONBLOCK}, limit);
}

void strip_line_break(std::string& bytes) {
  if (!bytes.ends_with('\n'))
    return;
  bytes.pop_back();
  if (bytes.ends_with('\r'))
    bytes.pop_back();
}

std::string beside(const std::string& config_file, const std::string& path) {
  return (std::filesystem::path(config_file).parent_path() / path).string();
}

} // namespace mfo::config
