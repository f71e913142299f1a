#pragma once

#include "dead_letters/letter.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mfo::dead_letters {

/// Nothing, or a sentence that says what was tried, what is wrong and, where
/// it can be known, what to do. Holds no secret.
using done = tl::expected<void, std::string>;

/// Where letters are put. Blocks, within its settings' time-out, and is used
/// from one thread at a time.
class sink {
public:
  virtual ~sink() = default;

  /// Makes what must be there before the first letter, and looks whether it may
  /// be written to, as far as that can be told on this machine alone. To be
  /// called once, before anything is promised.
  virtual done prepare() {
    return {};
  }

  /// Returns when all of them are where they survive what the sink survives.
  /// After an error some of them may be there nevertheless: at least once.
  virtual done write(std::span<const letter_ptr> letters) = 0;

  /// To be called every few seconds while there is nothing to write: keeps a
  /// connection alive, or notices that it is not. Does not wait.
  virtual void idle() {}

  /// Whether letters could be written, as far as that can be told without
  /// writing one. Blocks as `write` does.
  virtual done probe() = 0;

  /// When the certificate ends that the other side has shown last. Nothing: it
  /// has shown none.
  [[nodiscard]] virtual std::optional<std::chrono::sys_seconds>
  certificate_end() const {
    return std::nullopt;
  }
};

/// What a walk over the letters found besides them.
struct walk_report {
  /// What is kept among the letters and is none. Left where it is.
  std::size_t unreadable = 0;
  std::string first_unreadable; ///< where and why; empty if there is none
};

/// Reads what a sink keeps. Blocks as a sink does; used from one thread at a
/// time, in any process, while others write.
class reader {
public:
  enum class next { letter, stop };

  /// `handle` names the letter to this reader until the next `for_each`, and
  /// may be given to `mark_replayed` from within the visit.
  using visitor =
      std::function<next(const std::string& handle, const letter& value)>;

  virtual ~reader() = default;

  /// Shows the letters that were neither replayed nor purged, oldest first.
  /// Nothing there at all is not an error. Letters that come meanwhile may be
  /// shown or not.
  virtual tl::expected<walk_report, std::string>
  for_each(const visitor& visit) = 0;

  /// The letter was delivered after all and is not shown any more.
  virtual done mark_replayed(const std::string& handle) = 0;

  /// Removes these letters. What is gone already is not an error.
  virtual done purge(std::span<const std::string> handles) = 0;

  /// Gives back what room letters take that are gone.
  virtual done tidy() {
    return {};
  }
};

} // namespace mfo::dead_letters
