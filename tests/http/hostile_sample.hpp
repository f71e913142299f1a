#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What a sender may put on the wire by malice, by mistake or by right, and
/// what a listener must say to it: bytes → answers, events, and whether the
/// connection is good for another request. The listener has one endpoint,
/// /hook, takes heads of 4096 bytes and bodies of 100,000.
namespace mfo::http::hostile {

/// What becomes of the connection.
enum class then { ends, goes_on };

struct sample {
  std::string name;
  std::string bytes;
  std::vector<int> answers; ///< statuses, in order
  then connection = then::ends;
  std::size_t events = 0;
};

using samples = std::vector<sample>;

inline const std::string nul(1, '\0');

/// Head and body of a POST to /hook with these fields, each ended by CRLF.
inline std::string post(std::string_view fields, std::string_view body = {}) {
  return "POST /hook HTTP/1.1\r\nHost: a\r\n" + std::string{fields} + "\r\n" +
         std::string{body};
}

inline std::string chunked(std::string_view body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

/// A request with this first line, which is good in all else.
inline std::string with_line(std::string_view line) {
  return std::string{line} + "\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
}

inline std::string with_target(std::string_view target) {
  return with_line("POST " + std::string{target} + " HTTP/1.1");
}

inline std::string with_host(std::string_view lines) {
  return "POST /hook HTTP/1.1\r\n" + std::string{lines} +
         "Content-Length: 2\r\n\r\n{}";
}

inline std::string repeat(std::size_t count, std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all.append(text);
  return all;
}

} // namespace mfo::http::hostile
