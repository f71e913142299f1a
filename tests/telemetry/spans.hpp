#pragma once

#include "telemetry/span.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mfo::telemetry::test {

inline const std::string sampled_trace{
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
inline const std::string other_trace{
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"};

/// A span's attributes, numbers as text.
inline std::map<std::string_view, std::string> attributes(const span& of) {
  std::map<std::string_view, std::string> all;
  for (const auto& [name, value] : of.attributes)
    all[name] = std::holds_alternative<std::string>(value)
                    ? std::get<std::string>(value)
                    : std::to_string(std::get<std::int64_t>(value));
  return all;
}

inline std::vector<std::string> names(const std::vector<span>& spans) {
  std::vector<std::string> all;
  for (const auto& each : spans)
    all.push_back(each.name);
  return all;
}

/// Keeps what it is given.
class span_list final : public span_sink {
public:
  bool wants() const noexcept override {
    return open;
  }

  const std::string& node() const noexcept override {
    return name;
  }

  void take(std::vector<span> some) noexcept override {
    for (auto& each : some)
      spans.push_back(std::move(each));
  }

  bool open = true;
  std::string name = "node-1";
  std::vector<span> spans;
};

} // namespace mfo::telemetry::test
