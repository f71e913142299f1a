#pragma once

#include "config/settings.hpp"
#include "http/client.hpp"

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <string>

namespace mfo::node {

/// Makes the client that calls the MFO server; the error is one line.
using client_factory =
    std::function<tl::expected<std::shared_ptr<http::client>, std::string>(
        boost::asio::io_context&, const config::upstream_settings&)>;

/// The client that `run` uses: HTTP over Boost.Beast.
tl::expected<std::shared_ptr<http::client>, std::string>
make_client(boost::asio::io_context& io,
            const config::upstream_settings& upstream);

} // namespace mfo::node
