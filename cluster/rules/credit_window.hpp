#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

/// How much one node may send another: the receiver grants, so that a slow peer
/// pushes back instead of filling memory. Both ends count what they have sent,
/// taken and granted since their link began: a grant that is lost or comes
/// twice does no harm, the next one says all. Each side has one owner and is
/// not thread-safe.
namespace mfo::cluster {

struct credit {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const credit&, const credit&) = default;
};

/// The receiver's word: on this link `total` may be sent, all that was sent
/// before included.
struct credit_grant {
  std::uint64_t link = 0;
  credit total{};

  friend bool operator==(const credit_grant&, const credit_grant&) = default;
};

/// What this node may send to one peer.
class credit_sender {
public:
  /// A new link to the peer, whose window is `window`. Nothing may be sent
  /// until the first grant. What was sent on the link before is forgotten.
  void open(std::uint64_t link, credit window);

  /// Nothing may be sent until a new link is open.
  void close();

  [[nodiscard]] bool may_send(std::size_t bytes) const noexcept {
    return left().events > 0 && bytes <= left().bytes;
  }

  /// It is larger than the whole window: waiting does not help.
  [[nodiscard]] bool never_fits(std::size_t bytes) const noexcept {
    return bytes > window_.bytes;
  }

  /// Counts an event that is being sent. False, and nothing is counted: it may
  /// not be sent.
  [[nodiscard]] bool send(std::size_t bytes);

  /// A grant has come. One of another link, or that grants less than one
  /// before, is passed over. False: the peer grants more than its window, which
  /// is cut to it; the peer is faulty.
  bool take(const credit_grant& grant);

  [[nodiscard]] credit left() const noexcept {
    return {.events = granted_.events - sent_.events,
            .bytes = granted_.bytes - sent_.bytes};
  }

private:
  std::uint64_t link_ = 0; ///< 0: none
  credit window_{};
  credit granted_{}; ///< never less than sent_, nor more than sent_ + window_
  credit sent_{};
};

/// What one peer may send to this node. What has been taken and is not finished
/// never is more than the window, over all links to the peer together.
///
/// A grant goes out when a quarter of the window is to be granted; what is less
/// goes with what is sent to the peer anyway, and with the owner's tick, which
/// must come: without it a large event could wait for ever.
class credit_receiver {
public:
  explicit credit_receiver(credit window);

  /// A new link from the peer; gives the first grant on it, which is the window
  /// less what is still at work from the links before. Numbers of links are
  /// positive and never come again.
  credit_grant open(std::uint64_t link);

  /// An event has come. False: on a link that is over, or more than granted;
  /// the event is not to be taken. The latter shows that the peer is faulty.
  [[nodiscard]] bool accept(std::uint64_t link, std::size_t bytes);

  /// An event that was accepted, on whatever link, holds no memory any more.
  /// Gives the grant to be sent now, if it is worth a message.
  std::optional<credit_grant> finish(std::size_t bytes);

  /// The grant to go with what is sent anyway, and on the owner's tick; nothing
  /// if the last one said all.
  std::optional<credit_grant> flush();

  /// Accepted and not finished.
  [[nodiscard]] credit at_work() const noexcept {
    return at_work_;
  }

private:
  [[nodiscard]] credit grantable() const noexcept;

  credit window_;
  std::uint64_t link_ = 0; ///< 0: none yet
  credit at_work_{};
  credit accepted_{}; ///< on this link
  credit granted_{};  ///< on this link, as last said
};

} // namespace mfo::cluster
