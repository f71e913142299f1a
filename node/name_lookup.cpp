#include "node/name_lookup.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using boost::asio::ip::tcp;

/// One question, until it is answered or its time is up.
class lookup : public std::enable_shared_from_this<lookup> {
public:
  lookup(boost::asio::io_context& io, cluster::resolved_function done)
    : resolver_(io), timer_(io), done_(std::move(done)) {}

  void begin(const config::listen_address& name) {
    timer_.expires_after(lookup_deadline);
    timer_.async_wait([self = shared_from_this()](auto error) {
      if (!error)
        self->finish({});
    });
    resolver_.async_resolve(
        name.host, std::to_string(name.port), tcp::resolver::numeric_service,
        [self = shared_from_this()](auto, auto found) {
          std::vector<config::listen_address> result;
          for (const auto& each : found) {
            const auto where = each.endpoint();
            result.push_back({where.address().to_string(), where.port()});
          }
          self->finish(std::move(result));
        });
  }

private:
  void finish(std::vector<config::listen_address> found) {
    timer_.cancel();
    resolver_.cancel();
    if (const auto done = std::exchange(done_, nullptr))
      done(std::move(found));
  }

  tcp::resolver resolver_;
  boost::asio::steady_timer timer_;
  cluster::resolved_function done_; ///< empty: it has been called
};

} // namespace

cluster::resolve_function make_lookup(boost::asio::io_context& io) {
  return [&io](const config::listen_address& name,
               cluster::resolved_function done) {
    boost::asio::post(io, [&io, name, done = std::move(done)]() mutable {
      std::make_shared<lookup>(io, std::move(done))->begin(name);
    });
  };
}

} // namespace mfo::node
