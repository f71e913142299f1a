// Loaded into a program (LD_PRELOAD), it puts the clock of the day off: by what
// is in the file that MFO_CLOCK_OFFSET names, one number of 64 bits, as the
// machine has it, in nanoseconds. Who writes to that file steps the clock of a
// program that runs. Clocks that do not jump (CLOCK_MONOTONIC and the like) are
// left alone.
//
// Waits until a time of day end when they would have ended had nobody stepped
// the clock meanwhile; such a wait of the kernel's is longer after a step back.

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr std::int64_t second = 1'000'000'000; // ns

std::int64_t none = 0;
std::int64_t* offset_file = &none;

// The C library's. Null until this library is set up: looking it up takes
// memory, for which an allocator may want to know the time.
decltype(&::clock_gettime) clock_gettime_of_libc = nullptr;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::_Exit(1); // a program with the right time is not what was asked for
}

[[gnu::constructor]] void set_up() {
  clock_gettime_of_libc = reinterpret_cast<decltype(clock_gettime_of_libc)>(
      ::dlsym(RTLD_NEXT, "clock_gettime"));
  const char* path = std::getenv("MFO_CLOCK_OFFSET");
  const int file = ::open(path != nullptr ? path : "", O_RDONLY | O_CLOEXEC);
  if (file < 0)
    fail("MFO_CLOCK_OFFSET");
  void* at = ::mmap(nullptr, sizeof(none), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  if (at == MAP_FAILED)
    fail("MFO_CLOCK_OFFSET");
  offset_file = static_cast<std::int64_t*>(at);
}

std::int64_t offset() {
  return std::atomic_ref{*offset_file}.load(std::memory_order_relaxed);
}

void add(timespec& to, std::int64_t nanoseconds) {
  const auto sum = to.tv_nsec + nanoseconds % second;
  const auto carry = sum < 0 ? -1 : sum / second;
  to.tv_sec += nanoseconds / second + carry;
  to.tv_nsec = sum - carry * second;
}

int true_time(clockid_t which, timespec* to) {
  if (clock_gettime_of_libc != nullptr)
    return clock_gettime_of_libc(which, to);
  return static_cast<int>(::syscall(SYS_clock_gettime, which, to));
}

} // namespace

extern "C" {

int clock_gettime(clockid_t which, timespec* to) noexcept {
  const int status = true_time(which, to);
  if (status == 0 &&
      (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
    add(*to, offset());
  return status;
}

int gettimeofday(timeval* to, void*) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  *to = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* to) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (to != nullptr)
    *to = now.tv_sec;
  return now.tv_sec;
}

int timespec_get(timespec* to, int base) noexcept {
  return base == TIME_UTC && ::clock_gettime(CLOCK_REALTIME, to) == 0 ? base
                                                                      : 0;
}

// By the clock of the day, as condition variables have it that were not told of
// another one. (Those of the C++ library name theirs with each wait.)
int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* until) {
  timespec at = *until;
  add(at, -offset());
  return ::pthread_cond_clockwait(condition, mutex, CLOCK_REALTIME, &at);
}
}
