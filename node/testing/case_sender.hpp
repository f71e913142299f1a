#pragma once

#include "casebook/case.hpp"
#include "config/settings.hpp"
#include "http/client.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace mfo::node {

/// Whether a header of this name is of the connection, and the client's to set.
[[nodiscard]] bool is_of_connection(std::string_view name);

/// The request of a step as it is sent, signed at `now` by the sender's clock.
/// The error, a sentence, says why there is none.
[[nodiscard]] tl::expected<http::client_request, std::string>
make_case_request(const casebook::step& what, const config::settings& settings,
                  const std::string& config_file,
                  std::chrono::milliseconds now);

/// Sends it to the node on this port of loopback, and waits for the answer.
[[nodiscard]] http::client_result send_to_node(std::uint16_t port,
                                               http::client_request request);

} // namespace mfo::node
