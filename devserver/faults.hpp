#pragma once

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// What goes wrong on purpose: faults are set with a JSON object (README.md
/// lists the keys), and each contract request asks for what to suffer.
namespace mfo::devserver {

enum class drop_at : std::uint8_t {
  never,
  on_accept,    ///< closed without reading a byte
  before_reply, ///< the request was handled, nothing is answered
  after_headers,
  mid_body, ///< half of the body is sent
};

/// What one request suffers.
struct fault_effect {
  std::chrono::milliseconds latency{0};
  int status = 0; ///< 0: what the API answers
  std::string retry_after;
  drop_at drop = drop_at::never;
  std::size_t bytes_per_write = 0; ///< 0: all at once
  long length_error = 0;           ///< added to Content-Length
  std::optional<std::size_t> body_bytes;
  bool silent = false;

  /// Whether the API handles the request, or `status` is all there is.
  [[nodiscard]] bool reaches_api() const noexcept {
    return status == 0 || (status >= 200 && status < 300);
  }
};

struct fault {
  std::string path = "/"; ///< prefix
  std::chrono::milliseconds min_latency{0};
  std::chrono::milliseconds max_latency{0};
  std::vector<int> statuses;          ///< one a request
  bool repeat = false;                ///< begin anew after the last
  std::optional<std::uint64_t> count; ///< requests that it applies to
  fault_effect effect;                ///< the rest; no latency, no status

  std::uint64_t hits = 0;
  nlohmann::json as_given; ///< for showing

  [[nodiscard]] bool applies_to(std::string_view target) const noexcept {
    return target.starts_with(path) && (!count || hits < *count);
  }
};

/// An object or an array of objects. The error names the key that is wrong,
/// and says what is known or expected.
tl::expected<std::vector<fault>, std::string>
parse_faults(std::string_view json);

/// The faults in force. Any thread may call any member.
class fault_plan {
public:
  void replace(std::vector<fault> faults);

  /// [{…as given, "hits": n}]
  [[nodiscard]] nlohmann::json show() const;

  /// Of the first fault that applies, which this uses up by one.
  fault_effect next(std::string_view path);

  /// Whether connections have to be looked at before they are read from.
  [[nodiscard]] bool drops_connections() const;

  /// Whether the connection whose first request is for `path` is dropped.
  bool next_connection(std::string_view path);

private:
  mutable std::mutex mutex_;
  std::vector<fault> faults_;
  std::minstd_rand random_{1}; // the same latencies in every run
};

} // namespace mfo::devserver
