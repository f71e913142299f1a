#pragma once

#ifdef MFO_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

namespace mfo::core {

/// While one lives, LeakSanitizer takes what its thread allocates for kept;
/// without that sanitizer it does nothing. For libraries that lose memory and
/// that nobody here can mend.
class leak_pause {
public:
#ifdef MFO_ADDRESS_SANITIZER
  leak_pause() {
    __lsan_disable();
  }
  ~leak_pause() {
    __lsan_enable();
  }
#else
  leak_pause() {}
  ~leak_pause() {}
#endif
  leak_pause(const leak_pause&) = delete;
  leak_pause& operator=(const leak_pause&) = delete;
};

} // namespace mfo::core
