#include "api/chat_stream.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace mfo::api {
namespace {

using nlohmann::json;

/// Feeds the stream byte by byte and as a whole: both have to say the same.
struct told {
  explicit told(std::string_view text, std::size_t bound = 1024)
    : stream(bound) {
    fed = stream.feed(text, [this](const json& delta) {
      said += delta.is_string() ? delta.get<std::string>() : delta.dump();
    });
    chat_stream bytewise(bound);
    std::string again;
    for (const char c : text)
      static_cast<void>(bytewise.feed({&c, 1}, [&](const json& delta) {
        again += delta.is_string() ? delta.get<std::string>() : delta.dump();
      }));
    EXPECT_EQ(again, said);
    EXPECT_EQ(bytewise.complete(), stream.complete());
    EXPECT_EQ(bytewise.end().has_value(), stream.end().has_value());
  }

  chat_stream stream;
  std::string said;
  tl::expected<void, api_error> fed;
};

constexpr std::string_view two_words =
    "data: {\"content\":\"Hello \"}\n\ndata: {\"content\":\"you\"}\n\n";

TEST(chat_stream, ends_with_done) {
  const told all{std::string{two_words} + "data: [DONE]\n\n"};
  EXPECT_EQ(all.said, "Hello you");
  EXPECT_TRUE(all.stream.complete());
  EXPECT_TRUE(all.stream.end());
}

TEST(chat_stream, ends_with_a_status) {
  const told all{std::string{two_words} +
                 "data: {\"status\":\"complete\",\"thread_id\":\"t\"}\n\n"};
  EXPECT_EQ(all.said, "Hello you");
  EXPECT_TRUE(all.stream.complete());
  EXPECT_EQ(all.stream.thread_id(), "t");
}

TEST(chat_stream, says_what_comes_with_the_end) {
  const told all{"data: {\"content\":\"bye\",\"status\":\"complete\"}\n\n"};
  EXPECT_EQ(all.said, "bye");
  EXPECT_TRUE(all.stream.complete());
}

TEST(chat_stream, looks_at_nothing_after_the_end) {
  const told all{"data: [DONE]\n\ndata: {\"content\":\"x\"}\n\ndata: junk\n\n"
                 "data: {\"error\":\"x\"}\n\n" +
                 std::string(5000, 'x')};
  EXPECT_EQ(all.said, "");
  EXPECT_TRUE(all.fed);
  EXPECT_TRUE(all.stream.end());
}

TEST(chat_stream, passes_what_it_does_not_know_over) {
  const told all{": hello\n\nevent: ping\ndata: {}\n\n"
                 "data: {\"status\":\"thinking\",\"content\":null}\n\n"
                 "data: {\"content\":7}\n\ndata: [DONE]\n\n"};
  EXPECT_EQ(all.said, "7");
  EXPECT_TRUE(all.stream.end());
}

TEST(chat_stream, that_breaks_off_is_truncated) {
  for (const std::string& text : {std::string{}, std::string{two_words},
                                  std::string{two_words} + "data: [DONE]\n",
                                  std::string{two_words} + "data: [DO"}) {
    const told all{text};
    EXPECT_FALSE(all.stream.complete());
    EXPECT_THAT(all.stream.end(), fails_with(api_errc::truncated, "broke off"));
  }
}

TEST(chat_stream, fails_with_an_error_of_its_own) {
  for (const auto* text :
       {"data: {\"error\":\"too\\nlong\"}\n\n",
        "data: {\"error\":{\"code\":\"c\",\"message\":\"too long\"}}\n\n",
        "event: error\ndata: {\"message\":\"too long\"}\n\n"}) {
    const told all{std::string{two_words} + text + "data: [DONE]\n\n"};
    EXPECT_EQ(all.said, "Hello you");
    EXPECT_THAT(all.fed, fails_with(api_errc::failed_in_stream, "too long"));
    EXPECT_THAT(all.stream.end(),
                fails_with(api_errc::failed_in_stream, "too long"));
  }
  EXPECT_THAT(told{"event: error\ndata: oops\n\n"}.fed,
              fails_with(api_errc::failed_in_stream, "with an error"));
}

TEST(chat_stream, fails_when_it_is_malformed) {
  for (const auto* text : {"data: hunter2\n\n", "data: {\"content\":\n\n",
                           "data: [1]\n\n", "data: \"x\"\n\n"}) {
    const told all{text};
    EXPECT_THAT(all.fed, fails_with(api_errc::bad_reply, "neither [DONE]"));
    EXPECT_EQ(all.fed.error().message.find("hunter2"), std::string::npos);
  }
}

TEST(chat_stream, fails_when_an_event_is_too_large_or_too_deep) {
  EXPECT_THAT(told{"data: {\"content\":\"" + std::string(5000, 'x')}.fed,
              fails_with(api_errc::bad_reply, "larger than 1024"));
  EXPECT_THAT(told("data: {\"content\":" + std::string(50'000, '[') +
                       std::string(50'000, ']') + "}\n\n",
                   1 << 20)
                  .fed,
              fails_with(api_errc::bad_reply, "neither"));
}

} // namespace
} // namespace mfo::api
