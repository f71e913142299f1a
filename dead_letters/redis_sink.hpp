#pragma once

#include "dead_letters/redis_connection.hpp"
#include "dead_letters/sink.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace mfo::dead_letters {

struct redis_settings {
  service_url server;
  std::string stream;                 ///< key
  std::size_t max_length = 1'000'000; ///< letters in the stream
  std::chrono::milliseconds timeout{5'000};
};

/// The field of an entry that holds the letter as JSON.
inline constexpr std::string_view redis_field = "letter";

/// Appends to a stream. Looking for room and appending is one script, so that
/// any number of writers keep to `max_length`; nothing is ever trimmed: a
/// stream without room is an error. What a write survives is what redis is
/// configured to survive (appendfsync).
///
/// The connection is kept; one that has gone is made anew by the next write.
class redis_sink final : public sink {
public:
  explicit redis_sink(redis_settings settings)
    : settings_(std::move(settings)) {}

  done write(std::span<const letter_ptr> letters) override;
  done probe() override;

private:
  done connect();

  redis_settings settings_;
  std::optional<redis_connection> connection_;
};

} // namespace mfo::dead_letters
