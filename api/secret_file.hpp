#pragma once

#include "config/server_settings.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::api {

/// What changes of a file when its content does: cheap to ask for.
struct file_stamp {
  std::int64_t modified_ns = 0; ///< since 1970
  std::uint64_t inode = 0;
  std::uint64_t size = 0; ///< bytes

  friend bool operator==(const file_stamp&, const file_stamp&) = default;
};

/// How files are looked at and read. The errors are the system's words; they
/// quote nothing of a file.
struct file_access {
  std::function<tl::expected<file_stamp, std::string>(const std::string&)> look;
  std::function<tl::expected<std::string, std::string>(const std::string&)>
      read;
};

/// The real files, 64 KiB of one at most.
file_access system_files();

/// What a provider needs of the world to get at secrets.
struct secret_reader {
  file_access files = system_files();
  /// Told once of each new reason why a secret's file is of no use. A sentence
  /// that names the file and nothing of what is in it.
  std::function<void(const std::string&)> warn = [](const std::string&) {
  };
};

/// A secret of the configuration; one that stands in a file of its own is read
/// again when the file has changed. A file that is gone, empty, unreadable or
/// holds what is no good keeps the last good value, and is warned of. Replace
/// such a file by renaming a new one over it: one that is written in place may
/// be read half-written.
///
/// Not thread-safe.
class secret_file {
public:
  using time = std::chrono::system_clock::time_point;

  /// Whether a value will do: nothing, or what is wrong with it, in words that
  /// go on after "the secret in <file> ".
  using check = std::function<std::string(std::string_view)>;

  /// Reads the file at once if `source` has no value.
  secret_file(config::secret_source source, secret_reader reader, check fault);

  /// Looks at the file, at most once a second. True: the value is another one.
  bool refresh(time now);

  /// Empty: there never was a good one.
  [[nodiscard]] const config::secret& value() const noexcept {
    return source_.value;
  }

private:
  bool look();
  void complain(const std::string& why);

  config::secret_source source_;
  secret_reader reader_;
  check fault_;
  std::optional<file_stamp> seen_; ///< of the value
  std::optional<time> looked_at_;
  std::string complaint_; ///< the last one, while it holds
};

} // namespace mfo::api
