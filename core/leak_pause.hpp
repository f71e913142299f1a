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

/// `config`, for an actor system to be made of in the same expression, in which
/// leaks pause. CAF's broker is made with it, whose mailbox is never closed:
/// what comes at the very end stays, and may keep the broker (CAF 0.17.6). What
/// these have a hold of is not taken for lost then.
template <class Config>
Config& while_leaks_pause(Config& config, const leak_pause& = leak_pause{}) {
  return config;
}

} // namespace mfo::core
