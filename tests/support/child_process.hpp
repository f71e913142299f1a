#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mfo::support {

/// Longer than anything here takes on a busy machine with sanitizers.
inline constexpr std::chrono::seconds patience{30};

/// A program under test: its output is read as it comes, and it is killed
/// (SIGKILL) and waited for when this goes out of scope, and killed when the
/// test crashes.
class child_process {
public:
  using variables = std::map<std::string, std::string>;

  /// Starts `arguments[0]`, a path, with this process's environment and
  /// `extra` on top. Standard input is empty. A program that cannot be
  /// started is a failure of the test.
  explicit child_process(const std::vector<std::string>& arguments,
                         const variables& extra = {});
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  [[nodiscard]] pid_t pid() const noexcept {
    return pid_;
  }

  void signal(int number) const;

  /// The first line of standard output that `wanted` accepts, waiting for it;
  /// nothing when it has not come by then or output has ended.
  std::optional<std::string>
  wait_for_line(const std::function<bool(const std::string&)>& wanted,
                std::chrono::milliseconds longest = patience);

  /// The same, for a line that contains `text`.
  std::optional<std::string>
  wait_for_line(std::string_view text,
                std::chrono::milliseconds longest = patience);

  /// How it ended: its exit status, or -N when signal N ended it; nothing
  /// when it has not ended by then. Its output is complete afterwards.
  std::optional<int> wait(std::chrono::milliseconds longest = patience);

  /// What it wrote so far: whole lines of standard output, and all of
  /// standard error.
  [[nodiscard]] std::vector<std::string> lines() const;
  [[nodiscard]] std::string output() const;
  [[nodiscard]] std::string errors() const;

private:
  void read_output(int from);
  void read_errors(int from);

  pid_t pid_ = -1;
  std::optional<int> status_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_; ///< guarded by mutex_
  std::string unfinished_;         ///< of a line; guarded by mutex_
  std::string errors_;             ///< guarded by mutex_
  bool output_ended_ = false;      ///< guarded by mutex_
  std::thread output_reader_;
  std::thread error_reader_;
};

} // namespace mfo::support
