#include "node/doctor/probes/stand_in.hpp"

#include "node/assembly.hpp"
#include "node/server_link.hpp"
#include "node/tls_listeners.hpp"

#include "actors/examiner.hpp"
#include "core/admission.hpp"
#include "core/clocks.hpp"
#include "http/listener.hpp"
#include "http/node_state.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <random>
#include <string_view>
#include <thread>
#include <utility>

namespace mfo::node::doctor {

namespace {

telemetry::observer silent(const config::settings& settings) {
  return {std::make_shared<telemetry::metrics>(
              endpoint_ids(settings), upstream_names(settings.servers)),
          std::make_shared<telemetry::log>(
              config::log_settings{.level = config::log_level::off},
              [](std::string_view) {})};
}

class listening_stand_in final : public stand_in {
public:
  listening_stand_in(const config::settings& settings,
                     signatures::probe_identity who)
    : settings_(settings), observer_(silent(settings)),
      rules_({.endpoints = settings.endpoints,
              .limits = settings.limits,
              .identity = std::move(who),
              .unix_now = core::unix_now}) {}

  ~listening_stand_in() override {
    io_.stop();
    if (thread_.joinable())
      thread_.join();
    if (listener_)
      listener_->close();
  }

  tl::expected<void, std::string> open() {
    auto tls = tls_listeners::open(settings_, observer_);
    if (!tls)
      return tl::unexpected{line_about({}, tls.error().front())};
    const auto state = std::make_shared<http::node_state>();
    state->advance(http::node_phase::ready);
    const auto room = std::make_shared<core::admission>(
        settings_.limits.max_in_flight, settings_.limits.max_bytes_in_flight);
    auto opened = http::listener::open(
        io_, settings_,
        {.state = state,
         .admission = room,
         .rooms =
             rooms_of_endpoints(settings_, rooms_of_servers(settings_, room)),
         .origin = {.node_name = settings_.node_name,
                    .depths = observer_.metrics->depths(),
                    .random = std::mt19937_64{std::random_device{}()}},
         .services = std::make_shared<const http::exchange_services>(
             http::exchange_services{.observer = observer_}),
         .tls = tls->events,
         .admit = [this](const http::exchange_ptr& exchange) {
           answer(*exchange);
         }});
    if (!opened)
      return tl::unexpected{opened.error()};
    listener_ = std::move(*opened);
    thread_ = std::thread{[this] {
      io_.run();
    }};
    return {};
  }

private:
  void answer(http::exchange& exchange) {
    const auto found = rules_.prove(*exchange.event());
    exchange.finish(found ? core::refused(core::errc::draining)
                          : found.error());
  }

  const config::settings& settings_;
  telemetry::observer observer_;
  actors::examiner rules_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{io_.get_executor()};
  std::unique_ptr<http::listener> listener_;
  std::thread thread_;
};

} // namespace

tl::expected<std::unique_ptr<stand_in>, std::string>
stand_in::open(const config::settings& settings,
               signatures::probe_identity who) {
  auto made = std::make_unique<listening_stand_in>(settings, std::move(who));
  if (auto opened = made->open(); !opened)
    return tl::unexpected{std::move(opened.error())};
  return made;
}

} // namespace mfo::node::doctor
