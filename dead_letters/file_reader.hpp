#pragma once

#include "dead_letters/letter_folder.hpp"
#include "dead_letters/sink.hpp"

#include <chrono>
#include <string>

namespace mfo::dead_letters {

/// Reads a folder of letters (letter_folder.hpp) while others write to it. A
/// handle is "NUMBER:OFFSET" and names its letter for good.
class file_reader final : public reader {
public:
  /// `timeout`: for the folder's lock, when something is marked.
  file_reader(std::string path, std::chrono::milliseconds timeout)
    : path_(std::move(path)), timeout_(timeout) {}

  tl::expected<walk_report, std::string>
  for_each(const visitor& visit) override;
  done mark_replayed(const std::string& handle) override;
  done purge(std::span<const std::string> handles) override;

  /// Removes the files whose letters are all gone. A file with a line that is
  /// no letter is kept, for somebody to look at it.
  done tidy() override;

private:
  std::string path_;
  std::chrono::milliseconds timeout_;
};

} // namespace mfo::dead_letters
