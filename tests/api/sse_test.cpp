#include "api/sse.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace mfo::api {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t usual_bound = 1024;

/// "type:data:id" for each event; a last "error" if the parser gave up.
class stream_reader {
public:
  explicit stream_reader(std::size_t bound = usual_bound) : parser(bound) {}

  void feed(std::string_view piece) {
    const bool good = parser
                          .feed(piece,
                                [this](const sse_event& event) {
                                  found.push_back(event.type + ":" +
                                                  event.data + ":" + event.id);
                                })
                          .has_value();
    if (!good && (found.empty() || found.back() != "error"))
      found.push_back("error");
  }

  sse_parser parser;
  std::vector<std::string> found;
};

std::vector<std::string> events(std::string_view stream,
                                std::size_t bound = usual_bound) {
  stream_reader all{bound};
  all.feed(stream);
  return all.found;
}

TEST(sse, reads_events) {
  EXPECT_THAT(events("data: a\n\ndata: b\n\n"),
              ElementsAre("message:a:", "message:b:"));
}

TEST(sse, joins_lines_of_data) {
  EXPECT_THAT(events("data: YHOO\ndata: +2\ndata: 10\n\n"),
              ElementsAre("message:YHOO\n+2\n10:"));
}

// The examples of the standard.
TEST(sse, reads_the_standard_s_second_example) {
  EXPECT_THAT(events(": test stream\n\ndata: first event\nid: 1\n\n"
                     "data:second event\nid\n\ndata:  third event\n\n"),
              ElementsAre("message:first event:1",
                          "message:second event:", "message: third event:"));
}

TEST(sse, reads_the_standard_s_third_example) {
  EXPECT_THAT(events("data\n\ndata\ndata\n\ndata:"),
              ElementsAre("message::", "message:\n:"));
}

TEST(sse, takes_one_space_after_the_colon_away) {
  EXPECT_THAT(events("data:test\n\ndata: test\n\ndata:  test\n\n"),
              ElementsAre("message:test:", "message:test:", "message: test:"));
}

TEST(sse, ends_lines_by_lf_cr_and_crlf) {
  EXPECT_THAT(
      events("data: a\r\rdata: b\r\n\r\ndata: c\n\rdata: d\r\n\n"),
      ElementsAre("message:a:", "message:b:", "message:c:", "message:d:"));
}

TEST(sse, passes_a_byte_order_mark_over_at_the_beginning_alone) {
  EXPECT_THAT(events("\xEF\xBB\xBF"
                     "data: a\n\n"),
              ElementsAre("message:a:"));
  EXPECT_THAT(events("\xEF\xBB\xBF\xEF\xBB\xBF"
                     "data: a\n\n"),
              IsEmpty());
  EXPECT_THAT(events("\n\xEF\xBB\xBF"
                     "data: a\n\n"),
              IsEmpty());
}

TEST(sse, names_the_type_for_one_event) {
  EXPECT_THAT(events("event: add\ndata: 1\n\ndata: 2\n\n"
                     "event: gone\n\ndata: 3\n\n"),
              ElementsAre("add:1:", "message:2:", "message:3:"));
}

TEST(sse, keeps_the_id_until_there_is_another) {
  EXPECT_THAT(events("id: 7\n\ndata: a\n\nid: 8\ndata: b\n\ndata: c\n\n"),
              ElementsAre("message:a:7", "message:b:8", "message:c:8"));
  EXPECT_THAT(events("id: 7\nid: a\0b\ndata: x\n\n"s),
              ElementsAre("message:x:7"));
}

TEST(sse, takes_retry_for_milliseconds_if_it_is_digits) {
  stream_reader one;
  EXPECT_EQ(one.parser.retry(), std::nullopt);
  one.feed("retry: 1500\n");
  EXPECT_EQ(one.parser.retry(), std::chrono::milliseconds{1500});
  one.feed("retry: 1x\nretry: -1\nretry\n");
  EXPECT_EQ(one.parser.retry(), std::chrono::milliseconds{1500});
  one.feed("retry: 99999999999\n");
  EXPECT_EQ(one.parser.retry(), std::chrono::hours{24});
}

TEST(sse, passes_unknown_fields_and_comments_over) {
  EXPECT_THAT(events(":\n: x\nfoo: bar\nDATA: a\n data: b\ndata: c\n\n"),
              ElementsAre("message:c:"));
}

TEST(sse, has_no_event_without_its_empty_line) {
  EXPECT_THAT(events("data: a\n"), IsEmpty());
  EXPECT_THAT(events("data: a"), IsEmpty());
}

TEST(sse, bounds_a_line_and_an_event) {
  const auto line = "data:" + std::string(usual_bound - 5, 'x');
  EXPECT_EQ(events(line + "\n\n").size(), 1u);
  EXPECT_NE(events(line + "\n\n").front(), "error");
  EXPECT_THAT(events(line + "x\n\n"), ElementsAre("error"));
  EXPECT_THAT(events(":" + std::string(usual_bound, 'x')),
              ElementsAre("error"));
  std::string lines;
  while (lines.size() < 3 * usual_bound)
    lines += "data: some\n";
  EXPECT_THAT(events("data: a\n\n" + lines + "\n\ndata: b\n\n"),
              ElementsAre("message:a:", "error"));
}

TEST(sse, stays_ended_by_an_error) {
  stream_reader one{8};
  one.feed("data: too long\n\n");
  one.feed("data: a\n\n");
  EXPECT_THAT(one.found, ElementsAre("error"));
  EXPECT_THAT(one.parser.feed("", [](const sse_event&) {}),
              fails_with(api_errc::bad_reply, "larger than 8 bytes"));
}

/// A stream of parts that a parser may trip over.
std::string random_stream(std::mt19937& random) {
  static const std::vector<std::string> parts{"data: ",
                                              "data",
                                              "event: ",
                                              "id: ",
                                              "retry: ",
                                              ":",
                                              "\n",
                                              "\r",
                                              "\r\n",
                                              "\n\n",
                                              "\r\n\r\n",
                                              " ",
                                              "x",
                                              "12",
                                              "[DONE]",
                                              "\xEF\xBB\xBF",
                                              "\xc3\xbc",
                                              "\xff",
                                              "{}",
                                              "\r\r",
                                              "data: a",
                                              "data:b\n",
                                              std::string(1, '\0'),
                                              std::string(60, 'y')};
  std::uniform_int_distribution<std::size_t> any(0, parts.size() - 1);
  std::string stream;
  for (int i = 0; i < 60; ++i)
    stream += parts[any(random)];
  return stream;
}

TEST(sse, gives_the_same_events_however_the_bytes_are_split) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    const auto stream = random_stream(random);
    const auto whole = events(stream, 200);
    stream_reader bytewise{200};
    for (const char c : stream)
      bytewise.feed({&c, 1});
    ASSERT_EQ(bytewise.found, whole) << testing::PrintToString(stream);
    stream_reader pieces{200};
    std::uniform_int_distribution<std::size_t> size(0, 17);
    for (std::string_view rest = stream; !rest.empty();) {
      const auto piece = rest.substr(0, size(random));
      pieces.feed(piece);
      rest.remove_prefix(piece.size());
    }
    ASSERT_EQ(pieces.found, whole) << testing::PrintToString(stream);
    ASSERT_EQ(pieces.parser.retry(), bytewise.parser.retry());
  }
}

} // namespace
} // namespace mfo::api
