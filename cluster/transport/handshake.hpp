#pragma once

#include "cluster/transport/channel.hpp"
#include "cluster/transport/header_filter.hpp"
#include "cluster/transport/tls_identity.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace mfo::cluster::wire {

/// What every handshake of a node goes by.
struct handshake_rules {
  /// Null: without TLS.
  std::shared_ptr<const tls_identity> identity;
  std::shared_ptr<const peer_names> allowed;
  filter_rules filter;
};

/// A connection on its way to become a link. Never blocks: `step` goes as far
/// as it can. The deadline is its owner's. One thread at a time.
///
/// Who is accepted says something first, proves with TLS who it is, and sends
/// the client's handshake of BASP, which is checked before CAF sees any of it.
/// What is dialled is connected to and proves who it is; the rest is CAF's, as
/// the peer waits for this node's handshake.
class handshake {
public:
  enum class wish : std::uint8_t {
    read,  ///< step again when the socket is readable
    write, ///< or writable
    done,
    failed, ///< see failure()
  };

  /// Of one who came in.
  handshake(unique_socket socket, const handshake_rules& rules);

  /// Of a dial that has begun; `expected` is the name that the peer's
  /// certificate must have, or empty for any that is allowed.
  handshake(unique_socket socket, const handshake_rules& rules,
            std::string expected);

  [[nodiscard]] wish step();

  /// Whether the peer has said nothing so far: it costs a socket, no more.
  [[nodiscard]] bool waits() const noexcept {
    return phase_ == phase::first_byte;
  }

  [[nodiscard]] direction way() const noexcept {
    return way_;
  }

  [[nodiscard]] int socket() const noexcept {
    return channel_.socket();
  }

  /// By its certificate, once it has been checked; empty without TLS.
  [[nodiscard]] const std::string& peer_name() const noexcept {
    return peer_name_;
  }

  /// When that ends; before `take_channel`.
  [[nodiscard]] std::optional<std::chrono::sys_seconds>
  certificate_end() const {
    const auto* tls = channel_.tls();
    return tls != nullptr ? tls->peer_end() : std::nullopt;
  }

  [[nodiscard]] const end_cause& failure() const noexcept {
    return failure_;
  }

  /// What is missing, for one that was too slow.
  [[nodiscard]] end_cause too_slow() const;

  /// Of one that is done: the bytes of the peer go on through both.
  [[nodiscard]] channel take_channel() {
    return std::move(channel_);
  }

  [[nodiscard]] const header_filter& filter() const noexcept {
    return filter_;
  }

private:
  enum class phase : std::uint8_t {
    connecting,
    first_byte,
    tls,
    greeting,
    done,
  };

  std::optional<wish> connect();
  std::optional<wish> look_at_first_byte();
  std::optional<wish> agree_on_tls();
  std::optional<wish> greet();
  std::optional<wish> wait_or_fail(io_state state);
  wish fail(end_cause cause);
  void begin_tls();

  direction way_;
  const handshake_rules* rules_;
  channel channel_;
  header_filter filter_;
  std::string expected_;
  std::string peer_name_;
  std::string early_; ///< of BASP, read ahead
  phase phase_;
  end_cause failure_{end_reason::broken, {}};
};

} // namespace mfo::cluster::wire
