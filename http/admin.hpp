#pragma once

#include "config/settings.hpp"
#include "http/cluster_control.hpp"
#include "http/dependency.hpp"
#include "http/event_control.hpp"
#include "http/letter_control.hpp"
#include "http/listener_tls.hpp"
#include "http/node_state.hpp"
#include "http/recording_control.hpp"
#include "http/reload_control.hpp"
#include "http/task_control.hpp"
#include "http/view_control.hpp"
#include "telemetry/observer.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::http {

struct admin_deps {
  std::shared_ptr<const node_state> state;
  telemetry::observer observer;
  std::string node_name;
  std::string instance{}; ///< of this process; no other has it
  /// Who may ask; of its `tls`, only whether clients need a certificate.
  config::admin_settings access{};
  std::shared_ptr<listener_tls> tls{}; ///< null: plain HTTP
  /// Asked at each `GET /health`, on the admin thread.
  std::function<std::vector<health_check>()> checks;
  /// Likewise. Empty: there are none.
  std::function<std::vector<dependency>()> dependencies{};
  std::function<std::vector<source>()> sources{};
  /// Asked on the admin thread. Without `runs` there are no paths for it.
  task_control tasks{};
  /// Without `ask` there are no paths for it.
  reload_control reload{};
  /// Without a book there are no paths for it.
  event_control events{};
  /// Without a recorder there is no path for it.
  recording_control recording{};
  /// Without a table there are no paths for it.
  cluster_control cluster{};
  /// Without a history there are no paths for it.
  view_control view{};
  /// Without `list` there are no paths for it.
  letter_control letters{};
};

/// The operator's door: health, metrics, log level, events, runs of
/// taskflows. Has a thread of its own, so that it answers when the node is
/// busy. Behind the same guard as the events' listener, with small bounds of
/// its own.
class admin {
public:
  virtual ~admin() = default; ///< closes

  /// The error is one line that names the address and the reason.
  static tl::expected<std::unique_ptr<admin>, std::string>
  open(const config::listen_address& address, admin_deps deps);

  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;

  /// As those of the listener, but on any other thread than its own: they wait
  /// for it.
  virtual tl::expected<void, std::string>
  bind(const config::listen_address& address) = 0;
  virtual void unbind() = 0;
  virtual void adopt(const config::listen_address& address,
                     const config::admin_settings& access,
                     std::shared_ptr<listener_tls> tls) = 0;
};

} // namespace mfo::http
