#include "node/graphviz.hpp"

#include "core/printable.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

namespace mfo::node {

namespace {

using clock = std::chrono::steady_clock;
template <class T>
using result = tl::expected<T, std::string>;

tl::unexpected<std::string> system_error(std::string_view what, int error) {
  return tl::unexpected(fmt::format("{}: {}", what, std::strerror(error)));
}

/// An open file that is closed with this.
class file {
public:
  explicit file(int number = -1) : number_(number) {}
  file(file&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  file& operator=(file&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~file() {
    close();
  }

  void close() {
    if (number_ >= 0)
      ::close(std::exchange(number_, -1));
  }

  [[nodiscard]] int number() const noexcept {
    return number_;
  }

private:
  int number_;
};

/// A file in memory, to be read from its beginning: unlike a pipe it takes all
/// at once, whether anybody reads or not.
result<file> in_memory(const std::string& text) {
  file made(::memfd_create("picture", MFD_CLOEXEC));
  if (made.number() < 0)
    return system_error("memfd_create", errno);
  for (std::size_t at = 0; at < text.size();) {
    const auto size =
        ::write(made.number(), text.data() + at, text.size() - at);
    if (size < 0 && errno == EINTR)
      continue;
    if (size < 0)
      return system_error("write", errno);
    at += static_cast<std::size_t>(size);
  }
  ::lseek(made.number(), 0, SEEK_SET);
  return made;
}

struct pipe {
  file read;
  file write;
};

result<pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return system_error("pipe", errno);
  return pipe{file(ends[0]), file(ends[1])};
}

/// Killed and waited for with this, if it has not ended before.
class process {
public:
  static result<process> start(const std::string& program, int in, int out,
                               int err) {
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, in, 0);
    ::posix_spawn_file_actions_adddup2(&files, out, 1);
    ::posix_spawn_file_actions_adddup2(&files, err, 2);
    ::posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    std::string name = program;
    std::string format = "-Tsvg";
    std::array<char*, 3> arguments{name.data(), format.data(), nullptr};
    pid_t id = -1;
    const int error = ::posix_spawnp(&id, name.c_str(), &files, &attributes,
                                     arguments.data(), ::environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (error == ENOENT)
      return tl::unexpected(fmt::format(
          "there is no program {}: install graphviz (apt-get install "
          "graphviz), or write DOT and draw it elsewhere",
          program));
    if (error != 0)
      return system_error(program, error);
    return process(id);
  }

  process(process&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  process& operator=(process&&) = delete;
  ~process() {
    if (id_ < 0)
      return;
    ::kill(id_, SIGKILL);
    static_cast<void>(wait());
  }

  /// Its exit status; 128 + N when signal N ended it.
  int wait() {
    int how = 0;
    while (::waitpid(id_, &how, 0) < 0 && errno == EINTR)
      ;
    id_ = -1;
    return WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
  }

private:
  explicit process(pid_t id) : id_(id) {}

  pid_t id_;
};

/// What one end of the program's output has given.
struct stream {
  file from;
  std::string bytes{};
  std::size_t most = 0;

  /// False once there is more than may be.
  bool read() {
    std::array<char, 65536> room{};
    const auto size = ::read(from.number(), room.data(), room.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
      return true;
    if (size <= 0) {
      from.close();
      return true;
    }
    const auto left = most - bytes.size();
    bytes.append(room.data(), std::min(left, static_cast<std::size_t>(size)));
    return static_cast<std::size_t>(size) <= left;
  }
};

/// Until both have ended; else what went wrong.
std::optional<std::string> read_all(stream& out, stream& err,
                                    const graphviz_options& how) {
  const auto deadline = clock::now() + how.timeout;
  while (out.from.number() >= 0 || err.from.number() >= 0) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    if (left.count() <= 0)
      return fmt::format("{} took longer than {} ms: the picture may be too "
                         "large for it; draw one taskflow at a time",
                         how.program, how.timeout.count());
    // A negative number is passed over.
    std::array<pollfd, 2> files{pollfd{out.from.number(), POLLIN, 0},
                                pollfd{err.from.number(), POLLIN, 0}};
    ::poll(files.data(), files.size(), static_cast<int>(left.count()));
    if (files[0].revents != 0 && !out.read())
      return fmt::format("{} wrote more than {} bytes", how.program,
                         how.max_output);
    if (files[1].revents != 0)
      static_cast<void>(err.read()); // the rest of its complaints is not kept
  }
  return std::nullopt;
}

} // namespace

tl::expected<std::string, std::string> to_svg(const std::string& dot,
                                              const graphviz_options& how) {
  constexpr std::size_t max_complaints = 2000;
  auto in = in_memory(dot);
  auto out = make_pipe();
  auto err = make_pipe();
  if (!in)
    return tl::unexpected(std::move(in.error()));
  if (!out || !err)
    return tl::unexpected(std::move(out ? err.error() : out.error()));
  auto child = process::start(how.program, in->number(), out->write.number(),
                              err->write.number());
  if (!child)
    return tl::unexpected(std::move(child.error()));
  out->write.close();
  err->write.close();
  stream picture{.from = std::move(out->read), .most = how.max_output};
  stream complaints{.from = std::move(err->read), .most = max_complaints};
  if (auto problem = read_all(picture, complaints, how))
    return tl::unexpected(*std::move(problem));
  if (const int status = child->wait(); status != 0)
    return tl::unexpected(fmt::format("{} ended with status {}: {}",
                                      how.program, status,
                                      core::printable(complaints.bytes, true)));
  return std::move(picture.bytes);
}

} // namespace mfo::node
