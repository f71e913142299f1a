#pragma once

#include "actors/handover.hpp"
#include "actors/interfaces.hpp"
#include "actors/server_call.hpp"
#include "api/call.hpp"
#include "config/server_settings.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

/// The two kinds of calls that a connector is asked for.
namespace mfo::actors {

/// The request of a try; server_call::request() says what is left out.
http::client_request to_request(const api::call& call);

using api_promise = caf::typed_response_promise<api_result_ptr>;

/// Posts one event.
class event_call final : public server_call {
public:
  event_call(core::event_ptr event, outcome_promise sender,
             std::shared_ptr<const config::server_settings> server);
  ~event_call() override;

  [[nodiscard]] http::client_request request() const override;
  [[nodiscard]] api::operation operation() const noexcept override;
  [[nodiscard]] std::string_view id() const noexcept override;
  [[nodiscard]] std::string_view traceparent() const noexcept override;
  [[nodiscard]] std::string_view tracestate() const noexcept override;
  [[nodiscard]] time_point deadline() const noexcept override;
  [[nodiscard]] bool patient() const noexcept override;
  void finish(core::outcome result,
              const http::client_response* reply) override;

  /// What goes to the server. Not null.
  [[nodiscard]] const std::shared_ptr<const std::string>&
  body() const noexcept {
    return body_;
  }

  /// The time that it was given when it came.
  [[nodiscard]] std::chrono::milliseconds lifetime() const noexcept;

  /// It was tried before, as a part of another call.
  void tried(unsigned tries) noexcept;

private:
  core::event_ptr event_;
  outcome_promise sender_;
  std::shared_ptr<const config::server_settings> server_;
  std::shared_ptr<const std::string> body_; ///< the event's own, if it can be
  unsigned tries_before_ = 0;
};

/// Any other call of the API.
class api_call final : public server_call {
public:
  api_call(api_request_ptr request, api_promise sender);
  ~api_call() override;

  [[nodiscard]] http::client_request request() const override;
  [[nodiscard]] api::operation operation() const noexcept override;
  [[nodiscard]] std::string_view id() const noexcept override;
  [[nodiscard]] std::string_view traceparent() const noexcept override;
  [[nodiscard]] std::string_view tracestate() const noexcept override;
  [[nodiscard]] time_point deadline() const noexcept override;
  [[nodiscard]] bool repeatable() const noexcept override;
  [[nodiscard]] bool answered_in_part() const noexcept override;
  void finish(core::outcome result,
              const http::client_response* reply) override;

private:
  api_request_ptr request_;
  api_promise sender_;
  /// Set on the I/O thread, by the first piece of a streamed reply.
  std::shared_ptr<std::atomic<bool>> streamed_ =
      std::make_shared<std::atomic<bool>>(false);
};

} // namespace mfo::actors
