#include "http/beast_request.hpp"

#include <boost/beast/core/string.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mfo::http {

namespace {

using boost::beast::iequals;

/// tchar of RFC 9110, section 5.6.2.
constexpr std::array<bool, 256> token_chars = [] {
  std::array<bool, 256> table{};
  for (unsigned char c : std::string_view{"!#$%&'*+-.^_`|~0123456789"})
    table[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c)
    table[c] = table[c - 'a' + 'A'] = true;
  return table;
}();

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return token_chars[static_cast<unsigned char>(c)];
  });
}

bool is_control(char c) noexcept {
  auto code = static_cast<unsigned char>(c);
  return code < 0x20 || code == 0x7f;
}

bool is_field_value(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return is_control(c) && c != '\t'; });
}

bool is_target(std::string_view text) noexcept {
  return text.starts_with('/') &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return is_control(c) || c == ' '; });
}

bool is_own_field(std::string_view name) noexcept {
  boost::beast::string_view text{name.data(), name.size()};
  return iequals(text, "Host") || iequals(text, "Content-Length") ||
         iequals(text, "Connection") || iequals(text, "Transfer-Encoding") ||
         iequals(text, "User-Agent") || iequals(text, "Proxy-Authorization");
}

/// Where no body means "no content" and not "empty content" (RFC 9110,
/// section 8.6: a length should be sent where the method expects content).
bool omits_empty_body(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD" || method == "DELETE" ||
         method == "OPTIONS";
}

std::string authorization_field(const proxy& via) {
  return via.authorization.empty()
             ? std::string{}
             : "Proxy-Authorization: " + via.authorization.reveal() + "\r\n";
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

} // namespace

std::string find_fault(const client_request& request) {
  if (!is_token(request.method))
    return "the method is not a token";
  if (!is_target(request.target))
    return "the target is not an encoded absolute path";
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name))
      return "a header's name is not a token";
    if (is_own_field(name))
      return fmt::format("the header {} is the client's to set", name);
    if (!is_field_value(value))
      return fmt::format("the header {} has a control character", name);
  }
  return {};
}

request_writer::request_writer(const client_config& config)
  : before_target_(config.server.base_path),
    constant_part_(" HTTP/1.1\r\nHost: " + config.server.authority() + "\r\n") {
  if (!config.user_agent.empty())
    constant_part_ += "User-Agent: " + config.user_agent + "\r\n";
  if (!config.via || config.server.tls)
    return;
  before_target_ = "http://" + config.server.authority() + before_target_;
  constant_part_ += "Connection: close\r\n" + authorization_field(*config.via);
}

void request_writer::append_head(std::string& out,
                                 const client_request& request) const {
  out.append(request.method).append(1, ' ');
  out.append(before_target_).append(request.target).append(constant_part_);
  for (const auto& [name, value] : request.headers)
    out.append(name).append(": ").append(value).append("\r\n");
  auto size = request.body ? request.body->size() : 0;
  if (size > 0 || !omits_empty_body(request.method)) {
    out.append("Content-Length: ");
    append_number(out, size);
    out.append("\r\n");
  }
  out.append("\r\n");
}

std::string connect_head(const client_config& config) {
  // The port even where it is the scheme's: RFC 9110, section 9.3.6.
  const auto& [tls, host, port, base_path] = config.server;
  auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  auto authority = name + ":" + std::to_string(port);
  auto result = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority +
                "\r\n" + authorization_field(*config.via);
  if (!config.user_agent.empty())
    result += "User-Agent: " + config.user_agent + "\r\n";
  return result + "\r\n";
}

} // namespace mfo::http
