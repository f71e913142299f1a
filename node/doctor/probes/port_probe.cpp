#include "node/doctor/probes/port_probe.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

namespace mfo::node::doctor {

namespace {

namespace fs = std::filesystem;
using boost::asio::ip::tcp;

/// Of a row of /proc/net/tcp: proc(5), "/proc/net/tcp".
constexpr std::string_view listening = "0A";

/// The inodes of the sockets that listen at `port`, of one of the two tables.
void add_inodes(const char* table, std::uint16_t port,
                std::set<std::string>& inodes) {
  std::ifstream in{table};
  std::string line;
  std::getline(in, line); // the head
  while (std::getline(in, line)) {
    std::istringstream row{line};
    std::string slot;
    std::string local;
    std::string remote;
    std::string state;
    std::string skipped;
    std::string inode;
    row >> slot >> local >> remote >> state;
    for (int i = 0; i < 5; ++i) // queues, timer, retransmits, user, time-out
      row >> skipped;
    row >> inode;
    const auto colon = local.rfind(':');
    if (!row || state != listening || colon == local.npos)
      continue;
    unsigned number = 0;
    const auto* end = local.data() + local.size();
    std::from_chars(local.data() + colon + 1, end, number, 16);
    if (number == port)
      inodes.insert("socket:[" + inode + "]");
  }
}

bool has_one_of(const fs::path& descriptors,
                const std::set<std::string>& links) {
  std::error_code ec;
  auto each = fs::directory_iterator{descriptors, ec};
  for (; !ec && each != fs::directory_iterator{}; each.increment(ec)) {
    std::error_code gone;
    if (links.contains(fs::read_symlink(each->path(), gone).string()))
      return true;
  }
  return false;
}

std::string name_of(const fs::path& folder) {
  std::string name;
  std::ifstream in{folder / "comm"};
  std::getline(in, name);
  return name;
}

/// errno of what goes wrong.
int take(const config::listen_address& address) {
  boost::asio::io_context io;
  boost::system::error_code ec;
  tcp::resolver resolver{io};
  const auto found = resolver.resolve(
      address.host, std::to_string(address.port),
      tcp::resolver::passive | tcp::resolver::numeric_service, ec);
  if (ec)
    return EADDRNOTAVAIL;
  tcp::acceptor acceptor{io};
  const auto endpoint = found.begin()->endpoint();
  acceptor.open(endpoint.protocol(), ec);
  if (!ec)
    acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec)
    acceptor.bind(endpoint, ec);
  return ec.value();
}

} // namespace

std::vector<process> listeners_at(std::uint16_t port) {
  std::set<std::string> inodes;
  add_inodes("/proc/net/tcp", port, inodes);
  add_inodes("/proc/net/tcp6", port, inodes);
  std::vector<process> users;
  if (inodes.empty())
    return users;
  std::error_code ec;
  auto each = fs::directory_iterator{"/proc", ec};
  for (; !ec && each != fs::directory_iterator{}; each.increment(ec)) {
    const auto name = each->path().filename().string();
    process found;
    const auto* end = name.data() + name.size();
    if (std::from_chars(name.data(), end, found.id).ptr != end)
      continue;
    if (!has_one_of(each->path() / "fd", inodes))
      continue;
    found.name = name_of(each->path());
    users.push_back(std::move(found));
  }
  std::ranges::sort(users, {}, &process::id);
  return users;
}

port_seen look_at_port(const std::string& subject,
                       const config::listen_address& address) {
  port_seen seen{.subject = subject,
                 .address = config::format_listen_address(address),
                 .error = take(address)};
  if (seen.error == EADDRINUSE)
    seen.users = listeners_at(address.port);
  return seen;
}

} // namespace mfo::node::doctor
