#pragma once

#include "dead_letters/sink.hpp"
#include "http/client.hpp"
#include "http/origin.hpp"

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace mfo::dead_letters {

struct http_settings {
  http::url_parts url;
  std::chrono::milliseconds timeout{5'000};
};

/// Posts each letter as a JSON object of its own, with the event's id as
/// Idempotency-Key; only a 2xx means that it was taken. The letters of a batch
/// go out over a few connections at once. Their I/O runs on the thread that
/// calls `write` and `idle`, and on no other.
///
/// What is posted there cannot be read back.
class http_sink final : public sink {
public:
  /// The error is about TLS's certificates.
  static tl::expected<std::unique_ptr<sink>, std::string>
  make(http_settings settings);

  ~http_sink() override;

  done write(std::span<const letter_ptr> letters) override;
  void idle() override;

private:
  explicit http_sink(http_settings settings) : settings_(std::move(settings)) {}

  http_settings settings_;
  boost::asio::io_context io_;
  std::shared_ptr<http::client> client_;
};

} // namespace mfo::dead_letters
