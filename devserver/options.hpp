#pragma once

#include "devserver/replies.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::devserver {

/// An event that was posted and what became of it. The views live as long as
/// the call.
struct event_notice {
  std::string_view id;
  std::string_view type; ///< empty: the event names none
  std::size_t bytes = 0; ///< of the body
  int status = 0;        ///< of the reply, whether or not it gets through
};

/// Any other request to the API. The views live as long as the call.
struct call_notice {
  std::string_view method;
  std::string_view path; ///< still encoded, without the query
  std::string_view body;
  int status = 0; ///< of the reply, whether or not it gets through
};

/// The only user name and password that log in.
struct credentials {
  std::string username;
  std::string password;
};

struct options {
  /// Numeric address or "localhost".
  std::string host = "127.0.0.1";
  /// 0: the kernel picks one.
  std::uint16_t port = 0;
  /// Without it an address that other machines reach is refused: nothing here
  /// is made to face a network.
  bool allow_remote = false;

  /// The bearer token to ask for. Tokens given out by login work as well.
  std::optional<std::string> token{};
  /// Without them everyone can log in. With them, as with `token`, the API
  /// asks for a bearer token.
  std::optional<credentials> login{};

  /// How long a token from login or /oauth/token is good: it says so, and is
  /// held to it. Without it a token says an hour and is good for ever, so that
  /// a test decides when a login is over.
  std::optional<std::chrono::seconds> token_lifetime{};
  /// Signs what goes to subscribers: hex HMAC-SHA256 in X-Signature.
  std::optional<std::string> callback_secret{};

  std::size_t max_body = 8 * 1024 * 1024; ///< bytes of a request's body
  std::size_t max_header = 64 * 1024;     ///< bytes of a request's head
  std::size_t max_connections = 4096;     ///< beyond: closed when accepted
  std::size_t max_events = 1'000'000;     ///< the oldest gives way
  std::size_t max_event_bytes = 1024 * 1024 * 1024; ///< bodies and headers
  std::size_t max_callbacks = 1000; ///< that wait; the oldest gives way

  /// What is answered in place of what the server would make up, and what it
  /// knows at its start.
  replies canned{};

  /// What time it is, for tokens.
  std::function<std::chrono::system_clock::time_point()> clock =
      std::chrono::system_clock::now;

  /// Called on the server's thread for every event; must not throw or block.
  std::function<void(const event_notice&)> on_event{};
  /// The same for all that is no event.
  std::function<void(const call_notice&)> on_call{};
};

} // namespace mfo::devserver
