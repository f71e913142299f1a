#pragma once

#include "dead_letters/writer.hpp"
#include "http/undelivered.hpp"
#include "telemetry/observer.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mfo::actors {

/// Writes undelivered events to the dead-letter sinks. An event that no sink
/// takes is kept, with its room, and offered again; so what is kept is bounded
/// by what the node may hold in all. Thread-safe.
class letter_office final : public http::dead_letter_office,
                            public std::enable_shared_from_this<letter_office> {
public:
  letter_office(std::unique_ptr<dead_letters::writer> writer,
                std::string node_name, telemetry::observer observer);

  void take(http::undelivered what) noexcept override;

  /// Offers again what no sink took. Call it every second or so.
  void offer_again();

  /// Writes what is left, within `longest`, and takes no more. What no sink
  /// takes by then is lost, and each of it logged.
  void stop(std::chrono::milliseconds longest);

  /// Events that no sink has taken yet. Thread-safe.
  [[nodiscard]] std::size_t waiting() const;

  [[nodiscard]] std::vector<dead_letters::sink_state> sinks() const {
    return writer_->states();
  }

private:
  using item = std::shared_ptr<http::undelivered>;

  void offer(item what);
  void written(const item& what, const std::string& sink);
  void keep(item what, const std::string& error);

  std::unique_ptr<dead_letters::writer> writer_;
  std::string node_name_;
  telemetry::observer observer_;
  mutable std::mutex mutex_; ///< guards the next two
  std::vector<item> kept_;
  bool stopped_ = false;
};

} // namespace mfo::actors
