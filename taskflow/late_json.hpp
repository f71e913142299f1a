#pragma once

#include "taskflow/json.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace mfo::taskflow {

/// A value that is made when somebody first asks for it, if anybody does.
/// Copies share it. Thread-safe but for assignment.
class late_json {
public:
  /// None.
  late_json() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): as a json_ptr is made of it.
  late_json(std::nullptr_t) {}

  /// One that is there.
  // NOLINTNEXTLINE(google-explicit-constructor): it is one, made before.
  late_json(json_ptr known) : known_(std::move(known)) {}

  /// Called once at most; null: there is none after all.
  explicit late_json(std::function<json_ptr()> make);

  /// Null where there is none. Valid as long as this and its copies.
  [[nodiscard]] const json_ptr& get() const;

private:
  struct state;

  json_ptr known_;
  std::shared_ptr<state> later_;
};

} // namespace mfo::taskflow
