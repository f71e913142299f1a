#pragma once

#include <atomic>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>

namespace mfo::core {

/// The bound on what a node holds at once: a number of events and a number of
/// bytes. Thread-safe and lock-free; must outlive its permits.
///
/// One within another is the bound on a part of that: what it admits, the whole
/// has admitted too.
class admission {
public:
  static constexpr std::size_t no_bound =
      std::numeric_limits<std::size_t>::max();

  admission(std::size_t max_events, std::size_t max_bytes,
            std::shared_ptr<admission> whole = nullptr) noexcept;

  /// Room that is held, given back on destruction.
  class permit {
  public:
    permit() = default;
    permit(permit&& other) noexcept;
    permit& operator=(permit&& other) noexcept;
    ~permit();

    /// Takes `bytes` more; false, and unchanged, when they are not to be had.
    [[nodiscard]] bool extend(std::size_t bytes) noexcept;

    /// Room for one more event where this one has its room; nothing when there
    /// is none.
    [[nodiscard]] std::optional<permit> another(std::size_t bytes) noexcept;

  private:
    friend class admission;
    permit(admission* owner, std::size_t events, std::size_t bytes) noexcept;

    admission* owner_ = nullptr;
    std::size_t events_ = 0;
    std::size_t bytes_ = 0;
  };

  /// Other bounds from now on. Who holds more than they allow keeps it.
  void set_bounds(std::size_t max_events, std::size_t max_bytes) noexcept {
    max_events_.store(max_events, std::memory_order_relaxed);
    max_bytes_.store(max_bytes, std::memory_order_relaxed);
  }

  /// Room for one event of `bytes`; nothing when either bound is reached.
  [[nodiscard]] std::optional<permit> admit(std::size_t bytes) noexcept;

  /// Room for `bytes` of a body that is being read.
  [[nodiscard]] std::optional<permit> reserve(std::size_t bytes) noexcept;

  /// Whether `bytes` more would find room now; takes none.
  [[nodiscard]] bool fits(std::size_t bytes) const noexcept {
    const auto taken = this->bytes();
    const auto most = max_bytes_.load(std::memory_order_relaxed);
    return taken <= most && bytes <= most - taken;
  }

  [[nodiscard]] std::size_t events() const noexcept {
    return events_.load(std::memory_order_relaxed);
  }

  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_.load(std::memory_order_relaxed);
  }

private:
  bool add(std::size_t events, std::size_t bytes) noexcept;
  std::optional<permit> take(std::size_t events, std::size_t bytes) noexcept;
  void give_back(std::size_t events, std::size_t bytes) noexcept;

  std::atomic<std::size_t> max_events_;
  std::atomic<std::size_t> max_bytes_;
  std::shared_ptr<admission> whole_; ///< null: it is the whole
  std::atomic<std::size_t> events_{0};
  std::atomic<std::size_t> bytes_{0};
};

} // namespace mfo::core
