#pragma once

#include "config/settings.hpp"
#include "core/errc.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::http {

/// The parts of a request's head that decide whether it may come in.
struct request_head {
  std::string_view path{};
  std::string_view method = "POST";
  std::string_view content_type{};
  std::string_view content_encoding{};
  bool has_ce_version = false; ///< by which a binary CloudEvent is known
};

/// The endpoints by path, and what a request must be to become an event.
/// Immutable after construction; any thread may ask.
class door {
public:
  struct endpoint {
    std::size_t number; ///< among those of the settings, the first is 1
    std::shared_ptr<const config::endpoint_settings> settings;
    std::vector<std::string> fields; ///< of the head, that go with the event
    bool needs_target;               ///< it goes with the event as well
    /// Fields with the delivery's id, in order of preference.
    std::vector<std::string> delivery_ids;
  };

  explicit door(const std::vector<config::endpoint_settings>& endpoints);

  /// The endpoint at `path`, or null. Where there are several, the one that
  /// takes `method`, or any.
  [[nodiscard]] const endpoint* find(std::string_view path,
                                     std::string_view method = {}) const;

  /// The methods that are taken at a path, as Allow has them (RFC 9110, section
  /// 10.2.1).
  [[nodiscard]] std::string methods_at(std::string_view path) const;

  /// Why a request to a known endpoint is refused; nothing when it is not.
  [[nodiscard]] static std::optional<core::errc>
  examine(const endpoint& at, const request_head& head);

private:
  std::multimap<std::string, endpoint, std::less<>> by_path_;
};

} // namespace mfo::http
