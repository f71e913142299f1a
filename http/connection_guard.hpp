#pragma once

#include "config/ip_network.hpp"
#include "config/settings.hpp"
#include "core/admission.hpp"
#include "core/errc.hpp"
#include "http/framing.hpp"
#include "http/source_connections.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace mfo::http {

class listener_tls;

/// An open connection, as its listener sees it.
class closable {
public:
  /// Ends the connection at once. On the I/O thread.
  virtual void close() noexcept = 0;

protected:
  ~closable() = default;
};

/// The connections to be closed with their listener. Thread-safe: whoever
/// answers the last request of a connection that is gone destroys it.
class open_connections {
public:
  /// `one` must be removed before it goes. Closes it at once if `close_all`
  /// was called. On the I/O thread.
  void add(closable& one) {
    const std::lock_guard lock{mutex_};
    open_.insert(&one);
    if (closed_)
      one.close();
  }

  void remove(closable& one) noexcept {
    const std::lock_guard lock{mutex_};
    open_.erase(&one);
  }

  /// Closes those that are open, and those still to come. On the I/O thread.
  void close_all() noexcept {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    for (auto* each : open_)
      each->close();
  }

private:
  std::mutex mutex_;
  std::unordered_set<closable*> open_;
  bool closed_ = false;
};

/// A request that a guard refuses.
struct guard_refusal {
  core::errc code;
  std::string_view path; ///< "" while its head is not whole
  /// Nothing when it was gone at once.
  std::optional<config::ip_address> peer;
  std::string_view detail; ///< for the log; may be empty
};

/// What all guards of one listener share. Must outlive its connections.
struct guard_shared {
  /// `seed` is to be random (core/source.hpp).
  explicit guard_shared(std::uint64_t seed = 0) : by_source(seed) {}

  config::limits_settings limits;
  std::shared_ptr<listener_tls> tls; ///< null: plain HTTP
  std::shared_ptr<core::admission> admission;
  /// May have any number of connections, as many clients stand behind each.
  config::network_set trusted_proxies;
  /// Makes the whole HTTP answer to a request that is refused here, and
  /// accounts for it. Called on the connection's thread.
  std::function<std::string(const guard_refusal&)> refuse;
  /// Why a request to `path` is refused before its body is read; nothing when
  /// that cannot be said yet. As `refuse`. Empty: nobody asks.
  std::function<std::optional<core::errc>(
      std::string_view path, const std::optional<config::ip_address>& peer)>
      examine;
  std::atomic<std::size_t> connections{0}; ///< that are open
  /// Of these, those within the limits. The others are being turned away, and
  /// take no place from anybody.
  std::atomic<std::size_t> admitted{0};
  /// That were closed unanswered so far.
  std::atomic<std::uint64_t> dropped{0};
  /// Attempts to accept a connection that failed, for want of a descriptor or
  /// of memory: it waits, and is tried again.
  std::atomic<std::uint64_t> accept_failures{0};
  /// Requests whose sender was gone before they were whole.
  std::atomic<std::uint64_t> cut_off{0};
  source_connections by_source;
  open_connections open;
};

/// What one connection may send on to RESTinio: whole, strict requests, one at
/// a time, within the bounds. Everything but the socket and the timer, so that
/// a test can feed it bytes.
class connection_guard {
public:
  /// `peer` is nothing when it was gone before it could be asked for. On the
  /// I/O thread; may be destroyed on any.
  connection_guard(std::shared_ptr<guard_shared> shared,
                   const std::optional<config::ip_address>& peer);
  ~connection_guard();
  connection_guard(const connection_guard&) = delete;
  connection_guard& operator=(const connection_guard&) = delete;

  enum class ruling {
    read_more,     ///< nothing to pass on: read from the socket
    pass_on,       ///< `size` bytes in the buffer are for RESTinio
    send_continue, ///< as `pass_on`, after an interim 100 answer
    refuse,        ///< send `refusal()`, then close
    hang_up,       ///< close at once
  };

  struct decision {
    ruling what;
    std::size_t size;
  };

  /// Before reading: what is left of earlier reads, put into `buffer`.
  decision next(std::span<char> buffer);

  /// After reading: the first `size` bytes of `buffer` are new.
  decision received(std::span<char> buffer, std::size_t size);

  /// The sender was too slow. Nothing is owed when no request has begun.
  decision timed_out();

  /// What the sender owes next. A time-out counts from the moment that this
  /// changes, however many bytes trickle in meanwhile.
  struct phase {
    enum class part : std::uint8_t { idle, head, body } what;
    std::uint64_t request; ///< number on this connection

    friend bool operator==(const phase&, const phase&) = default;
  };

  [[nodiscard]] phase current_phase() const noexcept;

  /// How long the sender may take over the current phase.
  [[nodiscard]] std::chrono::milliseconds patience() const noexcept;

  /// Whether the first request will be refused, whatever it is.
  [[nodiscard]] bool refuses_connection() const noexcept {
    return over_limit_.has_value();
  }

  /// The answer to what was refused: a whole HTTP message.
  [[nodiscard]] const std::string& refusal() const noexcept {
    return refusal_;
  }

private:
  decision refuse(core::errc code);
  decision scan(char* data, std::size_t& size);
  decision pass_held(std::span<char> buffer);
  std::optional<core::errc> reserve();
  [[nodiscard]] std::optional<core::errc> too_many() const;

  std::shared_ptr<guard_shared> shared_;
  framing framing_;
  std::optional<config::ip_address> peer_;
  source_connections::ticket ticket_; ///< of those that are counted
  /// One connection too many: its first request is refused so.
  std::optional<core::errc> over_limit_;
  bool admitted_ = false;
  bool unheard_ = false;       ///< too many are being turned away already
  std::uint64_t requests_ = 0; ///< begun, by their head
  bool in_body_ = false;
  bool looked_at_ = false; ///< the head of the request that is being read
  bool refused_ = false;
  bool continue_pending_ = false;
  std::uint64_t reserved_ = 0;
  core::admission::permit permit_;
  std::string held_;      ///< read, not yet passed on
  std::size_t ready_ = 0; ///< of those, how many may be
  std::string refusal_;
};

} // namespace mfo::http
