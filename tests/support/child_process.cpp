#include "tests/support/child_process.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

// glibc 2.36 declares what is in here for C alone.
extern "C" {
#include <sys/pidfd.h>
}

namespace mfo::support {

namespace {

std::vector<std::string> environment(child_process::variables extra) {
  std::vector<std::string> result;
  for (auto** each = ::environ; *each != nullptr; ++each) {
    const std::string_view entry{*each};
    const std::string name{entry.substr(0, entry.find('='))};
    if (!extra.contains(name))
      result.emplace_back(entry);
  }
  for (const auto& [name, value] : extra)
    result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// Read end and write end, neither inherited.
std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    ADD_FAILURE() << "no pipe: " << std::strerror(errno);
  return ends;
}

template <class Take>
void read_all(int from, Take take) {
  std::array<char, 65536> bytes;
  for (;;) {
    const auto size = ::read(from, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      break;
    take(std::string_view{bytes.data(), static_cast<std::size_t>(size)});
  }
  ::close(from);
}

/// For where processes have no handles, as with the valgrind of Debian 12.
bool ends_before(pid_t pid, std::chrono::steady_clock::time_point last) {
  siginfo_t ended{};
  do {
    ::waitid(P_PID, static_cast<id_t>(pid), &ended,
             WEXITED | WNOHANG | WNOWAIT);
  } while (ended.si_pid != pid && std::chrono::steady_clock::now() < last &&
           ::poll(nullptr, 0, 10) == 0);
  return ended.si_pid == pid;
}

/// Whether the process has ended by then.
bool ends_within(pid_t pid, std::chrono::milliseconds longest) {
  const int handle = ::pidfd_open(pid, 0);
  if (handle < 0)
    return ends_before(pid, std::chrono::steady_clock::now() + longest);
  pollfd ended{handle, POLLIN, 0};
  const int ready = ::poll(&ended, 1, static_cast<int>(longest.count()));
  ::close(handle);
  return ready == 1;
}

} // namespace

child_process::child_process(const std::vector<std::string>& arguments,
                             const variables& extra) {
  // A test that crashes ends nothing: its children are to end with it.
  std::vector<std::string> words{"/usr/bin/setpriv", "--pdeathsig", "KILL",
                                 "--"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  if (::access(arguments.front().c_str(), X_OK) != 0)
    ADD_FAILURE() << arguments.front() << ": " << std::strerror(errno);
  auto settings = environment(extra);
  const auto out = make_pipe();
  const auto err = make_pipe();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  ::posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  // Asio's sockets would be inherited, and keep a port after their owner.
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  const int error =
      ::posix_spawn(&pid_, words.front().c_str(), &actions, nullptr,
                    pointers(words).data(), pointers(settings).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(err[1]);
  if (error != 0) {
    ADD_FAILURE() << words.front() << ": " << std::strerror(error);
    pid_ = -1;
    status_ = 127;
  }
  output_reader_ = std::thread{[this, from = out[0]] {
    read_output(from);
  }};
  error_reader_ = std::thread{[this, from = err[0]] {
    read_errors(from);
  }};
}

child_process::~child_process() {
  signal(SIGKILL);
  wait(patience);
  for (auto* reader : {&output_reader_, &error_reader_})
    if (reader->joinable())
      reader->join();
}

void child_process::signal(int number) const {
  // Once it was waited for, the number may be another process's.
  if (!status_)
    ::kill(pid_, number);
}

void child_process::read_output(int from) {
  read_all(from, [this](std::string_view bytes) {
    const std::lock_guard lock{mutex_};
    unfinished_.append(bytes);
    std::size_t begin = 0;
    for (auto end = unfinished_.find('\n'); end != std::string::npos;
         end = unfinished_.find('\n', begin)) {
      lines_.push_back(unfinished_.substr(begin, end - begin));
      begin = end + 1;
    }
    unfinished_.erase(0, begin);
    changed_.notify_all();
  });
  const std::lock_guard lock{mutex_};
  output_ended_ = true;
  changed_.notify_all();
}

void child_process::read_errors(int from) {
  read_all(from, [this](std::string_view bytes) {
    const std::lock_guard lock{mutex_};
    errors_.append(bytes);
  });
}

std::optional<std::string> child_process::wait_for_line(
    const std::function<bool(const std::string&)>& wanted,
    std::chrono::milliseconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  std::unique_lock lock{mutex_};
  std::size_t looked_at = 0;
  for (;;) {
    for (; looked_at < lines_.size(); ++looked_at)
      if (wanted(lines_[looked_at]))
        return lines_[looked_at];
    if (output_ended_ ||
        changed_.wait_until(lock, end) == std::cv_status::timeout)
      return std::nullopt;
  }
}

std::optional<std::string>
child_process::wait_for_line(std::string_view text,
                             std::chrono::milliseconds longest) {
  return wait_for_line(
      [text](const std::string& line) {
        return line.find(text) != std::string::npos;
      },
      longest);
}

std::optional<int> child_process::wait(std::chrono::milliseconds longest) {
  if (status_)
    return status_;
  if (!ends_within(pid_, longest))
    return std::nullopt;
  int how = 0;
  ::waitpid(pid_, &how, 0);
  status_ = WIFSIGNALED(how) ? -WTERMSIG(how) : WEXITSTATUS(how);
  output_reader_.join();
  error_reader_.join();
  return status_;
}

std::vector<std::string> child_process::lines() const {
  const std::lock_guard lock{mutex_};
  return lines_;
}

std::string child_process::output() const {
  const std::lock_guard lock{mutex_};
  std::string all;
  for (const auto& line : lines_)
    all.append(line).append("\n");
  return all + unfinished_;
}

std::string child_process::errors() const {
  const std::lock_guard lock{mutex_};
  return errors_;
}

} // namespace mfo::support
