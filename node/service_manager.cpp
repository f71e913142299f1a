#include "node/service_manager.hpp"

#include "core/printable.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace mfo::node {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

/// The environment stays as it is: nobody may change it while others read it.
void notify(const std::string& lines) {
  ::sd_notify(0, lines.c_str());
}

std::string status_line(std::string_view status) {
  return "STATUS=" + core::printable(status);
}

} // namespace

service_manager::service_manager() {
  std::uint64_t microseconds_granted = 0;
  if (::sd_watchdog_enabled(0, &microseconds_granted) > 0)
    watchdog_ = microseconds{microseconds_granted};
}

void service_manager::ready(std::string_view status) const {
  notify("READY=1\n" + status_line(status));
}

void service_manager::status(std::string_view status) const {
  notify(status_line(status));
}

void service_manager::reloading() const {
  // CLOCK_MONOTONIC, which is what systemd compares it with.
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\n{}",
                     duration_cast<microseconds>(now).count(),
                     status_line("Reads its files again")));
}

void service_manager::stopping(std::string_view status) const {
  notify("STOPPING=1\n" + status_line(status));
}

milliseconds service_manager::longest_wait(milliseconds period) const {
  if (watchdog_ == microseconds::zero())
    return period;
  return std::clamp(duration_cast<milliseconds>(watchdog_ / 4), milliseconds{1},
                    period);
}

void service_manager::beat(const post_function& post) {
  if (watchdog_ == microseconds::zero())
    return;
  if (asked_ && !answered_->exchange(false))
    return;
  if (asked_)
    notify("WATCHDOG=1");
  asked_ = true;
  post([answered = answered_] { answered->store(true); });
}

} // namespace mfo::node
