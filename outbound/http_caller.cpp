#include "outbound/http_caller.hpp"

#include "http/beast_tls.hpp"
#include "outbound/caller_core.hpp"

#include <utility>

namespace mfo::outbound {

namespace {

namespace asio = boost::asio;

/// Owns the core on behalf of whoever made the caller.
class caller final : public http_caller {
public:
  explicit caller(std::shared_ptr<caller_core> core) : core_(std::move(core)) {}

  caller(const caller&) = delete;
  caller& operator=(const caller&) = delete;

  // Without memory for this the process may as well end.
  ~caller() override { // NOLINT(bugprone-exception-escape)
    core_->close();
  }

  call_handle send(taskflow::http_request_call call, time_point deadline,
                   call_callback done) override {
    return core_->send(std::move(call), deadline, std::move(done));
  }

  void close() override {
    core_->close();
  }

  [[nodiscard]] caller_stats stats() const noexcept override {
    return core_->stats();
  }

private:
  std::shared_ptr<caller_core> core_;
};

} // namespace

tl::expected<std::shared_ptr<http_caller>, std::string>
make_http_caller(asio::io_context& io,
                 const config::http_call_settings& settings,
                 http::name_lookup look_up) {
  http::trust_store trust;
  if (!settings.ca_file.empty()) {
    auto made = http::make_trust_store(settings.ca_file);
    if (!made)
      return tl::unexpected(std::move(made.error()));
    trust = *std::move(made);
  }
  return std::make_shared<caller>(std::make_shared<caller_core>(
      io, settings, std::move(trust), std::move(look_up)));
}

} // namespace mfo::outbound
