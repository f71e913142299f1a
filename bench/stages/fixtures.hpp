#pragma once

#include "actors/route.hpp"
#include "config/settings.hpp"
#include "core/envelope.hpp"
#include "core/header_fields.hpp"
#include "telemetry/observer.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

/// What stages and micro benchmarks are made of.
namespace mfo::bench {

/// When everything is signed, and comes in.
inline constexpr std::chrono::seconds signing_time{1'700'000'000};

/// When events come in by the clock that their time is measured by: long ago,
/// so that all of them fall into the last bucket of each histogram.
inline constexpr std::chrono::steady_clock::time_point long_ago{};

/// An array of small objects like those of webhooks, about as large as asked
/// for.
[[nodiscard]] std::string payload_of(std::size_t bytes);

/// Signed by hmac, acknowledged when completed within the hour, forwarded to
/// "default".
[[nodiscard]] std::shared_ptr<const config::endpoint_settings> an_endpoint();

/// What a sender of the payload signs it with.
[[nodiscard]] core::header_fields
signature_of(const config::endpoint_settings& endpoint,
             std::string_view payload);

/// A signed event of the endpoint.
[[nodiscard]] core::event_ptr
event_of(std::shared_ptr<const config::endpoint_settings> endpoint,
         std::string_view payload,
         std::shared_ptr<core::stage_depths> depths = nullptr,
         std::chrono::steady_clock::time_point received = long_ago);

/// Of a node with that endpoint and that server, whose log leaves out what goes
/// well.
[[nodiscard]] telemetry::observer an_observer();

/// Throws where it does not load.
[[nodiscard]] taskflow::workflow_ptr workflow_of(const std::string& yaml);

} // namespace mfo::bench
