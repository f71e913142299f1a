#pragma once

#include "core/errc.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Requests for the tests of the framing: what must be read whole, and what
/// must be refused.
namespace mfo::http {

using core::errc;

/// The bounds that the samples are made for.
inline constexpr std::size_t sample_max_header = 400;
inline constexpr std::size_t sample_max_body = 100;

inline std::string head(std::string_view fields,
                        std::string_view line = "POST /hook HTTP/1.1") {
  return std::string{line} + "\r\nHost: a\r\n" + std::string{fields} + "\r\n";
}

inline std::string chunked(std::string_view body) {
  return head("Transfer-Encoding: chunked\r\n") + std::string{body};
}

struct request {
  std::string text;
  std::size_t requests = 1;
};

/// Each is read whole.
inline std::vector<request> good_requests() {
  return {
      {head("")},
      {"\r\n" + head("")}, // RFC 9112, section 2.2
      {head("", "GET / HTTP/1.1")},
      {head("", "GET /a/b%20c?q=1/2?3 HTTP/1.1")},
      {head("", "OPTIONS * HTTP/1.1")},
      {head("", "GET http://a/hook HTTP/1.1")},
      {head("", "M-SEARCH /x HTTP/1.1")},
      {head("Content-Length: 0\r\n")},
      {head("Content-Length: 5\r\n") + "hello"},
      {head("content-LENGTH:\t 5 \r\n") + "hello"},
      {head("X:\t y \t\r\n")},
      {head("Content-Length: 005\r\n") + "hello"},
      {head("Content-Length: 4\r\n") + "\r\n\r\n"},
      {head("X: \xc3\xa9\tb\r\n")},
      {head("X:\r\nY: \r\n")},
      {head("!#$%&'*+-.^_`|~09azAZ: x\r\n")},
      {head("Expect: 100-continue\r\nContent-Length: 2\r\n") + "ok"},
      {head("Upgrade: h2c\r\n")},
      {head("Transfer-Encoding: CHUNKED\r\n") + "0\r\n\r\n"},
      {chunked("5\r\nhello\r\n0\r\n\r\n")},
      {chunked("A\r\n0123456789\r\n5\r\nabcde\r\n0\r\n\r\n")},
      {chunked("00a\r\n0123456789\r\n000\r\n\r\n")},
      {chunked("2;name=value\r\n\r\n\r\n0;x\r\n\r\n")},
      {chunked("2 ;x\r\nab\r\n0\r\n\r\n")},
      {chunked("0\r\nX-Checksum: abc\r\nY: \r\n\r\n")},
      {"POST /hook HTTP/1.0\r\nContent-Length: 2\r\n\r\nok"},
      {"GET / HTTP/1.0\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n"}, // RFC 9110, section 7.2
      {"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: a-b.c_%41:\r\n\r\n"},
      {head("", "GET https://[::1]:8080 HTTP/1.1")},
      {head("Content-Length: 2\r\n") + "ab" + head(""), 2},
      {head("") + head("") + chunked("1\r\na\r\n0\r\n\r\n") + head(""), 4},
      {head("Content-Length: 2\r\n") + "ab\r\n" + head(""), 2},
  };
}

struct refusal {
  std::string text;
  errc error = errc::malformed_request;
};

/// Each is refused at once or as soon as its head is whole.
inline std::vector<refusal> bad_requests() {
  const std::string nul("\0", 1);
  return {
      // Two lengths: whoever reads on may see another request.
      {head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") +
       "0\r\n\r\n"},
      {head("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") +
       "0\r\n\r\n"},
      {head("Content-Length: 5\r\nContent-Length: 5\r\n") + "hello"},
      {head("Content-Length: 5\r\nContent-Length: 6\r\n") + "hello"},
      {head("Content-Length: 5, 5\r\n") + "hello"},
      {head("Content-Length: +5\r\n") + "hello"},
      {head("Content-Length: 5\t\r\n") + "hello"},
      {head("Transfer-Encoding: chunked \t\r\n") + "0\r\n\r\n"},
      {head("Content-Length: -5\r\n")},
      {head("Content-Length: 0x5\r\n") + "hello"},
      {head("Content-Length: 5 5\r\n") + "hello"},
      {head("Content-Length: 5a\r\n") + "hello"},
      {head("Content-Length:\r\n")},
      {head("Content-Length: 18446744073709551616\r\n")},
      {head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") +
       "0\r\n\r\n"},
      {head("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n"},
      {head("Transfer-Encoding: identity\r\n")},
      {head("Transfer-Encoding: \x0b"
            "chunked\r\n")},
      {head("Transfer-Encoding: xchunked\r\n")},
      {head("Transfer-Encodings: chunked\r\n")},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      // Lines that others may end elsewhere.
      {"GET / HTTP/1.1\nHost: a\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: a\n\n"},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: y\n\r\n\r\n"},
      {"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"\r\n\r\n" + head("")},
      {head("X: a\rb\r\n")},
      {head("X: a\r\r\n")},
      {"GET / HTTP/1.1\rHost: a\r\n\r\n"},
      // Fields that others may read differently.
      {head("X : y\r\n")},
      {head("Content-Length : 5\r\n") + "hello"},
      {head("X: y\r\n folded\r\n")},
      {head("X: y\r\n\tfolded\r\n")},
      {head(" X: y\r\n")},
      {head("no colon\r\n")},
      {head(": y\r\n")},
      {head("X\xc3\xa9: y\r\n")},
      {head("X(y): z\r\n")},
      {head("X: a" + nul + "b\r\n")},
      {head("X" + nul + ": b\r\n")},
      {head("X: a\x7f\r\n")},
      {head("X: a\x08\r\n")},
      // Hosts.
      {"GET / HTTP/1.1\r\n\r\n"},
      {head("Host: b\r\n")},
      {"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: a%2\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: [a\r\n\r\n"},
      {"GET / HTTP/1.1\r\nHost: []\r\n\r\n"},
      // Request lines.
      {head("", "GET /  HTTP/1.1")},
      {head("", "GET  / HTTP/1.1")},
      {head("", " GET / HTTP/1.1")},
      {head("", "GET /")},
      {head("", "GET")},
      {head("", "GET / HTTP/1.1 ")},
      {head("", "GET / HTTP/9.9")},
      {head("", "GET / HTTP/2.0")},
      {head("", "GET / HTTP/1.2")},
      {head("", "GET / http/1.1")},
      {head("", "GET / HTTP/1.1x")},
      {head("", "GET /\ta HTTP/1.1")},
      {head("", "GET / a HTTP/1.1")},
      {head("", "GET hook HTTP/1.1")},
      {head("", "GET ftp://a/ HTTP/1.1")},
      {head("", "GET /\xc3\xa9 HTTP/1.1")},
      {head("", "GET /" + nul + " HTTP/1.1")},
      {head("", "CONNECT a:443 HTTP/1.1"), errc::method_not_allowed},
      {head("", "BREW / HTTP/1.1"), errc::method_not_allowed},
      {head("", "post / HTTP/1.1"), errc::method_not_allowed},
      {head("", "GET http:///hook HTTP/1.1")},
      {head("", "GET http://:80/hook HTTP/1.1")},
      {head("", "GET http://a#hook HTTP/1.1")},
      {head("", "GET http://user@a/hook HTTP/1.1")},
      {head("", "GET http://[::1/hook HTTP/1.1")},
      {head("", "G(T / HTTP/1.1")},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15}},
      // Chunks.
      {chunked("\r\n")},
      {chunked("g\r\n")},
      {chunked("-1\r\n")},
      {chunked("+1\r\na\r\n")},
      {chunked("0x1\r\na\r\n")},
      {chunked(" 1\r\na\r\n")},
      {chunked("1\t\r\na\r\n")},
      {chunked(";x\r\n")},
      {chunked("1\na\r\n")},
      {chunked("1;a\rb\r\na\r\n")},
      {chunked("1;" + nul + "\r\na\r\n")},
      {chunked("1;" + std::string(300, 'x') + "\r\na\r\n")},
      {chunked("1\r\nab\r\n")},
      {chunked("1\r\na\n0\r\n\r\n")},
      {chunked("10000000000000000\r\n")},
      {chunked("FFFFFFFFFFFFFFFFF\r\n")},
      // Trailers.
      {chunked("0\r\nno colon\r\n\r\n")},
      {chunked("0\r\nX : y\r\n\r\n")},
      {chunked("0\r\n X: y\r\n\r\n")},
      {chunked("0\r\nX: y\n\r\n")},
      {chunked("0\r\nX: y\r\n\n")},
      {chunked("0\r\nX: a" + nul + "\r\n\r\n")},
      {chunked("0\r\nContent-Length: 5\r\n\r\n")},
      {chunked("0\r\ntransfer-encoding: chunked\r\n\r\n")},
      {chunked("0\r\nHost: b\r\n\r\n")},
      // Expectations.
      {head("Expect: a-miracle\r\n"), errc::expectation_failed},
      {head("Expect:\r\n"), errc::expectation_failed},
      {head("Expect: 100-continue, a-miracle\r\n"), errc::expectation_failed},
      {head("Expect: a-miracle\r\nno colon\r\n")},
      // Too large.
      {head("Content-Length: 101\r\n"), errc::payload_too_large},
      {head("Content-Length: 18446744073709551615\r\n"),
       errc::payload_too_large},
      {chunked("65\r\n"), errc::payload_too_large},
      {chunked("FFFFFFFFFFFFFFFF\r\n"), errc::payload_too_large},
      {chunked("64\r\n" + std::string(100, 'x') + "\r\n1\r\n"),
       errc::payload_too_large},
      {head("X: " + std::string(400, 'x') + "\r\n"), errc::header_too_large},
      {std::string(1'000, 'x'), errc::header_too_large},
      {chunked("0\r\nX: " + std::string(400, 'x') + "\r\n\r\n"),
       errc::header_too_large},
      {chunked("0\r\nX: " + std::string(200, 'x') +
               "\r\nY: " + std::string(200, 'x') + "\r\n\r\n"),
       errc::header_too_large},
  };
}

} // namespace mfo::http
