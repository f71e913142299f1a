#pragma once

#include "tests/integration/fixture.hpp"
#include "tests/support/network_namespace.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::integration {

/// What one node of a cluster is.
struct member_plan {
  std::string name;
  std::string roles = "intake, runner, connector";
  std::string cluster = "shop";
  /// NAME.crt, NAME.key and ca.crt are in there; empty: those that the program
  /// itself has made.
  std::string certificates{};
  std::string certificate_of{}; ///< another's name; empty: its own
  std::string more{};           ///< lines of its configuration
};

/// A node of a cluster: the real program, on ports that stay its own, in a
/// network of its own where it has one.
class member {
public:
  using place = support::network_namespace;

  /// `host`: where its peers reach it. `where` may be null: right here.
  member(member_plan plan, std::string host, const place* where);

  [[nodiscard]] const std::string& name() const noexcept {
    return plan_.name;
  }

  [[nodiscard]] const member_plan& plan() const noexcept {
    return plan_;
  }

  /// "host:port", for its peers.
  [[nodiscard]] std::string address() const;

  [[nodiscard]] std::uint16_t cluster_port() const noexcept {
    return cluster_port_.number();
  }

  /// Its configuration, which does not say more than this.
  [[nodiscard]] std::string listeners() const;

  /// Starts it, and waits for nothing. `wrapper`: words before the program's.
  void launch(const std::string& configuration,
              std::vector<std::string> wrapper = {});

  /// The same as before.
  void launch_again();

  [[nodiscard]] bool becomes_ready();

  [[nodiscard]] bool was_launched() const noexcept {
    return process_ != nullptr;
  }

  /// Whether it has been launched, and has not ended.
  [[nodiscard]] bool runs();

  /// kill -9.
  void kill();

  /// SIGTERM; how it ended.
  std::optional<int> stop();

  /// To the node, wrapped or not.
  void signal(int number) const;

  support::child_process& process() {
    return *process_;
  }

  /// The node's own, wrapped or not.
  [[nodiscard]] pid_t pid() const;

  /// Posts a signed event on a connection of its own.
  answer post(std::string_view path, std::string_view body,
              const field_list& more = {}) const;

  answer ask_admin(std::string_view method, std::string_view target,
                   std::string_view body = {}) const;

  [[nodiscard]] std::string metrics() const;

  /// Of all samples of that name, and with that label if one is given.
  [[nodiscard]] double sum(std::string_view metric,
                           std::string_view label = {}) const;

  [[nodiscard]] bool is_ready() const;

  /// As GET /api/v1/cluster has it: its members, by their names.
  [[nodiscard]] nlohmann::json table() const;

  /// "alive", or in whatever state the other is for it; empty: it is unknown.
  [[nodiscard]] std::string sees(const std::string& other) const;

  [[nodiscard]] std::string incarnation() const;

  /// Lines of its log, since it was launched, with this message.
  [[nodiscard]] std::vector<nlohmann::json>
  logged(std::string_view message) const;

  /// Whether its link to another is there, and has been since they met.
  [[nodiscard]] bool has_kept(const std::string& peer) const;

  /// Bytes in memory.
  [[nodiscard]] std::size_t resident() const;

private:
  using visit = support::network_namespace::visit;

  void enter(std::optional<visit>& here) const;

  member_plan plan_;
  std::string host_;
  const place* place_;
  support::reserved_port port_;
  support::reserved_port admin_port_;
  support::reserved_port cluster_port_;
  std::vector<std::string> command_;
  bool wrapped_ = false;
  std::unique_ptr<support::child_process> process_;
};

} // namespace mfo::integration
