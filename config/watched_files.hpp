#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mfo::config {

/// Whether files are still as they were: replaced ones are others, also under
/// the same name and behind the same link. One owner, not thread-safe.
class watched_files {
public:
  /// Empty names are of no file. They are taken for changed until `note`.
  explicit watched_files(std::vector<std::string> paths);

  /// As they are now they are known. To be called before they are read, so
  /// that what changes meanwhile is seen the next time.
  void note();

  [[nodiscard]] bool changed() const;

private:
  /// What tells one version of a file from another; zeros: there is none.
  struct stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0; ///< its owner and mode, too

    friend bool operator==(const stamp&, const stamp&) = default;
  };

  [[nodiscard]] std::vector<stamp> stamps() const;

  std::vector<std::string> paths_;
  std::vector<stamp> known_;
};

} // namespace mfo::config
