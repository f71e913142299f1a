// A steady load of signed events, and a record of what became of each.
//
//   bench-load --url http://127.0.0.1:8088/webhook --rate 500 --record FILE
//
// Events are due at fixed moments, whatever became of those before, and their
// latency counts from there: a system that stalls does not thereby get less to
// do, nor better figures. It ends after --seconds, or on SIGTERM or SIGINT, and
// then waits for the answers that are out.
//
// The record has a line an event, in the order of the answers:
//   <due, ms since 1970> <latency, µs> <status, 0: none> <Retry-After> <id>
// with - for what an answer lacks.

#include "config/settings.hpp"
#include "http/beast_client.hpp"
#include "http/origin.hpp"
#include "signatures/signer.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace mfo;
using steady_clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

struct arguments {
  std::string url;
  std::string record;
  std::string secret_env = "WEBHOOK_SECRET";
  std::string id_header;   ///< empty: no event has an id of the sender's
  std::string key_header;  ///< empty: no event has a key
  std::uint64_t keys = 16; ///< as many, in turn
  double rate = 500;
  double seconds = 0; ///< 0: until it is told to stop
  std::size_t bytes = 1024;
  std::size_t connections = 1000;
};

/// One JSON object of the size asked for.
std::string body_of(std::size_t bytes) {
  constexpr std::string_view head = R"({"text":")";
  constexpr std::string_view tail = R"("})";
  const auto rest = bytes - std::min(bytes, head.size() + tail.size());
  return std::string{head} + std::string(rest, 'x') + std::string{tail};
}

/// The event's id, as an answer with 202 has it.
std::string_view id_in(std::string_view answer) {
  constexpr std::string_view key = R"("event_id":")";
  const auto begin = answer.find(key);
  if (begin == std::string_view::npos)
    return "-";
  answer.remove_prefix(begin + key.size());
  return answer.substr(0, answer.find('"'));
}

/// Lives on `io`'s thread.
class load {
public:
  load(boost::asio::io_context& io, http::client& client,
       http::client_request request, const arguments& given)
    : io_(io), client_(client), request_(std::move(request)), given_(given),
      timer_(io), signals_(io, SIGTERM, SIGINT),
      record_(given.record, std::ios::binary) {}

  bool run() {
    if (!record_)
      return false;
    signals_.async_wait([this](auto error, int) {
      if (!error)
        stop();
    });
    boost::asio::post(io_, [this] { send_due(); });
    io_.run();
    record_.close();
    return !record_.fail();
  }

private:
  [[nodiscard]] steady_clock::duration due(std::uint64_t number) const {
    return duration_cast<steady_clock::duration>(std::chrono::duration<double>(
        static_cast<double>(number) / given_.rate));
  }

  void send_due() {
    const auto end = std::chrono::duration<double>(given_.seconds);
    for (; !stopped_; ++sent_) {
      const auto at = due(sent_);
      if (given_.seconds > 0 && at >= end)
        return stop();
      if (begun_ + at > steady_clock::now())
        return wait_until(begun_ + at);
      send(at);
    }
  }

  void wait_until(steady_clock::time_point when) {
    timer_.expires_at(when);
    timer_.async_wait([this](auto error) {
      if (!error)
        send_due();
    });
  }

  void send(steady_clock::duration at) {
    auto request = request_;
    if (!given_.id_header.empty())
      request.headers.add(given_.id_header, fmt::format("{}-{}", name_, sent_));
    if (!given_.key_header.empty())
      request.headers.add(given_.key_header,
                          fmt::format("{}-{}", name_, sent_ % given_.keys));
    // Answers may come within `send`: they are taken in later, not in here.
    client_.send(std::move(request), [this, at](http::client_result answer) {
      boost::asio::post(io_,
                        [this, at, took = steady_clock::now() - begun_ - at,
                         answer = std::move(answer)] {
                          ++answered_;
                          write(at, took, answer);
                          end_when_done();
                        });
    });
  }

