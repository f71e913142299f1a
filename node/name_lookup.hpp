#pragma once

#include "cluster/hub/peer_wire.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>

namespace mfo::node {

/// A name that has no answer by then has none.
constexpr std::chrono::seconds lookup_deadline{5};

/// Looks names up by the system's resolver, in the background of `io`, which
/// must outlive what it gives. Calls back on the thread of `io`; not at all
/// once that has stopped.
[[nodiscard]] cluster::resolve_function
make_lookup(boost::asio::io_context& io);

} // namespace mfo::node
