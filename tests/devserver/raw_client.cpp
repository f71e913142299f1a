#include "tests/devserver/raw_client.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>

namespace mfo::devserver {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return result;
}

} // namespace

std::string answer::header(std::string_view name) const {
  const auto mark = "\r\n" + lower(name) + ": ";
  const auto at = lower(head).find(mark);
  if (at == head.npos)
    return {};
  const auto begin = at + mark.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

raw_client::raw_client(std::uint16_t port, const char* from)
  : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = ::inet_addr(from);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0)
    ADD_FAILURE() << "no address " << from;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address),
                sizeof address) != 0)
    ADD_FAILURE() << "no connection to port " << port;
}

raw_client::~raw_client() {
  if (socket_ >= 0)
    ::close(socket_);
}

void raw_client::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return; // the server has closed: reading tells
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void raw_client::end_writing() {
  ::shutdown(socket_, SHUT_WR);
}

void raw_client::reset_connection() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
  closed_ = true;
}

bool raw_client::more(int wait_ms) {
  pollfd ready{socket_, POLLIN, 0};
  if (closed_ || ::poll(&ready, 1, wait_ms) != 1)
    return false;
  std::array<char, 65536> bytes;
  const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
  closed_ = size <= 0;
  reset_ = size < 0 && errno == ECONNRESET;
  if (size > 0)
    received_.append(bytes.data(), static_cast<std::size_t>(size));
  return size > 0;
}

std::string raw_client::read_all(int wait_ms) {
  while (more(wait_ms)) {
  }
  return std::exchange(received_, {});
}

void raw_client::read_chunks(answer& got) {
  for (;;) {
    auto line = received_.find("\r\n");
    while (line == received_.npos && more())
      line = received_.find("\r\n");
    if (line == received_.npos)
      return;
    const auto size = std::strtoul(received_.c_str(), nullptr, 16);
    while (received_.size() < line + 2 + size + 2 && more()) {
    }
    got.body.append(received_, line + 2, size);
    if (received_.size() < line + 2 + size + 2)
      return;
    received_.erase(0, line + 2 + size + 2);
    got.whole = size == 0;
    if (got.whole)
      return;
  }
}

answer raw_client::read() {
  answer got;
  auto end = received_.find("\r\n\r\n");
  while (end == received_.npos && more())
    end = received_.find("\r\n\r\n");
  if (end != received_.npos) {
    got.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    got.status = std::atoi(got.head.substr(9, 3).c_str());
    if (got.header("transfer-encoding") == "chunked") {
      read_chunks(got);
    } else {
      const auto size =
          std::strtoul(got.header("content-length").c_str(), nullptr, 10);
      while (received_.size() < size && more()) {
      }
      got.whole = received_.size() >= size;
      got.body = received_.substr(0, size);
      received_.erase(0, size);
    }
  }
  got.closed = closed_;
  return got;
}

answer raw_client::ask(std::string_view method, std::string_view target,
                       std::string_view body, const field_list& fields) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  if (std::ranges::none_of(
          fields, [](const auto& each) { return each.first == "Host"; }))
    text.append("Host: test\r\n");
  for (const auto& [name, value] : fields)
    text.append(name).append(": ").append(value).append("\r\n");
  text.append("Content-Length: ").append(std::to_string(body.size()));
  text.append("\r\n\r\n").append(body);
  write(text);
  return read();
}

answer ask(std::uint16_t port, std::string_view method, std::string_view target,
           std::string_view body, const field_list& fields) {
  return raw_client(port).ask(method, target, body, fields);
}

} // namespace mfo::devserver
