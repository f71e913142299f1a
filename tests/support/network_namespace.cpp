#include "tests/support/network_namespace.hpp"

#include "tests/support/child_process.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

namespace mfo::support {

namespace {

constexpr auto own_network = "/proc/thread-self/ns/net";
constexpr auto forwarding = "/proc/sys/net/ipv4/ip_forward";

int open_own_network() {
  return ::open(own_network, O_RDONLY | O_CLOEXEC);
}

/// In a new one, on a thread of its own, as a thread cannot go back.
template <class Act>
std::string in_new_network(Act act) {
  std::string error;
  std::thread{[&] {
    if (::unshare(CLONE_NEWNET) != 0)
      error = std::string{"no network namespace: "} + std::strerror(errno);
    else
      error = act();
  }}.join();
  return error;
}

bool forward_here() {
  std::ofstream file{forwarding};
  file << "1" << std::flush;
  return file.good();
}

std::vector<std::string> words_of(std::string_view command) {
  std::istringstream text{std::string{command}};
  std::vector<std::string> words;
  for (std::string word; text >> word;)
    words.push_back(word);
  return words;
}

} // namespace

std::string network_namespace::why_not() {
  for (const auto* tool : {"/sbin/ip", "/sbin/tc", "/usr/sbin/iptables"})
    if (::access(tool, X_OK) != 0)
      return std::string{"there is no "} + tool;
  return in_new_network([]() -> std::string {
    if (!forward_here())
      return std::string{"cannot write to "} + forwarding;
    child_process veth{{"/sbin/ip", "link", "add", "one", "type", "veth",
                        "peer", "name", "two"}};
    return veth.wait() == 0 ? "" : veth.errors();
  });
}

network_namespace::network_namespace() {
  const auto error = in_new_network([this] {
    file_ = open_own_network();
    return std::string{};
  });
  if (file_ < 0)
    ADD_FAILURE() << error;
  run("/sbin/ip link set lo up");
}

network_namespace::~network_namespace() {
  ::close(file_);
}

network_namespace::visit::visit(const network_namespace& place)
  : before_(open_own_network()) {
  if (::setns(place.file_, CLONE_NEWNET) != 0)
    ADD_FAILURE() << "no way into a namespace: " << std::strerror(errno);
}

network_namespace::visit::~visit() {
  if (::setns(before_, CLONE_NEWNET) != 0)
    ADD_FAILURE() << "no way out of a namespace: " << std::strerror(errno);
  ::close(before_);
}

std::string network_namespace::run(std::string_view command) const {
  const visit here{*this};
  child_process process{words_of(command)};
  EXPECT_EQ(process.wait(), 0) << command << ": " << process.errors();
  return process.output();
}

std::string network_namespace::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(file_);
}

void network_namespace::forward() const {
  const visit here{*this};
  EXPECT_TRUE(forward_here());
}

} // namespace mfo::support
