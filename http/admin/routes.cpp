#include "http/admin/routes.hpp"

#include "core/form.hpp"

#include <algorithm>
#include <array>

namespace mfo::http {

namespace {

constexpr std::string_view reads{"GET, HEAD"};
constexpr std::string_view posts{"POST"};

constexpr auto table = std::to_array<admin_route>({
    {admin_path::console, "/", reads, true, true},
    {admin_path::console_file, "/console/{file}", reads, true, true},
    {admin_path::health, "/health", reads, false, true},
    {admin_path::live, "/health/live", reads, true, true},
    {admin_path::ready, "/health/ready", reads, true, true},
    {admin_path::metrics, "/metrics", reads, false, true},
    {admin_path::openapi, "/api/v1/openapi.json", reads},
    {admin_path::log_level, "/api/v1/log-level", "GET, HEAD, PUT"},
    {admin_path::overview, "/api/v1/overview", reads},
    {admin_path::stream, "/api/v1/stream", "GET"},
    {admin_path::history, "/api/v1/history", reads},
    {admin_path::config, "/api/v1/config", reads},
    {admin_path::taskflows, "/api/v1/taskflows", reads},
    {admin_path::reload, "/api/v1/reload", "GET, HEAD, POST"},
    {admin_path::endpoints, "/api/v1/endpoints", reads},
    {admin_path::record, "/api/v1/endpoints/{id}/recording", posts},
    {admin_path::events, "/api/v1/events", reads},
    {admin_path::event, "/api/v1/events/{id}", reads},
    {admin_path::letters, "/api/v1/dead-letters", reads},
    {admin_path::replay_letters, "/api/v1/dead-letters/replay", posts},
    {admin_path::runs, "/api/v1/runs", reads},
    {admin_path::run, "/api/v1/runs/{id}", reads},
    {admin_path::cancel_run, "/api/v1/runs/{id}/cancel", posts},
    {admin_path::start_run, "/api/v1/taskflows/{workflow}/{taskflow}/runs",
     posts},
    {admin_path::questions, "/api/v1/questions", reads},
    {admin_path::answer_question, "/api/v1/questions/{id}/answer", posts},
    {admin_path::cluster, "/api/v1/cluster", reads},
    {admin_path::drain_node, "/api/v1/cluster/{node}/drain", posts},
});

/// The next segment of a path, which it then lacks; both begin with a slash.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// A plus sign is one, unlike in forms.
std::string decoded(std::string_view segment) {
  std::string text;
  for (const auto each : segment)
    text += each == '+' ? std::string_view{"%2B"} : std::string_view{&each, 1};
  return core::decode_form_text(text);
}

bool fits(std::string_view pattern, std::string_view path,
          std::vector<std::string>& values) {
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const auto wanted = take_segment(pattern);
    const auto given = take_segment(path);
    if (wanted.starts_with('{') && !given.empty())
      values.push_back(decoded(given));
    else if (wanted != given)
      return false;
  }
  return pattern.empty() && path.empty();
}

} // namespace

std::span<const admin_route> admin_routes() noexcept {
  return table;
}

std::string_view why_absent(admin_path what) noexcept {
  switch (what) {
  case admin_path::cluster:
  case admin_path::drain_node:
    return "This node is alone: its configuration has no `cluster`.";
  case admin_path::runs:
  case admin_path::run:
  case admin_path::cancel_run:
  case admin_path::start_run:
  case admin_path::questions:
  case admin_path::answer_question:
    return "This node has no taskflows: its configuration has no `workflows`.";
  default:
    return "This node has nothing of the kind.";
  }
}

bool takes_query(admin_path what) noexcept {
  switch (what) {
  case admin_path::console:
  case admin_path::console_file:
  case admin_path::health:
  case admin_path::live:
  case admin_path::ready:
  case admin_path::metrics:
  case admin_path::history:
  case admin_path::events:
  case admin_path::letters:
  case admin_path::runs:
  case admin_path::start_run:
    return true;
  default:
    return false;
  }
}

bool takes_body(admin_path what) noexcept {
  switch (what) {
  case admin_path::log_level:
  case admin_path::record:
  case admin_path::replay_letters:
  case admin_path::start_run:
  case admin_path::answer_question:
    return true;
  default:
    return false;
  }
}

std::optional<admin_target> find_admin_route(std::string_view path) {
  for (const auto& each : table) {
    admin_target found{.route = &each, .values = {}};
    if (fits(each.path, path, found.values))
      return found;
  }
  return std::nullopt;
}

bool takes(const admin_route& route, std::string_view method) {
  auto left = route.methods;
  while (!left.empty()) {
    const auto each = left.substr(0, left.find(", "));
    if (each == method)
      return true;
    left.remove_prefix(std::min(each.size() + 2, left.size()));
  }
  return false;
}

} // namespace mfo::http
