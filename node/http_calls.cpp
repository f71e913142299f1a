#include "node/http_calls.hpp"

#include "node/watchdog.hpp"

#include <chrono>
#include <utility>

namespace mfo::node {

namespace {

/// For connections to be closed; a name that is being looked up is not waited
/// for.
constexpr std::chrono::seconds close_time{1};

/// In this order, as the caller goes first.
struct caller_and_context {
  std::shared_ptr<boost::asio::io_context> io;
  std::shared_ptr<outbound::http_caller> caller;
};

} // namespace

tl::expected<std::unique_ptr<http_calls>, std::string>
http_calls::open(const config::http_call_settings& settings,
                 http::name_lookup look_up) {
  // The constructor is private, so that there is none without a caller.
  std::unique_ptr<http_calls> result{new http_calls};
  auto made =
      outbound::make_http_caller(*result->io_, settings, std::move(look_up));
  if (!made)
    return tl::unexpected{std::move(made.error())};
  const auto both = std::make_shared<caller_and_context>(
      caller_and_context{result->io_, *std::move(made)});
  result->caller_ = {both, both->caller.get()};
  result->thread_ = std::thread{[&io = *result->io_] {
    io.run();
  }};
  return result;
}

std::unique_ptr<http_calls>
http_calls::with(std::shared_ptr<outbound::http_caller> caller) {
  std::unique_ptr<http_calls> result{new http_calls};
  result->caller_ = std::move(caller);
  return result;
}

http_calls::~http_calls() {
  stop();
}

void http_calls::stop() {
  if (!thread_.joinable())
    return;
  caller_->close();
  work_.reset();
  const watchdog late{close_time, [this] {
                        io_->stop();
                      }};
  thread_.join();
}

} // namespace mfo::node
