#pragma once

#include "config/address.hpp"

#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <exception>
#include <string>

namespace mfo::http {

/// Why a listener could not be opened, in one line for the operator.
inline std::string listen_failure(const config::listen_address& address,
                                  const std::exception& failure) {
  // Asio's what() names a line of Asio behind the reason.
  const auto* known =
      dynamic_cast<const boost::system::system_error*>(&failure);
  return fmt::format(
      "cannot listen on {}: {}", config::format_listen_address(address),
      known != nullptr ? known->code().message() : failure.what());
}

} // namespace mfo::http
