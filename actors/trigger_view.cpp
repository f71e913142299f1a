#include "actors/trigger_view.hpp"

#include "core/rfc3339.hpp"

#include <string_view>

namespace mfo::actors {

namespace {

using taskflow::json;

/// Before there is a run there is but the event.
class trigger_scope final : public taskflow::scope {
public:
  explicit trigger_scope(const json& view) : view_(view) {}

  [[nodiscard]] const json* root(std::string_view name) const override {
    return name == "TRIGGER" ? &view_ : nullptr;
  }
  [[nodiscard]] const json* result(std::string_view) const override {
    return nullptr;
  }
  [[nodiscard]] json tasks() const override {
    return json::object();
  }
  [[nodiscard]] json dot() const override {
    return view_;
  }
  [[nodiscard]] const std::string* secret(std::string_view) const override {
    return nullptr;
  }

private:
  const json& view_;
};

} // namespace

std::optional<json> view_of(const core::event& event) {
  auto payload = json::parse(event.payload(), nullptr, false);
  if (payload.is_discarded())
    return std::nullopt;
  json view = json::object();
  view["id"] = event.id;
  view["type"] = event.type();
  view["source"] = event.source();
  view["time"] = core::to_rfc3339(event.received_unix);
  view["payload"] = std::move(payload);
  return view;
}

taskflow::evaluated<bool> wants(const taskflow::trigger& trigger,
                                const json& view) {
  if (!trigger.filter)
    return true;
  return trigger.filter->evaluate(trigger_scope{view});
}

taskflow::evaluated<json> input_of(const taskflow::trigger& trigger,
                                   const json& view) {
  if (!trigger.input_mapping)
    return view.at("payload");
  return trigger.input_mapping->evaluate(trigger_scope{view});
}

} // namespace mfo::actors
