#include "telemetry/log.hpp"

#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace mfo::telemetry {

namespace {

using config::log_level;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

struct a_log : testing::Test {
  static config::log_settings
  settings(log_level level,
           config::log_format format = config::log_format::json) {
    return {.level = level, .format = format};
  }

  std::function<void(std::string_view)> sink() {
    return [this](std::string_view line) {
      lines.emplace_back(line);
    };
  }

  std::vector<std::string> messages() const {
    std::vector<std::string> out;
    for (const auto& line : lines)
      out.push_back(json::parse(line)["message"]);
    return out;
  }

  static void one_of_each(log& out) {
    out.debug("debug");
    out.info("info");
    out.warn("warn");
    out.error("error");
  }

  std::vector<std::string> lines;
};

TEST_F(a_log, gives_whole_lines_without_the_newline) {
  log out{settings(log_level::info), sink()};
  out.info("event delivered", {{"event_id", "0193"}});
  ASSERT_EQ(lines.size(), 1u);
  const auto line = json::parse(lines[0]);
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["event_id"], "0193");
  EXPECT_THAT(line["time"].get<std::string>(),
              testing::MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:"
                                    "[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z"));
}

TEST_F(a_log, leaves_out_what_is_below_its_level) {
  log out{settings(log_level::warn), sink()};
  one_of_each(out);
  EXPECT_THAT(messages(), ElementsAre("warn", "error"));
}

TEST_F(a_log, can_change_its_level_while_it_is_used) {
  log out{settings(log_level::error), sink()};
  one_of_each(out);
  out.set_level(log_level::debug);
  one_of_each(out);
  out.set_level(log_level::off);
  one_of_each(out);
  EXPECT_THAT(messages(),
              ElementsAre("error", "debug", "info", "warn", "error"));
}

TEST_F(a_log, tells_its_level_and_what_it_would_write) {
  log out{settings(log_level::info), sink()};
  for (const auto level : {log_level::trace, log_level::debug, log_level::info,
                           log_level::warn, log_level::error, log_level::off}) {
    out.set_level(level);
    EXPECT_EQ(out.level(), level) << to_string(level);
  }
  out.set_level(log_level::info);
  EXPECT_FALSE(out.enabled(log_level::debug));
  EXPECT_TRUE(out.enabled(log_level::info));
}

TEST_F(a_log, names_the_level_of_each_line) {
  log out{settings(log_level::trace), sink()};
  one_of_each(out);
  std::vector<std::string> levels;
  for (const auto& line : lines)
    levels.push_back(json::parse(line)["level"]);
  EXPECT_THAT(levels, ElementsAre("debug", "info", "warn", "error"));
}

TEST_F(a_log, writes_text_for_people_when_asked_for) {
  log out{settings(log_level::info, config::log_format::text), sink()};
  out.warn("event refused", {{"reason", "saturated"}});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("Z warn  event refused reason=saturated"));
}

TEST_F(a_log, takes_braces_as_they_are) {
  log out{settings(log_level::info), sink()};
  out.info("{} {0} %v %n");
  EXPECT_THAT(messages(), ElementsAre("{} {0} %v %n"));
}

TEST_F(a_log, may_be_written_by_many_threads) {
  log out{settings(log_level::info), sink()};
  const auto work = [&out] {
    for (int i = 0; i < 500; ++i)
      out.info("message", {{"i", i}});
  };
  std::thread first{work};
  std::thread second{work};
  first.join();
  second.join();
  EXPECT_EQ(lines.size(), 1'000u);
  for (const auto& line : lines)
    EXPECT_TRUE(json::accept(line));
}

TEST_F(a_log, of_a_sink_drops_no_lines) {
  log out{settings(log_level::info), sink()};
  EXPECT_EQ(out.lines_dropped(), 0u);
}

TEST(the_log_of_standard_output, has_written_everything_when_it_is_gone) {
  testing::internal::CaptureStdout();
  {
    log out{config::log_settings{}};
    for (int i = 0; i < 100; ++i)
      out.info("message", {{"i", i}});
  }
  const auto written = testing::internal::GetCapturedStdout();
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 100);
  EXPECT_TRUE(json::accept(written.substr(0, written.find('\n'))));
}

TEST(the_log_of_standard_output, has_written_everything_once_it_is_flushed) {
  testing::internal::CaptureStdout();
  log out{config::log_settings{}};
  for (int i = 0; i < 100; ++i)
    out.info("message", {{"i", i}});
  const bool flushed = out.flush(std::chrono::seconds{30});
  const auto written = testing::internal::GetCapturedStdout();
  EXPECT_TRUE(flushed);
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 100);
}

TEST_F(a_log, of_a_sink_has_nothing_to_flush) {
  log out{settings(log_level::info), sink()};
  out.info("message");
  EXPECT_TRUE(out.flush(std::chrono::seconds{0}));
}

TEST(the_log_of_standard_output, counts_what_it_cannot_write) {
  const int before = ::dup(STDOUT_FILENO);
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_NE(full, -1);
  std::fflush(stdout);
  ::dup2(full, STDOUT_FILENO);
  testing::internal::CaptureStderr();
  bool counted = false;
  {
    log out{config::log_settings{}};
    for (int i = 0; i < 3; ++i)
      out.info("message", {{"i", i}});
    counted = support::wait_until([&] { return out.lines_dropped() == 3; });
  }
  const auto said = testing::internal::GetCapturedStderr();
  ::dup2(before, STDOUT_FILENO);
  ::close(before);
  ::close(full);
  EXPECT_TRUE(counted);
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  EXPECT_THAT(said, HasSubstr("No space left on device"));
}

} // namespace

} // namespace mfo::telemetry
