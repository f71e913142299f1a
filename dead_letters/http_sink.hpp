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
  done probe() override;
  [[nodiscard]] std::optional<std::chrono::sys_seconds>
  certificate_end() const override;

private:
  /// Why one of them was not taken; empty: all were.
  std::string send(std::vector<http::client_request> requests,
                   const std::function<bool(int status)>& takes);
  done judge(const std::string& error) const;

  explicit http_sink(http_settings settings) : settings_(std::move(settings)) {}

  http_settings settings_;
  boost::asio::io_context io_;
  std::shared_ptr<http::client> client_;
};

} // namespace mfo::dead_letters
