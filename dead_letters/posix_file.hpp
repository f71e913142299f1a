#pragma once

#include "dead_letters/sink.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// The little of POSIX that makes a file durable.
namespace mfo::dead_letters {

/// Owns a file descriptor.
class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(descriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor();

  [[nodiscard]] int get() const noexcept {
    return number_;
  }

  explicit operator bool() const noexcept {
    return number_ >= 0;
  }

private:
  int number_ = -1;
};

/// "PATH: what the system says of `error`".
tl::unexpected<std::string> system_failure(std::string_view path, int error);

/// Bytes of the file.
tl::expected<std::uint64_t, std::string> size_of(const descriptor& file,
                                                 const std::string& path);

/// Whether the open file has no name any more.
tl::expected<bool, std::string> is_removed(const descriptor& file,
                                           const std::string& path);

/// Puts `bytes` behind the `size` bytes of the file and returns once they are
/// on the disk (fdatasync). After an error the file has its old size again,
/// unless the disk does not even allow that.
done append_durably(const descriptor& file, const std::string& path,
                    std::uint64_t size, std::string_view bytes);

/// Makes the names in a folder as durable as the files are.
done sync_folder(const descriptor& folder, const std::string& path);

/// Shows each line of the file without its newline, and where it begins;
/// `whole` is false for a last one that has no newline. Ends early when `take`
/// says false.
done for_each_line(
    const descriptor& file, const std::string& path,
    const std::function<bool(std::uint64_t offset, std::string_view line,
                             bool whole)>& take);

} // namespace mfo::dead_letters
