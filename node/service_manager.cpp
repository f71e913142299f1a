#include "node/service_manager.hpp"

#include "config/environment.hpp"
#include "core/printable.hpp"

#include <fmt/format.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <system_error>

namespace mfo::node {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Of a socket of this host.
struct socket_address {
  ::sockaddr_un value{};
  ::socklen_t length = 0; ///< of what of `value` counts
};

/// What `$NOTIFY_SOCKET` says: a path, or `@` and an abstract name. Nothing for
/// any other value, and for one that has no room.
std::optional<socket_address> address_of(const std::string& text) {
  socket_address result;
  auto& path = result.value.sun_path;
  if (text.size() < 2 || text.size() >= sizeof(path))
    return std::nullopt;
  if (text.front() != '/' && text.front() != '@')
    return std::nullopt;
  result.value.sun_family = AF_UNIX;
  text.copy(path, text.size());
  const bool abstract = text.front() == '@';
  if (abstract)
    path[0] = '\0';
  // An abstract name ends with the address, a path with a zero.
  result.length = static_cast<::socklen_t>(offsetof(::sockaddr_un, sun_path) +
                                           text.size() + (abstract ? 0 : 1));
  return result;
}

/// One datagram: sd_notify(3), "Notes". Whose it is, the kernel tells systemd.
/// The environment stays as it is: nobody may change it while others read it.
void notify(const std::string& lines) {
  const auto name = config::process_environment()("NOTIFY_SOCKET");
  const auto address = name ? address_of(*name) : std::nullopt;
  if (!address)
    return;
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0)
    return;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  const auto* any = reinterpret_cast<const ::sockaddr*>(&address->value);
  ::sendto(socket, lines.data(), lines.size(), MSG_NOSIGNAL, any,
           address->length);
  ::close(socket);
}

std::string status_line(std::string_view status) {
  return "STATUS=" + core::printable(status);
}

/// A whole number above zero, and nothing else.
template <class Number>
std::optional<Number> positive(const std::string& text) {
  Number value{};
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end || value <= 0)
    return std::nullopt;
  return value;
}

/// sd_watchdog_enabled(3): 0 where the watchdog is none, or another process's.
microseconds granted_by_watchdog() {
  const auto variables = config::process_environment();
  const auto granted = variables("WATCHDOG_USEC");
  if (!granted)
    return microseconds::zero();
  if (const auto process = variables("WATCHDOG_PID");
      process && positive<::pid_t>(*process) != ::getpid())
    return microseconds::zero();
  return microseconds{positive<microseconds::rep>(*granted).value_or(0)};
}

} // namespace

service_manager::service_manager() : watchdog_(granted_by_watchdog()) {}

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
