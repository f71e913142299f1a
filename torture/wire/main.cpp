// A network in user space: carries packets between network namespaces, and
// harms those that it is told to harm (docs/adr/0029-wire.md).
//
//   torture-wire --host a /proc/PID/ns/net 198.18.0.1 --host b … [--seed N]
//
// Each host gets an interface `wire` in its namespace. "ready" is written once
// all of them are up; then each line that is read (command.hpp) is answered by
// one, by when it is in force. It ends when there are no more lines, or on
// SIGTERM, and with it all that it made.

#include "torture/wire/mesh.hpp"
#include "torture/wire/tun.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using namespace mfo::wire;

struct arguments {
  /// Name, namespace, address.
  std::vector<std::tuple<std::string, std::string, std::string>> hosts;
  std::uint64_t seed = 1;
  int mtu = 1500;
};

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::vector<tun> open_all(const arguments& given) {
  std::vector<tun> opened;
  opened.reserve(given.hosts.size());
  for (const auto& [name, network, address] : given.hosts)
    opened.emplace_back(network, ::inet_addr(address.c_str()), given.mtu);
  return opened;
}

std::vector<host> hosts_of(const arguments& given,
                           const std::vector<tun>& opened) {
  std::vector<host> hosts;
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const auto& [name, network, address] = given.hosts[i];
    hosts.push_back(
        {name, ::inet_addr(address.c_str()), [&to = opened[i]](packet one) {
           return to.write(one);
         }});
  }
  return hosts;
}

/// For epoll_wait: never too early, as nothing would be due then.
int milliseconds_until(clock::time_point next) {
  if (next == clock::time_point::max())
    return -1;
  const auto rest =
      std::chrono::ceil<std::chrono::milliseconds>(next - clock::now());
  return static_cast<int>(std::max<decltype(rest)::rep>(rest.count(), 0));
}

class wire {
public:
  explicit wire(const arguments& given)
    : interfaces_(open_all(given)),
      mesh_(hosts_of(given, interfaces_), given.seed) {
    if (watch_ < 0)
      fail("epoll");
    watch(STDIN_FILENO, interfaces_.size());
    for (std::size_t i = 0; i < interfaces_.size(); ++i)
      watch(interfaces_[i].file(), i);
  }

  ~wire() {
    ::close(watch_);
  }

  wire(const wire&) = delete;

  void run() {
    say("ready");
    while (open_) {
      std::array<epoll_event, 32> events;
      const auto next = mesh_.release(clock::now());
      const auto count = ::epoll_wait(watch_, events.data(), events.size(),
                                      milliseconds_until(next));
      if (count < 0 && errno != EINTR)
        fail("epoll_wait");
      for (int i = 0; i < count; ++i)
        read(events[static_cast<std::size_t>(i)].data.u64);
    }
  }

private:
  /// Packets of one host before it is another's turn.
  static constexpr int turn = 64;

  void watch(int file, std::size_t number) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = number}};
    if (::epoll_ctl(watch_, EPOLL_CTL_ADD, file, &event) != 0)
      fail("epoll_ctl");
  }

  void read(std::size_t number) {
    if (number == interfaces_.size())
      return read_lines();
    for (int i = 0; i < turn; ++i) {
      const auto one = interfaces_[number].read(room_);
      if (one.empty())
        return;
      mesh_.take(number, one, clock::now());
    }
  }

  void read_lines() {
    std::array<char, 4096> bytes;
    const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count < 0)
      fail("standard input");
    open_ = count > 0;
    text_.append(bytes.data(), static_cast<std::size_t>(count));
    for (auto end = text_.find('\n'); end != text_.npos;
         end = text_.find('\n')) {
      say(mesh_.obey(std::string_view{text_}.substr(0, end)));
      text_.erase(0, end + 1);
    }
  }

  static void say(const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
  }

  std::vector<tun> interfaces_;
  mesh mesh_;
  int watch_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::array<std::byte, 65'536> room_; // IPv4 has no packet larger
  std::string text_;                   // of lines that have no end yet
  bool open_ = true;
};

int run_command_line(int argc, char** argv) {
  CLI::App app{"Carries packets between network namespaces, and harms those "
               "that it is told to harm.",
               "torture-wire"};
  arguments given;
  app.add_option("--host", given.hosts,
                 "NAME, file of its network namespace, IPv4 address")
      ->required();
  app.add_option("--seed", given.seed, "Of all chance")->capture_default_str();
  app.add_option("--mtu", given.mtu, "Of the interfaces, bytes")
      ->check(CLI::Range(576, 65'535))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  wire{given}.run();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "torture-wire: %s\n", error.what());
    return 1;
  }
}
