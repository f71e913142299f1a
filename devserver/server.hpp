#pragma once

#include "devserver/event_log.hpp"
#include "devserver/options.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::devserver {

/// A stand-in MFO server for laptops and tests, on a thread of its own. What it
/// answers, records and breaks on purpose is told in README.md.
///
/// What was recorded and the faults outlive `stop`, and a server can be
/// started again. `start` and `stop` are for one thread; the rest for any.
class server {
public:
  explicit server(options settings = {});
  ~server();

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Listens, and answers with the port. The error says in one line why not.
  tl::expected<std::uint16_t, std::string> start();

  /// Breaks all connections, joins the thread, frees the port; waits for no
  /// one. Idempotent.
  void stop();

  [[nodiscard]] std::uint16_t port() const noexcept;

  /// "http://127.0.0.1:8090"
  [[nodiscard]] std::string url() const;

  /// Recorded events in order of arrival, from the number `since` on (0: the
  /// first since the last `clear`).
  [[nodiscard]] std::vector<event_ptr>
  events(std::uint64_t since = 0,
         std::size_t limit = std::numeric_limits<std::size_t>::max()) const;

  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::vector<std::string> ids() const;

  /// Events whose sender got no 2xx, the last 10,000; without bodies.
  [[nodiscard]] std::vector<event_ptr> rejected() const;

  /// Forgets all events.
  void clear();

  /// As POST and DELETE /__control/faults.
  tl::expected<void, std::string> set_faults(std::string_view json);
  void clear_faults();

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace mfo::devserver
