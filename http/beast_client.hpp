#pragma once

#include "http/client.hpp"
#include "http/client_config.hpp"

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace mfo::http {

/// A client on Boost.Beast whose I/O runs on `io`: pooled, kept alive, never
/// pipelined, HTTP/1.1, TLS 1.2 or later with the certificate always verified,
/// through a proxy where `config.via` names one: an https origin through
/// tunnels, which are kept, an http origin with a new connection each time.
///
/// One thread at a time runs `io`, which must outlive the client. Destroying
/// the client closes it; as with `close`, the last answers come on the thread
/// that runs `io`, or, if nobody runs it any more, when `io` is destroyed.
///
/// A host name is resolved for each new connection, by getaddrinfo on one
/// background thread per I/O context: time-outs hold, but a name server that
/// does not answer delays whoever resolves next.
///
/// The error, a sentence, is about the configuration: a file of TLS that
/// cannot be used.
tl::expected<std::shared_ptr<client>, std::string>
make_beast_client(boost::asio::io_context& io, client_config config);

} // namespace mfo::http
