#include "config/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace mfo::config {

namespace {

const endpoint_settings* find_endpoint(const settings& values,
                                       std::string_view id) {
  const auto found =
      std::ranges::find(values.endpoints, id, &endpoint_settings::id);
  return found == values.endpoints.end() ? nullptr : &*found;
}

referents endpoint_ids(const settings& values) {
  referents known{.names = {},
                  .what =
                      fmt::format("the id of an entry of {}", key::endpoints),
                  .are_keys = false};
  for (const auto& each : values.endpoints)
    known.names.push_back(each.id);
  return known;
}

/// The path of a URL that has been checked.
std::string_view path_of(std::string_view url) {
  const auto host = url.find("://") + 3;
  const auto path = url.find('/', host);
  return path == std::string_view::npos ? "/" : url.substr(path);
}

/// Reports what asks for the same once more: each callback would come twice.
class repetitions {
public:
  explicit repetitions(reader& in) : in_(in) {}

  void add(const notification_settings& one, const section_view& keys) {
    if (one.server.empty() || one.event.empty())
      return;
    add({one.server, one.event, "at " + one.endpoint}, !one.endpoint.empty(),
        keys.blame({"endpoint"}));
    add({one.server, one.event, "to " + one.callback_url},
        !one.callback_url.empty(), keys.blame({"callback_url"}));
  }

private:
  using request = std::tuple<std::string, std::string, std::string>;

  void add(request what, bool sound, const cursor& at) {
    if (!sound)
      return;
    const auto [first, is_new] = seen_.emplace(std::move(what), at.where());
    if (!is_new)
      in_.report(at, fmt::format("repeats what line {} asks of the same server "
                                 "for the same event",
                                 first->second.line));
  }

  reader& in_;
  std::map<request, place> seen_;
};

/// Which notifications bring about which: the endpoint of one makes an event
/// of a type, at a server, that another has subscribed to.
class consequences {
public:
  explicit consequences(const settings& values) : all_(values.notifications) {
    for (const auto& each : all_)
      endpoints_.push_back(find_endpoint(values, each.endpoint));
  }

  /// Whether a callback for `first` ends up as another one, and so for ever.
  [[nodiscard]] bool return_to(std::size_t first) const {
    std::vector<bool> seen(all_.size());
    std::vector<std::size_t> open{first};
    while (!open.empty()) {
      const auto from = open.back();
      open.pop_back();
      for (std::size_t to = 0; to < all_.size(); ++to) {
        if (seen[to] || !leads(from, to))
          continue;
        if (to == first)
          return true;
        seen[to] = true;
        open.push_back(to);
      }
    }
    return false;
  }

private:
  [[nodiscard]] bool leads(std::size_t from, std::size_t to) const {
    const auto* endpoint = endpoints_[from];
    return endpoint != nullptr && endpoint->server == all_[to].server &&
           asks_for(all_[to].event, endpoint->event_type);
  }

  const std::vector<notification_settings>& all_;
  std::vector<const endpoint_settings*> endpoints_; ///< null: unknown
};

void check_url(const notification_settings& one,
               const endpoint_settings& endpoint, const section_view& keys,
               reader& in) {
  const auto given = keys.find("callback_url");
  if (given && !one.callback_url.empty() &&
      !path_of(one.callback_url).ends_with(endpoint.path))
    in.report(*given, "must end in the path of its endpoint",
              "what a proxy strips may stand in front of it");
}

} // namespace

void resolve_notifications(const settings& values, const section_view& view,
                           reader& in) {
  repetitions seen(in);
  const consequences callbacks(values);
  const auto ids = endpoint_ids(values);
  for (std::size_t i = 0; i < values.notifications.size(); ++i) {
    const auto& one = values.notifications[i];
    const auto keys = element(view, key::notifications, i);
    seen.add(one, keys);
    if (one.endpoint.empty())
      continue;
    check_reference(ids, one.endpoint, keys.blame({"endpoint"}), in);
    if (const auto* endpoint = find_endpoint(values, one.endpoint))
      check_url(one, *endpoint, keys, in);
    if (callbacks.return_to(i))
      in.report(keys.blame({"event"}),
                "goes round in a circle: each callback makes an event that "
                "leads to the next callback",
                "give the endpoint another event_type or another server");
  }
}

} // namespace mfo::config
