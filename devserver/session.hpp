#pragma once

#include "devserver/api.hpp"
#include "devserver/callback_sender.hpp"
#include "devserver/control.hpp"
#include "devserver/event_log.hpp"
#include "devserver/faults.hpp"
#include "devserver/options.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>

namespace mfo::devserver {

/// What all connections share. The API and the count belong to the I/O thread.
struct server_state {
  explicit server_state(options given);

  options settings;
  event_log recorded;
  event_log rejected;
  fault_plan faults;
  callback_sender callbacks;
  api contract{settings, recorded, rejected, callbacks};
  control controls{recorded, rejected, faults, callbacks, contract};
  std::size_t connections = 0;
};

/// Answers the requests of one connection until it closes or is dropped.
boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket,
                                   server_state& state);

} // namespace mfo::devserver
