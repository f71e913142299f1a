#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The paths of the admin listener: all of them, and nothing else is answered.
/// http/admin/openapi.json describes each.
namespace mfo::http {

enum class admin_path : std::uint8_t {
  console,
  console_file,
  health,
  live,
  ready,
  metrics,
  openapi,
  log_level,
  overview,
  stream,
  history,
  config,
  taskflows,
  reload,
  endpoints,
  record,
  events,
  event,
  letters,
  replay_letters,
  runs,
  run,
  cancel_run,
  start_run,
  questions,
  answer_question,
  cluster,
  drain_node,
};

struct admin_route {
  admin_path what;
  std::string_view path;    ///< `{name}` stands for one segment
  std::string_view methods; ///< as Allow has them
  /// Whether it is for everybody, token or not.
  bool open_to_all = false;
  /// Whether a page of another origin may ask (http/admin/browser_guard.hpp).
  bool open_to_pages = false;
};

[[nodiscard]] std::span<const admin_route> admin_routes() noexcept;

/// A sentence: why a node does not have what a path is for.
[[nodiscard]] std::string_view why_absent(admin_path what) noexcept;

/// Whether a query may come with it: one that it looks at, or, of what probers
/// and browsers ask, any.
[[nodiscard]] bool takes_query(admin_path what) noexcept;

/// Whether what asks it for a change may have a body.
[[nodiscard]] bool takes_body(admin_path what) noexcept;

struct admin_target {
  const admin_route* route;
  /// What stands for the names, decoded, in their order; none is empty.
  std::vector<std::string> values;
};

/// Nothing: there is no such path.
[[nodiscard]] std::optional<admin_target>
find_admin_route(std::string_view path);

/// Whether the route takes the method.
[[nodiscard]] bool takes(const admin_route& route, std::string_view method);

} // namespace mfo::http
