#pragma once

#include "core/errc.hpp"
#include "core/outcome.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::http {

/// What a sender is told.
struct answer {
  int status = 202;
  std::string_view media_type = "application/json";
  std::string body{};
  std::chrono::seconds retry_after{0}; ///< zero: no such field
  std::string allow{};                 ///< for a 405
  bool close = false;                  ///< end the connection after it
  /// Others, as they are.
  std::vector<std::pair<std::string, std::string>> fields{};
};

/// The answer to an event that ended so.
answer make_answer(const core::outcome& result, std::string_view event_id);

/// The answer to an event that is taken care of: "completed" or "received".
answer make_acceptance(std::string_view event_id, std::string_view status);

/// The answer to a request that became no event, or to an event that is
/// refused. `wait` is how long the sender should wait, where that is known; it
/// matters where the registry has it that the answer says so. `violations` are
/// what the event does not keep of its schema.
answer make_refusal(core::errc code, std::string_view event_id,
                    std::chrono::milliseconds wait = {},
                    std::span<const core::violation> violations = {});

/// `value` as a whole HTTP/1.1 message, which says whether the connection ends.
std::string to_message(answer value, std::chrono::system_clock::time_point now);

/// Sends one answer to one sender. Owned by what will answer; `send` is called
/// at most once, from any thread.
class responder {
public:
  virtual ~responder() = default;
  virtual void send(answer value) noexcept = 0;

  /// True: it is not told that the event is received, but what becomes of it,
  /// where others would no longer be told.
  [[nodiscard]] virtual bool waits_for_the_end() const noexcept {
    return false;
  }
};

} // namespace mfo::http
