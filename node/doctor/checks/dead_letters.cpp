// Whether the sinks are there. Nothing is written to any.

#include "node/doctor/at_once.hpp"
#include "node/doctor/checks/checks.hpp"
#include "node/doctor/probes/reach.hpp"
#include "node/doctor/rules/sinks.hpp"

#include "dead_letters/amqp_connection.hpp"
#include "dead_letters/redis_connection.hpp"
#include "dead_letters/service_url.hpp"
#include "http/origin.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <utility>

namespace mfo::node::doctor {

namespace {

namespace fs = std::filesystem;
using config::dead_letter_sink;
using config::dead_letter_sink_settings;

finding look_at_folder(const std::string& subject, const std::string& path) {
  folder_seen seen{.subject = subject, .path = path};
  std::error_code ec;
  auto nearest = fs::absolute(path, ec);
  seen.is_there = fs::exists(nearest, ec);
  seen.is_folder = fs::is_directory(nearest, ec);
  while (!fs::exists(nearest, ec) && nearest.has_relative_path())
    nearest = nearest.parent_path();
  seen.writable = ::access(nearest.c_str(), W_OK | X_OK) == 0;
  return judge_folder(seen);
}

/// The error is why it cannot be used.
tl::expected<std::string, std::string>
ask_redis(const dead_letter_sink_settings& sink,
          std::chrono::milliseconds longest) {
  auto url = dead_letters::parse_service_url(sink.url.reveal(), "redis",
                                             dead_letters::redis_port);
  if (!url)
    return tl::unexpected{url.error()};
  auto opened = dead_letters::redis_connection::open(*url, longest);
  if (!opened)
    return tl::unexpected{opened.error()};
  constexpr std::array<std::string_view, 1> ping{"PING"};
  if (const auto answer = opened->command(ping); !answer)
    return tl::unexpected{answer.error()};
  return url->address();
}

tl::expected<std::string, std::string>
ask_amqp(const dead_letter_sink_settings& sink,
         std::chrono::milliseconds longest) {
  auto url = dead_letters::parse_service_url(sink.url.reveal(), "amqp",
                                             dead_letters::amqp_port);
  if (!url)
    return tl::unexpected{url.error()};
  const dead_letters::amqp_settings settings{*std::move(url), sink.queue,
                                             longest};
  const auto opened =
      dead_letters::amqp_connection::open(settings, std::chrono::seconds{0});
  if (!opened)
    return tl::unexpected{opened.error()};
  return settings.server.address();
}

tl::expected<std::string, std::string>
reach_url(const dead_letter_sink_settings& sink,
          std::chrono::steady_clock::time_point deadline) {
  const auto url = http::parse_url(sink.url.reveal());
  if (!url)
    return tl::unexpected{url.error()};
  const auto seen = reach({url->server}, deadline);
  if (seen.failed())
    return tl::unexpected{url->server.url() + ": " + seen.error};
  return url->server.url();
}

findings look_at_sink(const patient& of,
                      const dead_letter_sink_settings& sink) {
  const auto subject = "dead_letters." + sink.name;
  const auto longest = std::min(sink.timeout, of.timeout);
  if (sink.type == dead_letter_sink::file)
    return {look_at_folder(subject, sink.path)};
  const auto asked =
      sink.type == dead_letter_sink::redis  ? ask_redis(sink, longest)
      : sink.type == dead_letter_sink::amqp ? ask_amqp(sink, longest)
                                            : reach_url(sink, of.deadline());
  return {judge_store(subject, asked.value_or(""),
                      asked ? std::string{} : asked.error())};
}

bool acknowledges_early(const config::endpoint_settings& endpoint) {
  return endpoint.ack != config::ack_mode::completed;
}

} // namespace

findings check_dead_letters(const patient& of) {
  const auto& sinks = of.settings.dead_letters.sinks;
  if (!sinks.empty())
    return at_once(sinks, [&](const dead_letter_sink_settings& sink) {
      return look_at_sink(of, sink);
    });
  findings all;
  for (const auto& each : of.settings.endpoints)
    if (acknowledges_early(each))
      all.push_back(failed("endpoints." + each.id,
                           "its events are acknowledged before they are "
                           "delivered, and there is no sink for those that "
                           "fail",
                           "add a sink to `dead_letters`, or set `ack: "
                           "completed`"));
  if (all.empty())
    all.push_back(
        left_out("", "there are no sinks, and no endpoint needs one"));
  return all;
}

} // namespace mfo::node::doctor
