#pragma once

#include "http/client.hpp"
#include "http/origin.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>

namespace mfo::outbound {

/// The clients of the hosts that are called, one for each origin, so that calls
/// to the same find a connection open. Those in use are all kept; of the others
/// the `kept` that were used last, for their number is up to whoever writes
/// URLs. Not thread-safe.
class client_shelf {
public:
  using maker =
      std::function<tl::expected<std::shared_ptr<http::client>, std::string>(
          const http::origin&)>;

  client_shelf(maker make, std::size_t kept);
  client_shelf(const client_shelf&) = delete;
  client_shelf& operator=(const client_shelf&) = delete;

  /// Closes all clients.
  ~client_shelf();

  /// The client of this origin, from now on in use; the maker's error.
  tl::expected<std::shared_ptr<http::client>, std::string>
  take(const http::origin& server);

  /// One use of it ends. Requires: as many as were taken, at most.
  void give_back(const http::origin& server);

  /// From now on keeps this many that nobody uses.
  void keep(std::size_t kept);

  [[nodiscard]] std::size_t size() const noexcept {
    return places_.size();
  }

private:
  struct place {
    http::origin server;
    std::shared_ptr<http::client> client;
    std::size_t uses = 0; ///< at present
  };

  std::list<place>::iterator find(const http::origin& server);
  void trim();

  maker make_;
  std::size_t kept_;
  std::list<place> places_; ///< used last at the front
};

} // namespace mfo::outbound