  void write(steady_clock::duration at, steady_clock::duration took,
             const http::client_result& answer) {
    const auto status = answer ? answer->status : 0;
    std::string_view retry_after;
    if (answer)
      retry_after = answer->headers.first("Retry-After");
    record_ << fmt::format(
        "{} {} {} {} {}\n",
        duration_cast<milliseconds>(begun_unix_.time_since_epoch() + at)
            .count(),
        duration_cast<microseconds>(took).count(), status,
        retry_after.empty() ? "-" : retry_after,
        answer ? id_in(answer->body) : "-");
  }

  void stop() {
    stopped_ = true;
    timer_.cancel();
    signals_.cancel();
    end_when_done();
  }

  void end_when_done() {
    if (stopped_ && answered_ == sent_)
      client_.close(); // its idle connections would keep `io_` busy
  }

  boost::asio::io_context& io_;
  http::client& client_;
  const http::client_request request_;
  const arguments& given_;
  boost::asio::steady_timer timer_;
  boost::asio::signal_set signals_;
  std::ofstream record_;
  const std::uint32_t name_ = std::random_device{}(); ///< of this load
  const steady_clock::time_point begun_ = steady_clock::now();
  const std::chrono::system_clock::time_point begun_unix_ =
      std::chrono::system_clock::now();
  std::uint64_t sent_ = 0;
  std::uint64_t answered_ = 0;
  bool stopped_ = false;
};

int fail(const std::string& why) {
  fmt::print(stderr, "bench-load: {}\n", why);
  return 1;
}

int run(const arguments& given) {
  const auto to = http::parse_url(given.url);
  if (!to)
    return fail("--url: " + to.error());
  const auto* secret = std::getenv(given.secret_env.c_str());
  if (secret == nullptr)
    return fail(given.secret_env + " is not set");
  config::signature_settings signature;
  signature.secrets = {config::secret{secret}};
  auto body = body_of(given.bytes);

  http::client_request request;
  request.target = to->target;
  request.headers = {{"Content-Type", "application/json"}};
  for (const auto& [name, value] : signatures::sign(signature, {.body = body}))
    request.headers.add(name, value);
  request.body = std::make_shared<const std::string>(std::move(body));
  request.timeout = std::chrono::seconds{30};

  boost::asio::io_context io;
  http::client_config settings;
  settings.server = to->server;
  settings.max_connections = given.connections;
  settings.max_waiting = 100'000;
  const auto client = http::make_beast_client(io, settings);
  if (!client)
    return fail(client.error());
  if (!load(io, **client, std::move(request), given).run())
    return fail("cannot write " + given.record);
  return 0;
}

int run_command_line(int argc, char** argv) {
  CLI::App app{"Sends signed events at a steady rate.", "bench-load"};
  arguments given;
  app.add_option("--url", given.url, "Where to")->required();
  app.add_option("--record", given.record, "File, a line an event")->required();
  app.add_option("--rate", given.rate, "Events a second")
      ->check(CLI::Range(0.1, 1e5))
      ->capture_default_str();
  app.add_option("--seconds", given.seconds, "0: until SIGTERM")
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
  app.add_option("--bytes", given.bytes, "Size of a body")
      ->check(CLI::Range(std::size_t{16}, std::size_t{1'000'000}))
      ->capture_default_str();
  app.add_option("--connections", given.connections, "At most")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10'000}))
      ->capture_default_str();
  app.add_option("--id-header", given.id_header,
                 "Header in which each event has an id of its own");
  app.add_option("--key-header", given.key_header,
                 "Header in which each event has one of the keys, in turn");
  app.add_option("--keys", given.keys, "How many")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}))
      ->capture_default_str();
  app.add_option("--secret-env", given.secret_env,
                 "Environment variable with the secret")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return run(given);
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-load: %s\n", error.what());
    return 1;
  }
}
