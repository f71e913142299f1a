#pragma once

#include "tests/http/hostile_sample.hpp"

/// What a head says, and what it asks for.
namespace mfo::http::hostile {

/// RFC 9112, section 3.
inline samples request_lines() {
  const auto too_long = "/" + std::string(5'000, 'x');
  return {
      {"HTTP/0.9", "GET /hook\r\n\r\n", {400}},
      {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}},
      {"HTTP/9.9", with_line("POST /hook HTTP/9.9"), {400}},
      {"HTTP/1.2", with_line("POST /hook HTTP/1.2"), {400}},
      {"HTTP/01.1", with_line("POST /hook HTTP/01.1"), {400}},
      {"http/1.1", with_line("POST /hook http/1.1"), {400}},
      {"two spaces", with_line("POST  /hook HTTP/1.1"), {400}},
      {"a tab", with_line("POST\t/hook HTTP/1.1"), {400}},
      {"a space in the target", with_target("/ho ok"), {400}},
      {"a space at the end", with_line("POST /hook HTTP/1.1 "), {400}},
      {"no target", with_line("POST HTTP/1.1"), {400}},
      {"a handshake of TLS",
       "\x16\x03\x01\x02\x01\x01\xfc\x03\x03\r\n\r\n",
       {400}},
      {"no slash", with_target("hook"), {400}},
      {"a host and port alone", with_target("a:80"), {400}},
      {"another scheme", with_target("ftp://a/hook"), {400}},
      {"a user in the target", with_target("http://me@a/hook"), {400}},
      {"no host in the target", with_target("http:///hook"), {400}},
      // One bound holds for line and fields together: 431, not 414.
      {"a target that is too long", with_target(too_long), {431}},
      {"a target without end", "POST " + too_long, {431}},
      {"a target in absolute form",
       with_target("http://a:80/hook?x"),
       {202},
       then::goes_on,
       1},
      {"an absolute target without path",
       with_target("http://a"),
       {404},
       then::goes_on},
      {"an asterisk", with_line("OPTIONS * HTTP/1.1"), {404}, then::goes_on},
  };
}

/// A path is compared as it was sent: nothing is decoded or put in order.
inline samples paths() {
  samples all;
  for (const auto* path :
       {"/", "/hook/", "/HOOK", "//hook", "/./hook", "/x/../hook", "/hook/.",
        "/%68ook", "/hook%2F", "/hook%00", "/hook;x=y", "/hook#x", "/hook%",
        "/x/%2e%2e/hook", "/hook\\", "/..%5chook", "*"})
    all.push_back({path, with_target(path), {404}, then::goes_on});
  for (const auto* target :
       {"/hook?", "/hook?a=/../b", "/hook?%00", "/hook??#", "/hook?a|b"})
    all.push_back({target, with_target(target), {202}, then::goes_on, 1});
  return all;
}

/// RFC 9110, section 7.2.
inline samples hosts() {
  samples all{
      {"none", with_host(""), {400}},
      {"two", with_host("Host: a\r\nHost: b\r\n"), {400}},
      {"two that are equal", with_host("Host: a\r\nHost: a\r\n"), {400}},
      {"two in HTTP/1.0",
       "POST /hook HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
       {400}},
      {"none in HTTP/1.0",
       "POST /hook HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}",
       {202},
       then::ends,
       1},
  };
  for (const auto* host :
       {"a b", "a/b", "me@a", "a:b", "a:80:80", "[::1", "[a-b]", "[]", "a?b",
        "a%2", "\xc3\xa9", "a, b", "http://a"})
    all.push_back(
        {host, with_host("Host: " + std::string{host} + "\r\n"), {400}});
  for (const auto* host : {"", "a", "a:", "a:80", "a_b", "[::1]:80", "%41"})
    all.push_back({host,
                   with_host("Host: " + std::string{host} + "\r\n"),
                   {202},
                   then::goes_on,
                   1});
  return all;
}

/// RFC 9110, sections 10.1.1, 10.1.4 and 7.8; RFC 9112, section 9.3.
inline samples connections() {
  const std::string cl{"Content-Length: 2\r\n"};
  const auto good = post(cl, "{}");
  const auto http_1_0 = [&](std::string_view fields) {
    return "POST /hook HTTP/1.0\r\n" + std::string{fields} + cl + "\r\n{}";
  };
  return {
      {"close", post("Connection: close\r\n" + cl, "{}"), {202}, then::ends, 1},
      {"Close, among others",
       post("Connection: x, Close\r\n" + cl, "{}"),
       {202},
       then::ends,
       1},
      {"close, and one more request",
       post("Connection: close\r\n" + cl, "{}") + good,
       {202},
       then::ends,
       1},
      {"HTTP/1.0", http_1_0(""), {202}, then::ends, 1},
      {"HTTP/1.0 that keeps alive",
       http_1_0("Connection: keep-alive\r\n"),
       {202},
       then::goes_on,
       1},
      {"HTTP/1.0 that expects",
       http_1_0("Expect: 100-continue\r\n"),
       {202},
       then::ends,
       1},
      {"a body that came with what it expects",
       post("Expect: 100-continue\r\n" + cl, "{}"),
       {202},
       then::goes_on,
       1},
      {"a large body that is expected to be refused",
       post("Expect: 100-continue\r\nContent-Length: 100001\r\n"),
       {413}},
      {"another expectation", post("Expect: miracle\r\n" + cl, "{}"), {417}},
      {"two expectations",
       post("Expect: 100-continue, miracle\r\n" + cl, "{}"),
       {417}},
      {"trailers are welcome",
       post("TE: trailers\r\nConnection: TE\r\n" + cl, "{}"),
       {202},
       then::goes_on,
       1},
      {"HTTP/2 is asked for",
       post("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            "HTTP2-Settings: AAMAAABkAAQAAP__\r\n" +
                cl,
            "{}"),
       {202},
       then::goes_on,
       1},
      {"three requests", good + good + good, {202, 202, 202}, then::goes_on, 3},
      {"requests of all kinds",
       good + with_target("/x") + chunked("2\r\n{}\r\n0\r\n\r\n"),
       {202, 404, 202},
       then::goes_on,
       2},
      {"nonsense after a request",
       good + "nonsense\r\n\r\n",
       {202, 400},
       then::ends,
       1},
      {"a hidden request after a request",
       good +
           post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
                "0\r\n\r\n") +
           good,
       {202, 400},
       then::ends,
       1},
  };
}

/// How much may stand in a head (RFC 6585, section 5).
inline samples heads() {
  return {
      {"a large field", post("X: " + std::string(4'096, 'x') + "\r\n"), {431}},
      {"a field without end",
       "POST /hook HTTP/1.1\r\nX: " + std::string(5'000, 'x'),
       {431}},
      {"many fields", post(repeat(300, "a:\r\n")), {431}},
      {"ten thousand fields", post(repeat(10'000, "a:\r\n")), {431}},
      {"255 more fields than one",
       post(repeat(254, "a:\r\n") + "Content-Length: 2\r\n", "{}"),
       {202},
       then::goes_on,
       1},
  };
}

} // namespace mfo::http::hostile
