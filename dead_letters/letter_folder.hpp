#pragma once

#include "dead_letters/posix_file.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mfo::dead_letters {

/// A file of letters, one a line.
struct data_file {
  std::uint64_t number = 0;
  std::uint64_t size = 0; ///< bytes
};

/// A folder of dead letters:
///
///     letters-00000001.jsonl  letters, one JSON object a line, appended to
///     letters-00000001.done   where the letters begin that are gone
///     lock                    flock(2), held by whoever changes something
///
/// Numbers only grow and none is used twice, so that file and offset name a
/// letter for good. Readers need no lock: what is written is only appended to,
/// or removed as a whole.
class letter_folder {
public:
  /// Makes it, and the folders it is in, where it is missing.
  static tl::expected<letter_folder, std::string> make(const std::string& path);

  /// Nothing where it is missing.
  static tl::expected<std::optional<letter_folder>, std::string>
  open(const std::string& path);

  /// Whether this process may make files in it.
  done check_writable() const;

  /// Waits for whoever holds the lock, and holds it until the result is
  /// destroyed.
  tl::expected<descriptor, std::string>
  lock(std::chrono::milliseconds timeout) const;

  /// By number.
  tl::expected<std::vector<data_file>, std::string> files() const;

  /// The file of this number, for reading or for both. Nothing where it does
  /// not exist.
  tl::expected<std::optional<descriptor>, std::string>
  open_data(std::uint64_t number, bool writing) const;

  /// A new, empty file that is there after a crash too. Requires the lock.
  tl::expected<descriptor, std::string> make_data(std::uint64_t number) const;

  /// Removes the file and its marks. Requires the lock.
  done remove_data(std::uint64_t number) const;

  /// Notes that the letters at these offsets are gone, durably. Takes the lock.
  done mark(std::uint64_t number, const std::vector<std::uint64_t>& offsets,
            std::chrono::milliseconds timeout) const;

  /// What was noted so.
  tl::expected<std::set<std::uint64_t>, std::string>
  marks(std::uint64_t number) const;

  std::string data_path(std::uint64_t number) const;
  std::string marks_path(std::uint64_t number) const;

private:
  letter_folder(std::string path, descriptor folder)
    : path_(std::move(path)), folder_(std::move(folder)) {}

  tl::expected<std::optional<descriptor>, std::string>
  open_file(const std::string& path, int flags) const;

  std::string path_;
  descriptor folder_;
};

} // namespace mfo::dead_letters
