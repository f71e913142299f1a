#include "node/letter_round.hpp"

#include "dead_letters/factory.hpp"

#include <chrono>
#include <utility>

namespace mfo::node {

namespace {

constexpr std::chrono::seconds period{1};

} // namespace

tl::expected<std::shared_ptr<actors::letter_office>, std::string>
open_letter_office(const config::settings& settings,
                   const telemetry::observer& observer) {
  if (settings.dead_letters.sinks.empty())
    return nullptr;
  auto sinks = dead_letters::prepare_sinks(settings.dead_letters);
  if (!sinks)
    return tl::unexpected{std::move(sinks.error())};
  // What waits for a sink has its room still, so the node's own bounds are
  // the ones that hold.
  return std::make_shared<actors::letter_office>(
      std::make_unique<dead_letters::writer>(
          *std::move(sinks),
          dead_letters::writer_options{
              .max_queued = settings.limits.max_in_flight,
              .max_queued_bytes = 2 * settings.limits.max_bytes_in_flight}),
      settings.node_name, observer);
}

letter_round::letter_round(boost::asio::io_context& io,
                           std::shared_ptr<actors::letter_office> office)
  : office_(std::move(office)), timer_(io) {
  wait();
}

void letter_round::cancel() {
  cancelled_ = true;
  timer_.cancel();
}

void letter_round::wait() {
  timer_.expires_after(period);
  timer_.async_wait([this](boost::system::error_code error) {
    if (error || cancelled_)
      return;
    office_->offer_again();
    wait();
  });
}

} // namespace mfo::node
