#pragma once

#include "fuzz/target.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mfo::fuzz {

/// Memory whose last byte is followed by none that may be touched. Finds also
/// what a library reads too far that was built without a sanitizer.
class guarded_buffer {
public:
  explicit guarded_buffer(std::size_t size) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    size_ = (size + page - 1) / page * page;
    auto* memory = ::mmap(nullptr, size_ + page, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(memory != MAP_FAILED);
    begin_ = static_cast<char*>(memory);
    require(::mprotect(begin_ + size_, page, PROT_NONE) == 0);
  }

  guarded_buffer(const guarded_buffer&) = delete;
  guarded_buffer& operator=(const guarded_buffer&) = delete;

  /// A copy of `text` with just `padding` bytes of `fill` behind it. Valid
  /// until the next call.
  std::string_view place(std::string_view text, std::size_t padding,
                         char fill) {
    require(text.size() + padding <= size_);
    auto* const end = begin_ + size_;
    auto* const copy = end - padding - text.size();
    std::copy(text.begin(), text.end(), copy);
    std::fill(end - padding, end, fill);
    return {copy, text.size()};
  }

private:
  char* begin_ = nullptr; // for as long as the process lives
  std::size_t size_ = 0;
};

} // namespace mfo::fuzz
