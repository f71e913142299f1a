// Loaded into a program (LD_PRELOAD), it counts how often that asks for memory,
// in the file that MFO_ALLOCATION_COUNT names: one number of 64 bits, as the
// machine has it, which a test reads while the program runs.
//
// All memory comes from glibc then, whichever malloc the program has: how often
// it is asked does not depend on that.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

// What glibc's own functions of these names call.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace {

using counter = std::atomic<std::uint64_t>;

counter before_the_file{0};
counter* counted = &before_the_file;

[[gnu::constructor]] void open_file() {
  const char* path = std::getenv("MFO_ALLOCATION_COUNT");
  const int file = path != nullptr ? ::open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0)
    return;
  void* at = ::mmap(nullptr, sizeof(counter), PROT_READ | PROT_WRITE,
                    MAP_SHARED, file, 0);
  ::close(file);
  if (at != MAP_FAILED)
    counted = static_cast<counter*>(at);
}

void count() {
  counted->fetch_add(1, std::memory_order_relaxed);
}

} // namespace

extern "C" {

void* malloc(std::size_t size) {
  count();
  return __libc_malloc(size);
}

void* calloc(std::size_t number, std::size_t size) {
  count();
  return __libc_calloc(number, size);
}

void* realloc(void* old, std::size_t size) {
  count();
  return __libc_realloc(old, size);
}

void* memalign(std::size_t alignment, std::size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** to, std::size_t alignment, std::size_t size) {
  count();
  void* made = __libc_memalign(alignment, size);
  if (made == nullptr)
    return ENOMEM;
  *to = made;
  return 0;
}

void free(void* memory) {
  __libc_free(memory);
}
}

// A malloc may bring these, too, and then not by way of the above.

void* operator new(std::size_t size) {
  if (void* made = malloc(size))
    return made;
  throw std::bad_alloc{};
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  if (void* made = memalign(static_cast<std::size_t>(alignment), size))
    return made;
  throw std::bad_alloc{};
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return malloc(size);
}

void* operator new(std::size_t size, std::align_val_t alignment,
                   const std::nothrow_t&) noexcept {
  return memalign(static_cast<std::size_t>(alignment), size);
}

void* operator new[](std::size_t size) {
  return operator new(size);
}

void* operator new[](std::size_t size, std::align_val_t alignment) {
  return operator new(size, alignment);
}

void* operator new[](std::size_t size, const std::nothrow_t& none) noexcept {
  return operator new(size, none);
}

void* operator new[](std::size_t size, std::align_val_t alignment,
                     const std::nothrow_t& none) noexcept {
  return operator new(size, alignment, none);
}

void operator delete(void* memory) noexcept {
  free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept {
  free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  free(memory);
}

void operator delete(void* memory, const std::nothrow_t&) noexcept {
  free(memory);
}

void operator delete(void* memory, std::align_val_t,
                     const std::nothrow_t&) noexcept {
  free(memory);
}

void operator delete[](void* memory) noexcept {
  free(memory);
}

void operator delete[](void* memory, std::size_t) noexcept {
  free(memory);
}

void operator delete[](void* memory, std::align_val_t) noexcept {
  free(memory);
}

void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  free(memory);
}

void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  free(memory);
}

void operator delete[](void* memory, std::align_val_t,
                       const std::nothrow_t&) noexcept {
  free(memory);
}
