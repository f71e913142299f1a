#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::node::doctor {

enum class verdict : std::uint8_t { ok, warning, failed, left_out };

/// The word of the JSON document.
[[nodiscard]] constexpr std::string_view to_string(verdict of) noexcept {
  switch (of) {
  case verdict::ok:
    return "ok";
  case verdict::warning:
    return "warning";
  case verdict::failed:
    return "failed";
  case verdict::left_out:
    break;
  }
  return "left_out";
}

/// What a check has to say of one thing that it looked at.
struct finding {
  verdict how = verdict::ok;
  /// What it is about, by its name in the configuration: `servers.default`.
  std::string subject{};
  std::string text{};   ///< what was found; of `left_out` why
  std::string remedy{}; ///< of `warning` and `failed`, never empty there
};

using findings = std::vector<finding>;

[[nodiscard]] inline finding good(std::string subject, std::string text) {
  return {verdict::ok, std::move(subject), std::move(text), {}};
}

[[nodiscard]] inline finding left_out(std::string subject, std::string why) {
  return {verdict::left_out, std::move(subject), std::move(why), {}};
}

[[nodiscard]] inline finding warning(std::string subject, std::string text,
                                     std::string remedy) {
  return {verdict::warning, std::move(subject), std::move(text),
          std::move(remedy)};
}

[[nodiscard]] inline finding failed(std::string subject, std::string text,
                                    std::string remedy) {
  return {verdict::failed, std::move(subject), std::move(text),
          std::move(remedy)};
}

} // namespace mfo::node::doctor
