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
  [[nodiscard]] json tasks(const std::vector<std::string>&) const override {
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

tl::expected<std::optional<flow_start>, std::string>
meet(const taskflow::trigger& trigger, const core::event& event) {
  auto view = view_of(event);
  if (!view)
    return tl::unexpected{std::string{"the payload is no JSON"}};
  if (trigger.filter) {
    const auto wanted = trigger.filter->evaluate(trigger_scope{*view});
    if (!wanted)
      return tl::unexpected{"filter: " + taskflow::to_string(wanted.error())};
    if (!*wanted)
      return std::nullopt;
  }
  auto input = trigger.input_mapping
                   ? trigger.input_mapping->evaluate(trigger_scope{*view})
                   : taskflow::evaluated<json>{view->at("payload")};
  if (!input)
    return tl::unexpected{"input_mapping: " +
                          taskflow::to_string(input.error())};
  return flow_start{std::make_shared<const json>(*std::move(view)),
                    std::make_shared<const json>(*std::move(input))};
}

} // namespace mfo::actors
