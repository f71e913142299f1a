#pragma once

#include "node/command_dead_letters.hpp"

#include "dead_letters/factory.hpp"
#include "tests/dead_letters/letters.hpp"
#include "tests/support/redis_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mfo::node {

/// Runs `mfo-node dead-letters` in this process, on letters in a folder.
class dead_letters_command : public testing::Test {
protected:
  dead_letters_command() {
    config::dead_letter_sink_settings disk;
    disk.name = "disk";
    disk.path = folder / "letters";
    settings.sinks.push_back(disk);
    seam.load = [this](const std::string& file)
        -> tl::expected<config::dead_letter_settings, command_failure> {
      if (file != "node.yaml")
        return tl::unexpected(
            command_failure{exit_status::bad_config, "it is wrong"});
      return settings;
    };
    seam.connect = [this](const std::string&,
                          const std::vector<std::string>& answers) {
      answers_given = answers;
      ++connected;
      return dead_letters::deliver_function{
          [this](const dead_letters::letter& value) {
            delivered.push_back(value.event_id);
            if (on_delivery)
              on_delivery();
            return value.event_id == refused
                       ? tl::unexpected(std::string{"it answered 400"})
                       : dead_letters::done{};
          }};
    };
    seam.confirm = [this](const std::string& question) {
      asked.push_back(question);
      return answer;
    };
    seam.draws_bar = false;
  }

  void write(std::size_t first, std::size_t end, std::size_t sink = 0) {
    write(dead_letters::sample_letters(first, end), sink);
  }

  void write(const std::vector<dead_letters::letter_ptr>& letters,
             std::size_t sink = 0) {
    const auto to = dead_letters::make_sink(settings.sinks[sink]);
    ASSERT_TRUE(to) << to.error();
    ASSERT_TRUE(dead_letters::is_done((*to)->write(letters)));
  }

  std::vector<std::string> ids(std::size_t sink = 0) const {
    const auto from = dead_letters::make_reader(settings.sinks[sink]);
    return dead_letters::read_all(**from).ids();
  }

  exit_status run(const std::string& arguments,
                  const std::string& config = "node.yaml") {
    CLI::App app;
    auto status = exit_status::gave_up;
    command_action chosen;
    add_dead_letters_command(app, chosen, seam);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
      app.parse("dead-letters " + arguments + " --config " + config);
      status = chosen();
    } catch (const CLI::ParseError&) {
      status = exit_status::usage;
    }
    std::fflush(stdout);
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return status;
  }

  support::temporary_folder folder;
  config::dead_letter_settings settings;
  dead_letters_seam seam;
  int connected = 0;
  std::vector<std::string> answers_given;
  std::string refused;
  std::function<void()> on_delivery;
  std::vector<std::string> delivered;
  std::vector<std::string> asked;
  std::optional<bool> answer = true;
  std::string out;
  std::string err;
};

/// And a redis behind it, and a URL that cannot be read.
class several_sinks : public dead_letters_command {
protected:
  several_sinks() {
    config::dead_letter_sink_settings redis;
    redis.name = "redis";
    redis.type = config::dead_letter_sink::redis;
    redis.url = config::secret{
        "redis://127.0.0.1:" + std::to_string(server.port()) + "/1"};
    settings.sinks.push_back(redis);
    config::dead_letter_sink_settings posted;
    posted.name = "posted";
    posted.type = config::dead_letter_sink::http;
    posted.url = config::secret{"http://127.0.0.1:1/"};
    settings.sinks.push_back(posted);
  }

  support::redis_process server;
};

} // namespace mfo::node
