#pragma once

#include "tests/http/hostile_sample.hpp"

/// Where lines and bodies end.
namespace mfo::http::hostile {

/// Where does the body end? (RFC 9112, section 6.3)
inline samples lengths() {
  const std::string cl5{"Content-Length: 5\r\n"};
  const std::string te{"Transfer-Encoding: chunked\r\n"};
  const std::string end{"0\r\n\r\n"};
  return {
      {"a length and chunks", post(cl5 + te, end), {400}},
      {"chunks and a length", post(te + cl5, end), {400}},
      {"two equal lengths", post(cl5 + cl5, "12345"), {400}},
      {"two lengths", post(cl5 + "Content-Length: 6\r\n", "12345"), {400}},
      {"a list of equal lengths", post("Content-Length: 5, 5\r\n"), {400}},
      {"a list of lengths", post("Content-Length: 5, 6\r\n"), {400}},
      {"a length with a plus", post("Content-Length: +5\r\n"), {400}},
      {"a negative length", post("Content-Length: -5\r\n"), {400}},
      {"a hexadecimal length", post("Content-Length: 0x5\r\n"), {400}},
      {"a length in two parts", post("Content-Length: 5 5\r\n"), {400}},
      {"no digit", post("Content-Length:\r\n"), {400}},
      {"2^64", post("Content-Length: 18446744073709551616\r\n"), {400}},
      {"2^64 - 1", post("Content-Length: 18446744073709551615\r\n"), {413}},
      {"gzip, chunked",
       post("Transfer-Encoding: gzip, chunked\r\n", end),
       {400}},
      {"chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n"), {400}},
      {"chunked twice in a field",
       post("Transfer-Encoding: chunked, chunked\r\n", end),
       {400}},
      {"chunked twice in two fields", post(te + te, end), {400}},
      {"identity", post("Transfer-Encoding: identity\r\n"), {400}},
      {"chunked with a parameter",
       post("Transfer-Encoding: chunked;q=1\r\n", end),
       {400}},
      {"chunked behind a control",
       post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            end),
       {400}},
      {"a field that begins as Transfer-Encoding",
       post("Transfer-Encodings: chunked\r\nContent-Length: 2\r\n", "{}"),
       {400}},
      {"chunks in HTTP/1.0",
       "POST /hook HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + end,
       {400}},
      // Allowed, and yet parsers differ over it.
      {"a tab behind a length", post("Content-Length: 2\t\r\n", "{}"), {400}},
      {"a good length",
       post("Content-Length: 2\r\n", "{}"),
       {202},
       then::goes_on,
       1},
      {"a length in any case, padded",
       post("cOnTeNt-lEnGtH: \t 2 \r\n", "{}"),
       {202},
       then::goes_on,
       1},
  };
}

/// Where does a line end, and what may be in it? (RFC 9112, sections 2.2, 5)
inline samples lines() {
  const std::string cl{"Content-Length: 2\r\n"};
  return {
      {"a line feed after the request line",
       "POST /hook HTTP/1.1\nHost: a\r\n\r\n",
       {400}},
      {"a line feed after a field", post("X: y\nZ: z\r\n"), {400}},
      {"line feeds alone", "POST /hook HTTP/1.1\nHost: a\n\n", {400}},
      {"a line feed that hides a field",
       post("X: y\nContent-Length: 2\r\n", "{}"),
       {400}},
      {"a carriage return in a value", post("X: a\rb\r\n"), {400}},
      {"a carriage return before the end", post("X: a\r\r\n"), {400}},
      {"folded by a space", post("X: y\r\n z\r\n" + cl, "{}"), {400}},
      {"folded by a tab", post("X: y\r\n\tz\r\n" + cl, "{}"), {400}},
      {"a space before the first field",
       "POST /hook HTTP/1.1\r\n Host: a\r\n\r\n",
       {400}},
      {"a space before the colon", post("X : y\r\n" + cl, "{}"), {400}},
      {"a space before the colon of a length",
       post("Content-Length : 2\r\n", "{}"),
       {400}},
      {"a space before the colon of chunks",
       post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
       {400}},
      {"no colon", post("X\r\n"), {400}},
      {"no name", post(": y\r\n"), {400}},
      {"a zero byte in a name", post("X" + nul + ": y\r\n"), {400}},
      {"a zero byte in a value", post("X: y" + nul + "\r\n"), {400}},
      {"a zero byte in the target", with_target("/hook" + nul), {400}},
      {"a zero byte in the method",
       with_line("PO" + nul + "ST /hook HTTP/1.1"),
       {400}},
      {"a control in a value", post("X: \x01\r\n"), {400}},
      {"a name that is not ASCII", post("X\xc3\xa9: y\r\n"), {400}},
      {"a target that is not ASCII", with_target("/hook\xc3\xa9"), {400}},
      {"two empty lines first", "\r\n\r\n" + post(cl, "{}"), {400}},
      {"one empty line first",
       "\r\n" + post(cl, "{}"),
       {202},
       then::goes_on,
       1},
      {"a value that is not ASCII",
       post("X: \xc3\xa9\r\n" + cl, "{}"),
       {202},
       then::goes_on,
       1},
  };
}

