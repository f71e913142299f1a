#pragma once

#include "config/server_settings.hpp"
#include "http/client.hpp"

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <string>

namespace mfo::node {

/// Makes the client of an origin, a URL, which is called as `server` says; the
/// error is one line. Tests pass their own.
using client_factory =
    std::function<tl::expected<std::shared_ptr<http::client>, std::string>(
        boost::asio::io_context&, const config::server_settings& server,
        const std::string& url)>;

/// The real one.
tl::expected<std::shared_ptr<http::client>, std::string>
make_client(boost::asio::io_context& io, const config::server_settings& server,
            const std::string& url);

} // namespace mfo::node
