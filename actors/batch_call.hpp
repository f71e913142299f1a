#pragma once

#include "actors/connector_calls.hpp"
#include "actors/server_call.hpp"
#include "config/server_settings.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::actors {

/// Posts several events at once. Where the server tells what became of each,
/// each is answered by that, and those that may be tried again are, together;
/// otherwise what the server says holds for all of them.
///
/// A server that refuses the body as such (400, 413, 415, 422) says nothing of
/// any one event: each of them is then called for alone, so that one that is
/// bad does not take the others with it.
class batch_call final : public server_call {
public:
  using call_alone = std::function<void(std::unique_ptr<event_call>)>;

  /// Requires: at least two events, of the same patience. `alone` is called
  /// within `finish`.
  batch_call(std::vector<std::unique_ptr<event_call>> events,
             std::shared_ptr<const config::server_settings> server,
             call_alone alone);

  [[nodiscard]] http::client_request request() const override;
  [[nodiscard]] api::operation operation() const noexcept override;
  /// A UUID of the ids of its events: the same events, the same id.
  [[nodiscard]] std::string_view id() const noexcept override;
  /// Those of its first event.
  [[nodiscard]] std::string_view traceparent() const noexcept override;
  [[nodiscard]] std::string_view tracestate() const noexcept override;
  /// The first of its events'.
  [[nodiscard]] time_point deadline() const noexcept override;
  [[nodiscard]] bool patient() const noexcept override;
  [[nodiscard]] std::size_t weight() const noexcept override;
  std::optional<core::outcome> settle(const http::client_response& reply,
                                      unsigned tries) override;
  void finish(core::outcome result,
              const http::client_response* reply) override;

private:
  void pack();

  std::vector<std::unique_ptr<event_call>> events_;
  std::shared_ptr<const config::server_settings> server_;
  call_alone alone_;
  api::call call_;
  std::string id_;
};

} // namespace mfo::actors