/// RFC 9112, section 7.1.
inline samples chunks() {
  const std::string end{"0\r\n\r\n"};
  const auto ok = "2\r\n{}\r\n" + end;
  const auto with_trailer = [](std::string_view lines) {
    return chunked("2\r\n{}\r\n0\r\n" + std::string{lines} + "\r\n");
  };
  return {
      {"17 digits", chunked("10000000000000002\r\n{}\r\n" + end), {400}},
      {"a size of 2^64 - 1", chunked("FFFFFFFFFFFFFFFF\r\n"), {413}},
      {"a negative size", chunked("-2\r\n{}\r\n" + end), {400}},
      {"a size with a plus", chunked("+2\r\n{}\r\n" + end), {400}},
      {"a size with 0x", chunked("0x2\r\n{}\r\n" + end), {400}},
      {"a space before the size", chunked(" 2\r\n{}\r\n" + end), {400}},
      {"no digit", chunked("\r\n{}\r\n" + end), {400}},
      {"no hexadecimal digit", chunked("g\r\n" + end), {400}},
      {"only an extension", chunked(";x=y\r\n" + end), {400}},
      {"a line feed after the size", chunked("2\n{}\r\n" + end), {400}},
      {"a line feed after the data", chunked("2\r\n{}\n" + end), {400}},
      {"more data than said", chunked("1\r\n{}\r\n" + end), {400}},
      {"less data than said", chunked("3\r\n{}\r\n" + end), {400}},
      {"a size above the bound", chunked("186A1\r\n"), {413}},
      {"sizes above the bound in all",
       chunked("186A0\r\n" + std::string(100'000, 'x') + "\r\n1\r\n"),
       {413}},
      {"a zero byte in an extension",
       chunked("2;" + nul + "\r\n{}\r\n" + end),
       {400}},
      {"an extension of 300 bytes",
       chunked("2;" + std::string(300, 'x') + "\r\n{}\r\n" + end),
       {400}},
      {"an extension without end",
       chunked("2;" + std::string(5'000, 'x')),
       {400}},
      {"a large extension on every chunk",
       chunked(repeat(500, "1;" + std::string(250, 'x') + "\r\n1\r\n") + end),
       {400}},
      {"thousands of chunks of a byte",
       chunked(repeat(5'000, "1\r\n1\r\n") + end),
       {400}},
      {"a trailer without a colon", with_trailer("X\r\n"), {400}},
      {"a length in the trailer", with_trailer("Content-Length: 5\r\n"), {400}},
      {"chunks in the trailer",
       with_trailer("Transfer-Encoding: chunked\r\n"),
       {400}},
      {"a host in the trailer", with_trailer("Host: b\r\n"), {400}},
      {"a trailer that is too large",
       with_trailer("X: " + std::string(5'000, 'x') + "\r\n"),
       {431}},
      {"a trailer of too many fields",
       with_trailer(repeat(300, "a:\r\n")),
       {431}},
      {"a trailer", with_trailer("X: y\r\nZ:\r\n"), {202}, then::goes_on, 1},
      {"a trailer that asks for another protocol",
       with_trailer("Connection: Upgrade\r\nUpgrade: h2c\r\n"),
       {202},
       then::goes_on,
       1},
      {"extensions",
       chunked("1;x=y\r\n{\r\n1 ;z\r\n}\r\n0;a\r\n\r\n"),
       {202},
       then::goes_on,
       1},
      {"any case",
       post("transfer-ENCODING: Chunked\r\n", ok),
       {202},
       then::goes_on,
       1},
  };
}

} // namespace mfo::http::hostile
