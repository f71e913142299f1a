#include "telemetry/log_line.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <string>

namespace mfo::telemetry {

namespace {

using config::log_level;
using nlohmann::json;

constexpr auto time_shown = "2026-11-24T07:53:48.001Z";

std::string as_json(std::string_view message, log::fields values = {}) {
  return json_line(time_shown, log_level::info, message, values);
}

std::string as_text(std::string_view message, log::fields values = {}) {
  return text_line(time_shown, log_level::info, message, values, false);
}

std::string every_byte() {
  std::string all;
  for (int c = 0; c < 256; ++c)
    all += static_cast<char>(c);
  return all;
}

TEST(json_line, is_one_object_in_a_fixed_order) {
  EXPECT_EQ(
      as_json("event delivered",
              {{"event_id", "0193"}, {"attempts", 2}, {"duration_ms", 1.5}}),
      R"({"time":"2026-11-24T07:53:48.001Z","level":"info",)"
      R"("message":"event delivered","event_id":"0193","attempts":2,)"
      R"("duration_ms":1.500})");
}

TEST(json_line, shows_whole_numbers_of_any_sign) {
  const auto line = json::parse(
      as_json("", {{"least", std::numeric_limits<std::int64_t>::min()},
                   {"most", std::numeric_limits<std::int64_t>::max()},
                   {"small", std::uint8_t{7}}}));
  EXPECT_EQ(line["least"], std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(line["most"], std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(line["small"], 7);
}

TEST(json_line, shows_null_for_what_is_no_number_in_json) {
  const auto line = json::parse(
      as_json("", {{"nan", std::nan("")},
                   {"infinity", -std::numeric_limits<double>::infinity()}}));
  EXPECT_TRUE(line["nan"].is_null());
  EXPECT_TRUE(line["infinity"].is_null());
}

TEST(json_line, escapes_what_a_sender_put_in_a_header) {
  const auto line =
      json::parse(as_json("a\"b", {{"path", "/\",\"level\":\"error\n"}}));
  EXPECT_EQ(line["message"], "a\"b");
  EXPECT_EQ(line["path"], "/\",\"level\":\"error\n");
  EXPECT_EQ(line["level"], "info");
}

TEST(json_line, is_one_line_and_json_whatever_it_is_given) {
  const auto line = as_json(every_byte(), {{"value", every_byte()}});
  EXPECT_EQ(line.find_first_of(std::string{"\n\r\0\x1b", 4}),
            std::string::npos);
  EXPECT_TRUE(json::accept(line));
}

TEST(json_line, cuts_a_long_value) {
  const auto line = json::parse(
      as_json(std::string(2'000, 'm'), {{"path", std::string(2'000, 'p')}}));
  EXPECT_EQ(line["message"], std::string(256, 'm') + "… (2000 bytes)");
  EXPECT_EQ(line["path"], std::string(256, 'p') + "… (2000 bytes)");
}

TEST(json_line, keeps_a_value_that_just_fits) {
  const std::string text(256, 'p');
  EXPECT_EQ(json::parse(as_json("", {{"path", text}}))["path"], text);
}

TEST(json_line, is_json_when_a_value_is_cut_within_a_character) {
  EXPECT_TRUE(json::accept(
      as_json("", {{"path", std::string(255, 'p') + "\xe2\x82\xac"}})));
}

TEST(text_line, reads_like_a_sentence) {
  EXPECT_EQ(
      as_text("event delivered",
              {{"event_id", "0193-7b"}, {"attempts", 2}, {"duration_ms", 1.5}}),
      "2026-11-24T07:53:48.001Z info  event delivered event_id=0193-7b "
      "attempts=2 duration_ms=1.500");
}

TEST(text_line, quotes_what_is_not_one_plain_word) {
  EXPECT_EQ(as_text("m", {{"a", "two words"},
                          {"b", ""},
                          {"c", "x=y"},
                          {"d", "\"q\""},
                          {"e", "/plain:1.0"}}),
            "2026-11-24T07:53:48.001Z info  m a=\"two words\" b=\"\" "
            "c=\"x=y\" d=\"\\\"q\\\"\" e=/plain:1.0");
}

TEST(text_line, is_one_line_whatever_it_is_given) {
  const auto line = as_text(every_byte(), {{"value", every_byte()}});
  EXPECT_EQ(line.find_first_of(std::string{"\n\r\0\x1b", 4}), std::string::npos)
      << "nothing that moves a terminal's cursor";
}

TEST(text_line, cuts_a_long_value) {
  const auto line =
      as_text(std::string(2'000, 'm'), {{"path", std::string(2'000, 'p')},
                                        {"words", std::string(2'000, ' ')}});
  EXPECT_LT(line.size(), 3 * 256 + 150u);
  EXPECT_NE(line.find(" path=\"" + std::string(256, 'p') + "… (2000 bytes)\""),
            std::string::npos);
}

TEST(text_line, is_coloured_by_level_when_asked_for) {
  const auto coloured = [](log_level level) {
    return text_line(time_shown, level, "m", {{"a", 1}}, true);
  };
  EXPECT_NE(coloured(log_level::error).find("\x1b[31merror\x1b[0m"),
            std::string::npos);
  EXPECT_NE(coloured(log_level::warn).find("\x1b[33mwarn \x1b[0m"),
            std::string::npos);
  EXPECT_EQ(as_text("m", {{"a", 1}}).find('\x1b'), std::string::npos);
}

} // namespace

} // namespace mfo::telemetry
