#include "http/framing.hpp"

#include "tests/http/framing_samples.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mfo::http {

namespace {

using verdict = framing::verdict;

constexpr framing::bounds bounds{.max_header = sample_max_header,
                                 .max_body = sample_max_body};

/// What became of a connection's bytes.
struct reading {
  std::size_t requests = 0; ///< complete ones
  std::vector<std::string> paths;
  std::uint64_t announced = 0; ///< of the last request begun
  bool refused = false;
  errc error{};
  std::string flaw;
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
        result.flaw = parser.flaw();
        break;
      }
      held.erase(0, step.used);
      if (step.what == verdict::incomplete)
        break;
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
    EXPECT_EQ(got.flaw.empty(), got.error == errc::header_too_large)
        << each.text << got.flaw;
  }
}

TEST(framing, says_what_is_wrong_and_quotes_nothing) {
  const auto flaw_of = [](const std::string& fields) {
    return feed(head(fields)).flaw;
  };
  EXPECT_EQ(flaw_of("Content-Length: 1\r\nContent-Length: 1\r\n"),
            "two Content-Lengths");
  EXPECT_EQ(flaw_of("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
            "both Content-Length and Transfer-Encoding");
  EXPECT_EQ(flaw_of("Host: b\r\n"), "two Hosts");
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
        held.erase(0, step.used);
        if (step.what == verdict::incomplete)
          break;
        requests += step.what == verdict::complete ? 1 : 0;
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

TEST(framing, gives_one_reason_for_two_faults_however_they_are_cut) {
  const std::string line_feed{"GET / HTTP/1.1\n"};
  for (const auto& text :
       {line_feed + std::string(500, 'x'), line_feed + head("Expect: x\r\n"),
        std::string(403, 'x') + "\n", std::string(402, 'x') + "\n"}) {
    const auto whole = feed(text);
    EXPECT_TRUE(whole.refused);
    for (const std::size_t piece : {1, 2, 3, 7})
      EXPECT_EQ(feed(text, piece), whole) << piece << " bytes of " << text;
  }
}

TEST(framing, holds_a_line_back_until_it_is_known_to_be_good) {
  framing parser{bounds};
  parser.feed(chunked(""));
  EXPECT_EQ(parser.feed("3;x").used, 0u);
  EXPECT_EQ(parser.feed("3;x\r\nab").used, 7u);
  EXPECT_EQ(parser.feed("c\r").used, 1u);
  EXPECT_EQ(parser.feed("\r\n0").used, 2u);
  EXPECT_EQ(parser.feed("0\r\nX: ").used, 3u);
  EXPECT_EQ(parser.feed("X: y\r\n\r").used, 6u);
  EXPECT_EQ(parser.feed("\r\n").what, verdict::complete);
}

TEST(framing, bounds_the_fields_of_a_head_and_its_trailer) {
  constexpr framing::bounds wide{.max_header = 100'000, .max_body = 100};
  const auto fields = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += "a:\r\n";
    return text;
  };
  const auto whole = std::string::npos;
  EXPECT_EQ(feed(head(fields(255)), whole, wide).requests, 1u);
  EXPECT_EQ(feed(head(fields(256)), whole, wide).error, errc::header_too_large);
  EXPECT_EQ(feed(chunked("0\r\n" + fields(254) + "\r\n"), whole, wide).requests,
            1u);
  EXPECT_EQ(feed(chunked("0\r\n" + fields(255) + "\r\n"), whole, wide).error,
            errc::header_too_large);
}

TEST(framing, bounds_what_chunks_cost_besides_the_body) {
  constexpr framing::bounds wide{.max_header = 400, .max_body = 1'000'000};
  const auto body = [](std::size_t chunks, const std::string& chunk) {
    auto text = chunked("");
    for (std::size_t i = 0; i < chunks; ++i)
      text += chunk;
    return text + "0\r\n\r\n";
  };
  const auto whole = std::string::npos;
  const std::string tiny{"1\r\nx\r\n"};
  const std::string small{"12\r\n123456789012345678\r\n"};
  const auto padded = "1;" + std::string(250, 'x') + "\r\nx\r\n";
  EXPECT_EQ(feed(body(3'000, tiny), whole, wide).requests, 1u);
  EXPECT_EQ(feed(body(4'000, tiny), whole, wide).error,
            errc::malformed_request);
  EXPECT_EQ(feed(body(50'000, small), whole, wide).requests, 1u);
  EXPECT_EQ(feed(body(400, padded), whole, wide).requests, 1u);
  EXPECT_EQ(feed(body(500, padded), whole, wide).error,
            errc::malformed_request);
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

TEST(framing, ignores_what_http_1_0_expects) {
  for (const std::string what : {"100-continue", "a-miracle"}) {
    framing parser{bounds};
    EXPECT_EQ(
        parser.feed("POST / HTTP/1.0\r\nExpect: " + what + "\r\n\r\n").what,
        verdict::complete);
    EXPECT_FALSE(parser.expects_continue());
  }
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

TEST(framing, holds_the_next_request_to_other_bounds) {
  const auto text = head("Content-Length: 3\r\n") + "abc";
  framing parser{bounds};
  EXPECT_EQ(parser.feed(text).what, verdict::head);
  EXPECT_EQ(parser.feed("abc").what, verdict::complete);
  ASSERT_TRUE(parser.between_requests());
  parser.set_bounds({.max_header = bounds.max_header, .max_body = 2});
  EXPECT_EQ(parser.feed(text).what, verdict::refused);
  EXPECT_EQ(parser.error(), errc::payload_too_large);
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
