#include "node/doctor/probes/clock_probe.hpp"

#include <sys/timex.h>

namespace mfo::node::doctor {

kernel_clock read_kernel_clock() {
  timex asked{};
  const int state = ::adjtimex(&asked);
  if (state < 0)
    return {};
  return {.known = true,
          .synchronised =
              state != TIME_ERROR && (asked.status & STA_UNSYNC) == 0,
          .max_error = std::chrono::microseconds{asked.maxerror}};
}

} // namespace mfo::node::doctor
