#pragma once

#include "config/ip_network.hpp"
#include "config/settings.hpp"
#include "core/errc.hpp"
#include "core/event.hpp"
#include "core/outcome.hpp"
#include "http/answer.hpp"
#include "telemetry/event_record.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Requests as they came, and what became of them, for who wants to make cases
/// of them. Nothing is kept but while somebody waits for it. As they came:
/// before anything leaves the process, http/recorded_json.hpp leaves secrets
/// out.
namespace mfo::http {

struct recorded_request {
  std::shared_ptr<const config::endpoint_settings> endpoint{}; ///< not null
  std::string method{};
  std::string path{};
  std::string query{}; ///< without "?"
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  config::ip_address from{};       ///< be it through proxies
  std::chrono::milliseconds at{0}; ///< since 1970

  std::string type{}; ///< of its event; empty: it became none
  int status = 0;     ///< of the answer
  std::optional<core::errc> reason{};
  /// Nothing: its events ended in several ways.
  std::optional<telemetry::event_state> outcome{};
  int upstream_status = 0; ///< of the server's last reply; 0: it gave none

  /// What counts against the bound; bytes.
  [[nodiscard]] std::size_t size() const noexcept;
};

class recorder;

/// One request that is being recorded. Who has a part in what becomes of it
/// holds this; when nobody does any more, it is whole. Thread-safe.
class recording_slip {
public:
  using number = std::uint64_t;

  recording_slip(std::shared_ptr<recorder> to, recorded_request what,
                 std::vector<number> recordings);
  ~recording_slip();
  recording_slip(const recording_slip&) = delete;
  recording_slip& operator=(const recording_slip&) = delete;

  /// Its sender is told this status.
  void answered(int status) noexcept;

  /// It became no event, for this reason, and its sender is told this status.
  void refused(core::errc reason, int status) noexcept;

  /// One of its events has ended, or went to the dead letters. The first that
  /// went wrong says why.
  void ended(const core::event& event, const core::outcome& result,
             bool acknowledged) noexcept;

private:
  friend class recorder;

  const std::shared_ptr<recorder> to_;
  const std::vector<number> recordings_;
  const std::size_t size_;
  std::mutex mutex_;
  recorded_request what_; ///< guarded by mutex_, as the next two
  bool has_ended_ = false;
  bool genuine_ = false;
};

using recording_slip_ptr = std::shared_ptr<recording_slip>;

/// A responder that tells the slip what is answered by `sender`.
[[nodiscard]] std::unique_ptr<responder>
watched(std::unique_ptr<responder> sender, recording_slip_ptr slip);

/// Who records what. Thread-safe; always held by a shared pointer.
class recorder : public std::enable_shared_from_this<recorder> {
public:
  using number = recording_slip::number;

  /// So many recordings at a time.
  static constexpr std::size_t most = 4;
  /// Requests that are under way for a recording, beyond those that it has room
  /// for: of those that are not genuine nothing comes.
  static constexpr std::size_t spare = 64;

  struct order {
    std::string endpoint;      ///< its id
    std::size_t count = 1;     ///< how many requests; then it ends
    std::size_t max_bytes = 0; ///< of all of them
    bool all = false;          ///< those too that are not genuine
  };

  struct result {
    std::vector<recorded_request> requests{}; ///< as they ended
    std::size_t not_genuine = 0;              ///< and so not among them
    std::size_t too_large = 0;                ///< for what room was left
    std::size_t unfinished = 0;               ///< still under way at the end
  };

  /// Called once, on any thread; must not block.
  using done_function = std::function<void(result)>;

  /// Nothing: there are as many as there may be.
  [[nodiscard]] std::optional<number> begin(order what, done_function done);

  /// Ends it with what it has, unless it has ended.
  void end(number which);
  void end_all();

  /// Whether it is worth asking `open`: all that a request costs where nobody
  /// records.
  [[nodiscard]] bool is_on() const noexcept {
    return on_.load(std::memory_order_relaxed);
  }

  /// Whether somebody records this endpoint.
  [[nodiscard]] bool wants(std::string_view endpoint) const;

  /// Null: nobody wants it, or there is no room for it.
  [[nodiscard]] recording_slip_ptr open(recorded_request what);

private:
  friend class recording_slip;

  struct recording {
    order what;
    done_function done;
    result got{};
    std::size_t bytes = 0;         ///< of `got`
    std::size_t pending = 0;       ///< requests under way
    std::size_t pending_bytes = 0; ///< of those
  };

  /// All of a request is known; `genuine`: its sender has proved who it is.
  void close(const std::vector<number>& recordings, std::size_t size,
             const recorded_request& what, bool genuine);
  /// Requires: the lock.
  [[nodiscard]] std::function<void()>
  take_out(std::map<number, recording>::iterator at);

  mutable std::mutex mutex_;
  std::map<number, recording> recordings_; ///< guarded by mutex_
  number next_ = 0;                        ///< guarded by mutex_
  std::atomic<bool> on_{false};
};

} // namespace mfo::http
