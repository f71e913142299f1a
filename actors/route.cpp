#include "actors/route.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mfo::actors {

namespace {

/// The first word, and what comes after its dot.
struct words {
  explicit words(std::string_view text)
    : first(text.substr(0, text.find('.'))),
      rest(text.substr(std::min(first.size() + 1, text.size()))) {}

  std::string_view first;
  std::string_view rest; ///< empty: there are none
};

route_ptr make_route(const std::string& server,
                     std::vector<trigger_ref> triggers) {
  auto names = std::make_shared<core::destinations>();
  names->server = server;
  for (const auto& each : triggers)
    names->triggers.push_back(each.id());
  return std::make_shared<const route>(
      route{server, std::move(triggers), std::move(names)});
}

} // namespace

std::string trigger_ref::id() const {
  return workflow->name + "/" + get().id;
}

std::vector<trigger_ref>
triggers_of(const std::vector<taskflow::workflow_ptr>& workflows) {
  std::vector<trigger_ref> all;
  for (const auto& each : workflows)
    for (std::size_t i = 0; i < each->triggers.size(); ++i)
      if (each->triggers[i].enabled)
        all.push_back({each, i});
  return all;
}

bool matches_type(std::string_view pattern, std::string_view type) noexcept {
  // As with the wildcards of file names: it is enough to come back to the last
  // `**`, and to let it stand for one word more.
  auto left = pattern;
  auto at = type;
  std::string_view behind_last; // of the pattern
  std::string_view skipped_to;  // of the type
  bool may_skip = false;
  while (!at.empty()) {
    const words wanted{left};
    const words given{at};
    if (!left.empty() && wanted.first == "**") {
      may_skip = true;
      behind_last = left = wanted.rest;
      skipped_to = at;
      if (left.empty())
        return true;
    } else if (!left.empty() &&
               (wanted.first == "*" || wanted.first == given.first)) {
      left = wanted.rest;
      at = given.rest;
    } else if (may_skip) {
      left = behind_last;
      at = skipped_to = words{skipped_to}.rest;
    } else {
      return false;
    }
  }
  while (!left.empty() && words{left}.first == "**")
    left = words{left}.rest;
  return left.empty();
}

std::vector<trigger_ref> asking_for(const std::vector<trigger_ref>& all,
                                    std::string_view type) {
  std::vector<trigger_ref> found;
  for (const auto& each : all) {
    const auto* wants =
        std::get_if<taskflow::event_trigger>(&each.get().config);
    if (wants != nullptr &&
        std::ranges::any_of(wants->types, [type](const auto& pattern) {
          return matches_type(pattern, type);
        }))
      found.push_back(each);
  }
  return found;
}

route_table::route_table(const std::vector<taskflow::workflow_ptr>& workflows) {
  for (auto& each : triggers_of(workflows)) {
    own_.emplace(each.id(), make_route({}, {each}));
    if (std::holds_alternative<taskflow::event_trigger>(each.get().config))
      by_type_.push_back(std::move(each));
  }
}

route_ptr route_table::find(const core::event& event) {
  if (const auto found = own_.find(event.endpoint->id); found != own_.end())
    return found->second;
  const auto& server = event.endpoint->server;
  if (!by_type_.empty())
    if (auto started = asking_for(by_type_, event.type()); !started.empty())
      return make_route(server, std::move(started));
  auto& known = forward_[server];
  if (!known)
    known = make_route(server, {});
  return known;
}

} // namespace mfo::actors
