#pragma once

#include "config/payload_settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The `OPTIONS` request by which a sender of CloudEvents asks whether it may
/// send:
/// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
/// section 4.
namespace mfo::payload {

/// What the sender says of itself. `origin` is empty when it says nothing.
struct handshake_request {
  std::string_view origin{}; ///< WebHook-Request-Origin
  std::string_view rate{};   ///< WebHook-Request-Rate: events a minute
};

/// The fields of the answer that lets it send; nothing: it may not. A rate is
/// granted as it was asked for, up to `allowed_rate`; without a bound of ours,
/// as it was asked for, or any.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>>
answer_handshake(const handshake_request& request,
                 const config::handshake_settings& settings);

} // namespace mfo::payload
