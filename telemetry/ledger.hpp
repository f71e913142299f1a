#pragma once

#include "core/errc.hpp"

#include <prometheus/collectable.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::telemetry {

/// The account of every event: received, and then exactly one of delivered,
/// refused, dead-lettered or handed over to another node. One lock covers all
/// of it, so that the balance
///
///     received =
///         delivered + refused + dead-lettered + handed over + in flight
///
/// holds in every snapshot. Thread-safe.
class ledger final : public prometheus::Collectable,
                     public std::enable_shared_from_this<ledger> {
public:
  /// Index of requests that reached no endpoint; its label is "none".
  static constexpr std::size_t no_endpoint = 0;

  /// The endpoint with index i of `endpoint_ids` is endpoint i + 1 here.
  static std::shared_ptr<ledger>
  make(const std::vector<std::string>& endpoint_ids);

  /// The index of the endpoint with this id, which is added if it is not there.
  /// None is ever removed: what was counted stays counted.
  std::size_t add(const std::string& endpoint_id);

  /// The index of the endpoint with this id; `no_endpoint` if there is none.
  [[nodiscard]] std::size_t index_of(std::string_view endpoint_id) const;

  /// An event that is in flight; closed exactly once, by a call or, where one
  /// was forgotten, by the destructor as refused for an internal error.
  class entry {
  public:
    entry() = default;
    entry(entry&&) noexcept = default;
    entry& operator=(entry&& other) noexcept;
    ~entry();

    void delivered() noexcept;
    void refused(core::errc reason) noexcept;
    void dead_lettered(core::errc reason) noexcept;
    void handed_over() noexcept;

  private:
    friend class ledger;
    entry(std::shared_ptr<ledger> book, std::size_t endpoint) noexcept;

    std::shared_ptr<ledger> book_; ///< null: closed
    std::size_t endpoint_ = no_endpoint;
  };

  using unix_time = std::chrono::milliseconds; ///< since 1970

  /// Counts an event as received, then, and in flight.
  [[nodiscard]] entry open(std::size_t endpoint, unix_time at = {});

  /// Counts a request that was refused before it became an event.
  void received_and_refused(std::size_t endpoint, core::errc reason,
                            unix_time at = {});

  struct totals {
    std::uint64_t received = 0;
    std::uint64_t delivered = 0;
    std::uint64_t refused = 0;
    std::uint64_t dead_lettered = 0;
    std::uint64_t handed_over = 0;
    std::uint64_t in_flight = 0;
    /// Of the refused, those where that was not the sender's fault (5xx).
    std::uint64_t failed = 0;
  };

  [[nodiscard]] totals snapshot() const;

  /// By endpoint, how many have ended that were proved to be genuine
  /// (core::was_proven), whatever became of them.
  [[nodiscard]] std::map<std::string, std::uint64_t> genuine() const;

  /// The same of one endpoint, and when it last received something; 0: it has
  /// not.
  struct endpoint_totals : totals {
    unix_time last_received{0};
  };

  [[nodiscard]] endpoint_totals snapshot(std::size_t endpoint) const;

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

private:
  ledger() = default;

  struct account {
    std::string label;
    unix_time last_received{0};
    std::uint64_t received = 0;
    std::uint64_t delivered = 0;
    std::uint64_t handed_over = 0;
    // By position in all_errors():
    std::vector<std::uint64_t> refused;
    std::vector<std::uint64_t> dead_lettered;
  };

  static void add(const account& one, totals& to);

  void close(std::size_t endpoint, std::uint64_t account::*column) noexcept;
  void close(std::size_t endpoint, std::vector<std::uint64_t> account::*column,
             core::errc reason) noexcept;

  [[nodiscard]] std::size_t find(std::string_view label) const noexcept;

  mutable std::mutex mutex_;
  std::vector<account> accounts_; ///< guarded by mutex_
  std::uint64_t in_flight_ = 0;   ///< guarded by mutex_
};

} // namespace mfo::telemetry
