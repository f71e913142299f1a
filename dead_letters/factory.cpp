#include "dead_letters/factory.hpp"

#include "dead_letters/amqp_reader.hpp"
#include "dead_letters/amqp_sink.hpp"
#include "dead_letters/file_reader.hpp"
#include "dead_letters/file_sink.hpp"
#include "dead_letters/http_sink.hpp"
#include "dead_letters/redis_reader.hpp"
#include "dead_letters/redis_sink.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::dead_letters {

namespace {

using config::dead_letter_sink;
using config::dead_letter_sink_settings;

template <class T>
using made = tl::expected<T, std::string>;

made<file_settings> file_of(const dead_letter_sink_settings& from) {
  if (from.path.empty())
    return tl::unexpected(std::string{"path names no folder"});
  return file_settings{from.path, from.max_file_size, from.max_size,
                       from.timeout};
}

made<redis_settings> redis_of(const dead_letter_sink_settings& from) {
  auto server = parse_service_url(from.url.reveal(), "redis", redis_port);
  if (!server)
    return tl::unexpected(std::move(server.error()));
  if (!std::ranges::all_of(server->path,
                           [](char c) { return c >= '0' && c <= '9'; }))
    return tl::unexpected(
        std::string{"the path of the url is not the number of a database"});
  return redis_settings{std::move(*server), from.stream, from.max_length,
                        from.timeout};
}

made<amqp_settings> amqp_of(const dead_letter_sink_settings& from) {
  auto server = parse_service_url(from.url.reveal(), "amqp", amqp_port);
  if (!server)
    return tl::unexpected(std::move(server.error()));
  if (from.queue.empty() || from.queue.size() > 255)
    return tl::unexpected(
        std::string{"the name of a queue has 1 to 255 bytes"});
  return amqp_settings{std::move(*server), from.queue, from.timeout};
}

made<http_settings> http_of(const dead_letter_sink_settings& from) {
  auto url = http::parse_url(from.url.reveal());
  if (!url)
    return tl::unexpected(std::move(url.error()));
  return http_settings{std::move(*url), from.timeout};
}

/// A `Thing` made with settings, as what it is used as.
template <class Thing, class As, class Settings>
made<std::unique_ptr<As>> make_as(made<Settings> settings) {
  if (!settings)
    return tl::unexpected(std::move(settings.error()));
  return std::unique_ptr<As>{std::make_unique<Thing>(std::move(*settings))};
}

made<std::unique_ptr<sink>>
make_unnamed_sink(const dead_letter_sink_settings& from) {
  switch (from.type) {
  case dead_letter_sink::file:
    return make_as<file_sink, sink>(file_of(from));
  case dead_letter_sink::redis:
    return make_as<redis_sink, sink>(redis_of(from));
  case dead_letter_sink::amqp:
    return make_as<amqp_sink, sink>(amqp_of(from));
  case dead_letter_sink::http:
    break;
  }
  return http_of(from).and_then(http_sink::make);
}

made<std::unique_ptr<reader>>
make_unnamed_reader(const dead_letter_sink_settings& from) {
  switch (from.type) {
  case dead_letter_sink::file:
    return file_of(from).map([](const file_settings& settings) {
      return std::unique_ptr<reader>{
          std::make_unique<file_reader>(settings.path, settings.timeout)};
    });
  case dead_letter_sink::redis:
    return make_as<redis_reader, reader>(redis_of(from));
  case dead_letter_sink::amqp:
    return make_as<amqp_reader, reader>(amqp_of(from));
  case dead_letter_sink::http:
    break;
  }
  return tl::unexpected(std::string{"what is posted cannot be read back"});
}

template <class T>
made<T> naming(const std::string& name, made<T> result) {
  if (!result)
    result.error().insert(0, fmt::format("dead-letter sink {}: ", name));
  return result;
}

} // namespace

tl::expected<std::unique_ptr<sink>, std::string>
make_sink(const dead_letter_sink_settings& settings) {
  return naming(settings.name, make_unnamed_sink(settings));
}

tl::expected<std::vector<named_sink>, std::string>
prepare_sinks(const config::dead_letter_settings& settings) {
  auto sinks = make_sinks(settings);
  if (!sinks)
    return sinks;
  for (const auto& each : *sinks)
    if (auto ready = naming(each.name, each.to->prepare()); !ready)
      return tl::unexpected(std::move(ready.error()));
  return sinks;
}

tl::expected<std::vector<named_sink>, std::string>
make_sinks(const config::dead_letter_settings& settings) {
  std::vector<named_sink> sinks;
  for (const auto& each : settings.sinks) {
    auto one = make_sink(each);
    if (!one)
      return tl::unexpected(std::move(one.error()));
    sinks.push_back({each.name, std::move(*one)});
  }
  return sinks;
}

bool is_readable(const dead_letter_sink_settings& settings) {
  return settings.type != dead_letter_sink::http;
}

tl::expected<std::unique_ptr<reader>, std::string>
make_reader(const dead_letter_sink_settings& settings) {
  return naming(settings.name, make_unnamed_reader(settings));
}

} // namespace mfo::dead_letters
