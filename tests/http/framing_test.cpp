#include "http/framing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mfo::http {

namespace {

using core::errc;
using verdict = framing::verdict;

constexpr framing::bounds bounds{.max_header = 400, .max_body = 100};

/// What became of a connection's bytes.
struct reading {
  std::size_t requests = 0; ///< complete ones
  std::vector<std::string> paths;
  std::uint64_t announced = 0; ///< of the last request begun
  bool refused = false;
  errc error{};
  bool whole = false; ///< nothing is half read at the end

  friend bool operator==(const reading&, const reading&) = default;
};

std::ostream& operator<<(std::ostream& out, const reading& r) {
  out << r.requests << " requests";
  for (const auto& path : r.paths)
    out << " " << path;
  if (r.refused)
    out << ", refused: " << core::describe(r.error).slug;
  return out << ", " << r.announced << (r.whole ? " whole" : " half");
}

/// Gives `text` in pieces of `piece` bytes, as the connection does: what is
/// not used is held and given again, with more behind.
reading feed(std::string_view text, std::size_t piece = std::string::npos,
             framing::bounds limits = bounds) {
  framing parser{limits};
  reading result;
  std::string held;
  std::string rest{text};
  while (!rest.empty() && !result.refused) {
    const auto size = std::min(piece, rest.size());
    held.append(rest, 0, size);
    rest.erase(0, size);
    while (!held.empty()) {
      const auto step = parser.feed(held);
      if (step.what == verdict::refused) {
        result.refused = true;
        result.error = parser.error();
        break;
      }
      if (step.what == verdict::incomplete && parser.between_requests())
        break;
      held.erase(0, step.used);
      if (step.what == verdict::complete) {
        ++result.requests;
        result.paths.push_back(parser.path());
      }
    }
  }
  result.announced = result.refused ? 0 : parser.body_announced();
  result.whole = held.empty() && parser.between_requests() && !result.refused;
  return result;
}

std::string head(std::string_view fields,
                 std::string_view line = "POST /hook HTTP/1.1") {
  return std::string{line} + "\r\nHost: a\r\n" + std::string{fields} + "\r\n";
}

std::string chunked(std::string_view body) {
  return head("Transfer-Encoding: chunked\r\n") + std::string{body};
}

struct request {
  std::string text;
  std::size_t requests = 1;
};

/// Each is read whole.
std::vector<request> good_requests() {
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
      {head("content-LENGTH:\t 5 \t\r\n") + "hello"},
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
std::vector<refusal> bad_requests() {
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
      {head("Expect: a-miracle\r\n")},
      // Hosts.
      {"GET / HTTP/1.1\r\n\r\n"},
      {head("Host: b\r\n")},
      {"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
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
      {head("", "CONNECT a:443 HTTP/1.1")},
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

TEST(framing, reads_good_requests_to_their_end) {
  for (const auto& each : good_requests()) {
    const auto got = feed(each.text);
    EXPECT_EQ(got.requests, each.requests) << each.text << got;
    EXPECT_TRUE(got.whole) << each.text << got;
  }
}

TEST(framing, refuses_what_may_be_read_in_two_ways) {
  for (const auto& each : bad_requests()) {
    const auto got = feed(each.text);
    EXPECT_TRUE(got.refused) << each.text;
    EXPECT_EQ(core::describe(got.error).slug, core::describe(each.error).slug)
        << each.text;
    EXPECT_EQ(got.requests, 0u) << each.text;
  }
}

TEST(framing, refuses_a_bad_request_behind_a_good_one) {
  const auto first = head("Content-Length: 2\r\n") + "ok";
  for (const auto& each : bad_requests()) {
    const auto got = feed(first + each.text);
    // A line end may stand before the second request, which makes one of the
    // bad ones worse and none better.
    EXPECT_EQ(got.requests, 1u) << each.text;
    EXPECT_TRUE(got.refused) << each.text;
  }
}

TEST(framing, does_not_care_how_the_bytes_are_cut) {
  std::vector<std::string> texts;
  for (const auto& each : good_requests())
    texts.push_back(each.text);
  for (const auto& each : bad_requests())
    texts.push_back(each.text);
  for (const auto& text : texts) {
    const auto whole = feed(text);
    for (std::size_t piece = 1; piece < 80;
         piece = piece < 8 ? piece + 1 : piece * 2)
      EXPECT_EQ(feed(text, piece), whole) << piece << " bytes of " << text;
  }
}

TEST(framing, does_not_care_where_one_cut_is) {
  const auto text = "\r\n" + head("Content-Length: 3\r\n") + "abc" +
                    chunked("3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nX: y\r\n\r\n") +
                    head("");
  const auto whole = feed(text);
  EXPECT_EQ(whole.requests, 3u);
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    framing parser{bounds};
    std::size_t requests = 0;
    std::string held = text.substr(0, cut);
    for (const auto& more : {std::string{}, text.substr(cut)}) {
      held += more;
      while (!held.empty()) {
        const auto step = parser.feed(held);
        ASSERT_NE(step.what, verdict::refused) << cut;
        if (step.what == verdict::incomplete && parser.between_requests())
          break;
        requests += step.what == verdict::complete ? 1 : 0;
        held.erase(0, step.used);
      }
    }
    EXPECT_EQ(requests, 3u) << cut;
  }
}

TEST(framing, takes_a_head_of_just_the_bound_however_it_is_cut) {
  const auto text = head("Content-Length: 2\r\nX: yyyyyyyyyy\r\n");
  const auto lines = text.size() - 4; // without the end of the head
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::string::npos}) {
    EXPECT_EQ(feed(text + "ok", piece, {lines, 100}).requests, 1u) << piece;
    EXPECT_EQ(feed(text + "ok", piece, {lines - 1, 100}).error,
              errc::header_too_large)
        << piece;
  }
}

TEST(framing, takes_a_body_of_just_the_bound) {
  const std::string body(100, 'x');
  EXPECT_EQ(feed(head("Content-Length: 100\r\n") + body).requests, 1u);
  EXPECT_EQ(feed(chunked("64\r\n" + body + "\r\n0\r\n\r\n")).requests, 1u);
  EXPECT_EQ(feed(chunked("63\r\n" + body.substr(1) + "\r\n1\r\nx\r\n0\r\n\r\n"))
                .requests,
            1u);
}

TEST(framing, refuses_a_large_body_before_a_byte_of_it) {
  framing parser{bounds};
  EXPECT_EQ(parser.feed(head("Content-Length: 101\r\n")).what,
            verdict::refused);
  EXPECT_EQ(parser.error(), errc::payload_too_large);
  EXPECT_EQ(parser.path(), "/hook") << "the refusal names the endpoint";
}

TEST(framing, refuses_everything_after_a_refusal) {
  framing parser{bounds};
  EXPECT_EQ(parser.feed("nonsense\r\n\r\n").what, verdict::refused);
  EXPECT_EQ(parser.feed(head("")).what, verdict::refused);
  EXPECT_EQ(parser.feed("\r\n").what, verdict::refused);
}

TEST(framing, says_where_the_head_ends) {
  framing parser{bounds};
  const auto text = head("Content-Length: 5\r\n");
  const auto step = parser.feed(text + "hello" + head(""));
  EXPECT_EQ(step.what, verdict::head);
  EXPECT_EQ(step.used, text.size());
  EXPECT_FALSE(parser.between_requests());
  EXPECT_EQ(parser.body_announced(), 5u);
  const auto body = parser.feed("hello" + head(""));
  EXPECT_EQ(body.what, verdict::complete);
  EXPECT_EQ(body.used, 5u);
  EXPECT_TRUE(parser.between_requests());
}

TEST(framing, tells_of_the_request_last_begun) {
  framing parser{bounds};
  parser.feed(head("Expect: 100-Continue\r\nUpgrade: x\r\n"
                   "Content-Length: 1\r\n",
                   "POST /a?b=c HTTP/1.1") +
              "x");
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_TRUE(parser.asks_upgrade());
  EXPECT_EQ(parser.path(), "/a");
  parser.feed("x");
  parser.feed(head("", "POST /b HTTP/1.1"));
  EXPECT_FALSE(parser.expects_continue());
  EXPECT_FALSE(parser.asks_upgrade());
  EXPECT_EQ(parser.body_announced(), 0u);
  EXPECT_EQ(parser.path(), "/b");
}

TEST(framing, announces_chunks_as_they_begin) {
  framing parser{bounds};
  const auto fields = chunked("");
  EXPECT_EQ(parser.feed(fields).what, verdict::head);
  EXPECT_EQ(parser.body_announced(), 0u);
  parser.feed("a\r\n");
  EXPECT_EQ(parser.body_announced(), 10u);
  parser.feed("0123456789\r\n5\r\n");
  EXPECT_EQ(parser.body_announced(), 15u);
}

TEST(framing, survives_every_single_byte_change) {
  auto text =
      head("Content-Length: 3\r\n") + "abc" + chunked("3\r\nabc\r\n0\r\n\r\n");
  for (std::size_t at = 0; at < text.size(); ++at)
    for (int c = 0; c < 256; ++c) {
      const auto was = std::exchange(text[at], static_cast<char>(c));
      const auto got = feed(text);
      ASSERT_EQ(feed(text, 1), got) << at << " " << c;
      ASSERT_LE(got.requests, 2u);
      text[at] = was;
    }
}

TEST(target_path, is_the_target_without_the_query) {
  EXPECT_EQ(target_path("/a/b"), "/a/b");
  EXPECT_EQ(target_path("/a?b=c?d"), "/a");
  EXPECT_EQ(target_path("/"), "/");
  EXPECT_EQ(target_path("*"), "*");
  EXPECT_EQ(target_path("/a%2Fb/../c"), "/a%2Fb/../c") << "as sent";
}

TEST(target_path, leaves_out_the_authority_of_an_absolute_target) {
  EXPECT_EQ(target_path("http://host/a?b"), "/a");
  EXPECT_EQ(target_path("https://host:1/a/b"), "/a/b");
  EXPECT_EQ(target_path("http://host"), "/");
  EXPECT_EQ(target_path("http://host?a=/b"), "/");
  EXPECT_EQ(target_path("http://"), "/");
}

} // namespace

} // namespace mfo::http
