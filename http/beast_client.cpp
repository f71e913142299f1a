#include "http/beast_client.hpp"

#include "http/beast_tls.hpp"
#include "http/connection_pool.hpp"

#include <algorithm>
#include <utility>

namespace mfo::http {

namespace {

/// Owns the pool on behalf of the caller: the pool's own operations hold it
/// too, so it takes a `close` to end it.
class beast_client final : public client {
public:
  beast_client(asio::io_context& io, connection_settings settings)
    : pool_(std::make_shared<connection_pool>(io, std::move(settings))) {}

  beast_client(const beast_client&) = delete;
  beast_client& operator=(const beast_client&) = delete;

  // NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
  ~beast_client() override {
    pool_->close();
  }

  void send(client_request request, client_callback done) override {
    pool_->send(std::move(request), std::move(done));
  }

  void cancel(std::uint64_t ticket) override {
    pool_->cancel(ticket);
  }

  void close() override {
    pool_->close();
  }

  client_stats stats() const noexcept override {
    return pool_->stats();
  }

private:
  std::shared_ptr<connection_pool> pool_;
};

} // namespace

tl::expected<std::shared_ptr<client>, std::string>
make_beast_client(asio::io_context& io, client_config config) {
  std::optional<asio::ssl::context> tls;
  if (config.server.tls) {
    auto context = make_tls_context(config.tls, config.trust);
    if (!context)
      return tl::unexpected(std::move(context.error()));
    tls = std::move(*context);
  }
  config.max_connections = std::max<std::size_t>(config.max_connections, 1);
  request_writer writer{config};
  return std::make_shared<beast_client>(
      io, connection_settings{std::move(config), std::move(writer),
                              std::move(tls)});
}

} // namespace mfo::http
