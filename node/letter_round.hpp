#pragma once

#include "actors/letter_office.hpp"
#include "config/settings.hpp"
#include "telemetry/observer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace mfo::node {

/// Null where the settings name no sinks. The error is one line.
tl::expected<std::shared_ptr<actors::letter_office>, std::string>
open_letter_office(const config::settings& settings,
                   const telemetry::observer& observer);

/// Offers dead letters that no sink took again, from time to time. Constructed
/// before the I/O thread runs, destroyed when it has ended.
class letter_round {
public:
  letter_round(boost::asio::io_context& io,
               std::shared_ptr<actors::letter_office> office);
  letter_round(const letter_round&) = delete;
  letter_round& operator=(const letter_round&) = delete;

  /// No more. On the I/O thread.
  void cancel();

private:
  void wait();

  std::shared_ptr<actors::letter_office> office_;
  boost::asio::steady_timer timer_;
  bool cancelled_ = false;
};

} // namespace mfo::node
