#include "actors/trigger_view.hpp"

#include "core/rfc3339.hpp"
#include "taskflow/expression/value_template.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::actors {

namespace {

using taskflow::json;
using taskflow::json_ptr;
using taskflow::late_json;

/// Before there is a run there is but the event.
class trigger_scope final : public taskflow::scope {
public:
  explicit trigger_scope(const late_json& view) : view_(view) {}

  [[nodiscard]] const json* root(std::string_view name) const override {
    return name == "TRIGGER" ? view_.get().get() : nullptr;
  }
  [[nodiscard]] const json* result(std::string_view) const override {
    return nullptr;
  }
  [[nodiscard]] json tasks(const std::vector<std::string>&) const override {
    return json::object();
  }
  [[nodiscard]] json dot() const override {
    const auto& view = view_.get();
    return view ? *view : json{};
  }
  [[nodiscard]] const std::string* secret(std::string_view) const override {
    return nullptr;
  }

private:
  const late_json& view_;
};

late_json payload_in(const late_json& view) {
  return late_json{[view] {
    const auto& whole = view.get();
    return whole ? json_ptr{whole, &whole->at("payload")} : nullptr;
  }};
}

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

late_json late_view_of(core::event_ptr event) {
  return late_json{[event = std::move(event)]() -> json_ptr {
    auto view = view_of(*event);
    return view ? std::make_shared<const json>(*std::move(view)) : nullptr;
  }};
}

tl::expected<std::optional<flow_start>, std::string>
meet(const taskflow::trigger& trigger, const core::event& event) {
  auto view = view_of(event);
  if (!view)
    return tl::unexpected{std::string{"the payload is no JSON"}};
  return meet(trigger,
              late_json{std::make_shared<const json>(*std::move(view))});
}

tl::expected<std::optional<flow_start>, std::string>
meet(const taskflow::trigger& trigger, const late_json& view) {
  if (trigger.filter) {
    const auto wanted = trigger.filter->evaluate(trigger_scope{view});
    if (!wanted)
      return tl::unexpected{"filter: " + taskflow::to_string(wanted.error())};
    if (!*wanted)
      return std::nullopt;
  }
  if (!trigger.input_mapping)
    return flow_start{view, payload_in(view)};
  auto input = trigger.input_mapping->evaluate(trigger_scope{view});
  if (!input)
    return tl::unexpected{"input_mapping: " +
                          taskflow::to_string(input.error())};
  return flow_start{view, std::make_shared<const json>(*std::move(input))};
}

} // namespace mfo::actors
