#include "torture/wire/tun.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <string_view>
#include <system_error>
#include <utility>

namespace mfo::wire {

namespace {

constexpr std::string_view interface_name = "wire";
constexpr auto netmask = "255.254.0.0"; // of 198.18.0.0/15
// Packets that wait to be read. Of the 500 that there are by default some would
// be lost, uncounted, whenever this process isn't scheduled for a while.
constexpr int queue_length = 8192;

/// `result` of a system call, unless it failed.
int proven(int result, const std::string& what) {
  if (result < 0)
    throw std::system_error(errno, std::generic_category(), what);
  return result;
}

class open_file {
public:
  open_file(int file, const std::string& what) : file_(proven(file, what)) {}
  ~open_file() {
    if (file_ >= 0)
      ::close(file_);
  }
  open_file(const open_file&) = delete;

  operator int() const noexcept { // NOLINT(google-explicit-constructor)
    return file_;
  }

  int release() noexcept {
    return std::exchange(file_, -1);
  }

private:
  int file_;
};

/// As long as this lives the process is there.
class visit {
public:
  explicit visit(const std::string& network)
    : before_(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC),
              "the network namespace") {
    const open_file there{::open(network.c_str(), O_RDONLY | O_CLOEXEC),
                          network};
    proven(::setns(there, CLONE_NEWNET), "setns " + network);
  }

  ~visit() {
    // What would be opened next would be in the wrong place.
    if (::setns(before_, CLONE_NEWNET) != 0)
      std::terminate();
  }

  visit(const visit&) = delete;

private:
  open_file before_;
};

/// A request about the interface.
ifreq request() {
  ifreq made{};
  std::copy(interface_name.begin(), interface_name.end(), made.ifr_name);
  return made;
}

ifreq request_of(in_addr_t address) {
  auto made = request();
  sockaddr_in with{};
  with.sin_family = AF_INET;
  with.sin_addr.s_addr = address;
  std::memcpy(&made.ifr_addr, &with, sizeof with);
  return made;
}

void set(int control, unsigned long what, ifreq with, const char* name) {
  proven(::ioctl(control, what, &with), name);
}

void set_up(in_addr_t address, int mtu) {
  const open_file control{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
                          "a socket"};
  set(control, SIOCSIFADDR, request_of(address), "SIOCSIFADDR");
  set(control, SIOCSIFNETMASK, request_of(::inet_addr(netmask)),
      "SIOCSIFNETMASK");
  auto figure = request();
  figure.ifr_mtu = mtu;
  set(control, SIOCSIFMTU, figure, "SIOCSIFMTU");
  figure.ifr_qlen = queue_length;
  set(control, SIOCSIFTXQLEN, figure, "SIOCSIFTXQLEN");
  auto flags = request();
  flags.ifr_flags = IFF_UP | IFF_RUNNING;
  set(control, SIOCSIFFLAGS, flags, "SIOCSIFFLAGS");
}

int open_tun(const std::string& network, in_addr_t address, int mtu) {
  const visit there{network};
  open_file device{::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC),
                   "/dev/net/tun"};
  auto kind = request();
  kind.ifr_flags = IFF_TUN | IFF_NO_PI;
  set(device, TUNSETIFF, kind, "TUNSETIFF");
  set_up(address, mtu);
  return device.release();
}

} // namespace

tun::tun(const std::string& network, in_addr_t address, int mtu)
  : file_(open_tun(network, address, mtu)) {}

tun::~tun() {
  if (file_ >= 0)
    ::close(file_);
}

tun::tun(tun&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

packet tun::read(std::span<std::byte> room) const {
  const auto count = ::read(file_, room.data(), room.size());
  if (count < 0 && errno != EAGAIN && errno != EINTR)
    proven(-1, "read");
  return packet{room}.first(
      static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
}

bool tun::write(packet one) const noexcept {
  return ::write(file_, one.data(), one.size()) >= 0;
}

} // namespace mfo::wire
