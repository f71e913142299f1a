#pragma once

#include "dead_letters/letter_folder.hpp"
#include "dead_letters/sink.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace mfo::dead_letters {

struct file_settings {
  std::string path;                     ///< a folder, made if missing
  std::size_t max_file_size = 64 << 20; ///< bytes, then the next is begun
  std::size_t max_size = std::size_t{1} << 30; ///< bytes of all letters
  std::chrono::milliseconds timeout{5'000};    ///< for the folder's lock
};

/// JSON lines in a folder (letter_folder.hpp). `write` returns once the letters
/// are on the disk; a batch costs one fdatasync for each file that it touches.
/// When they would exceed `max_size`, none is written and none is removed: the
/// sink is full until letters are replayed or purged.
///
/// Keeps no state between two writes, so that whatever a crash, another
/// process or a full disk left behind is looked at anew. Any number of
/// processes may write to one folder.
class file_sink final : public sink {
public:
  explicit file_sink(file_settings settings) : settings_(std::move(settings)) {}

  /// Makes the folder.
  done prepare() override;
  done probe() override;

  done write(std::span<const letter_ptr> letters) override;

private:
  struct open_file;

  tl::expected<open_file, std::string>
  newest(const letter_folder& folder,
         const std::vector<data_file>& files) const;
  done has_room(const std::vector<data_file>& files,
                std::uint64_t wanted) const;
  done append(const letter_folder& folder, open_file current,
              const std::vector<std::string>& lines) const;

  file_settings settings_;
};

} // namespace mfo::dead_letters
