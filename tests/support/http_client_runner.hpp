#pragma once

#include "http/beast_client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace mfo::test {

/// An I/O context with a thread of its own, and clients that run on it.
class client_runner {
public:
  client_runner() = default;
  client_runner(const client_runner&) = delete;
  client_runner& operator=(const client_runner&) = delete;

  /// The clients made here must be gone or closed: it waits for what is
  /// outstanding.
  ~client_runner() {
    work_.reset();
    thread_.join();
  }

  std::shared_ptr<http::client> make(http::client_config config) {
    auto made = http::make_beast_client(io_, std::move(config));
    if (!made)
      throw std::runtime_error{made.error()};
    return *made;
  }

private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{io_.get_executor()};
  std::thread thread_{[this] {
    io_.run();
  }};
};

/// For a server on this port of 127.0.0.1.
inline http::client_config config_for(std::uint16_t port) {
  http::client_config config;
  config.server = {false, "127.0.0.1", port, ""};
  return config;
}

inline http::client_request post(std::string body = "{}") {
  http::client_request request;
  request.target = "/api/events";
  request.body = std::make_shared<const std::string>(std::move(body));
  return request;
}

inline http::client_request impatient(http::milliseconds timeout) {
  auto request = post();
  request.timeout = timeout;
  return request;
}

inline std::future<http::client_result> send(http::client& client,
                                             http::client_request request) {
  auto promise = std::make_shared<std::promise<http::client_result>>();
  client.send(std::move(request), [promise](http::client_result result) {
    promise->set_value(std::move(result));
  });
  return promise->get_future();
}

/// Far over what any test needs, so that a lost answer fails and not hangs.
inline http::client_result await(std::future<http::client_result> answer) {
  if (answer.wait_for(std::chrono::seconds{30}) != std::future_status::ready)
    return tl::unexpected(
        http::client_error{http::client_errc{}, "never answered"});
  return answer.get();
}

inline http::client_result ask(http::client& client,
                               http::client_request request = post()) {
  return await(send(client, std::move(request)));
}

/// Polls until `condition` holds; false after a generous deadline.
template <class Condition>
bool eventually(Condition&& condition) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace mfo::test

namespace mfo::http {

inline void PrintTo(const client_result& result, std::ostream* out) {
  if (result)
    *out << "reply " << result->status << " '" << result->body << "'";
  else
    *out << make_error_code(result.error().code).message() << " ("
         << result.error().detail << ")";
}

/// Matches the answer with this status and body.
MATCHER_P2(is_reply, status, body, "") {
  return arg && arg->status == status && arg->body == body;
}

/// Matches the answer with this error, whatever its detail.
MATCHER_P(is_error, code, "") {
  return !arg && arg.error().code == code;
}

/// Matches an error of which is certain that the server saw nothing.
MATCHER(is_unsent, "") {
  return !arg && !arg.error().sent;
}

/// Matches an error after which the server may have seen the request.
MATCHER(is_sent, "") {
  return !arg && arg.error().sent;
}

/// Matches the answer with this error and a detail that has this in it.
MATCHER_P2(is_error_with, code, text, "") {
  return !arg && arg.error().code == code &&
         arg.error().detail.find(text) != std::string::npos;
}

} // namespace mfo::http
