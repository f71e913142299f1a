#pragma once

#include "config/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What no section of the file can check or set by itself: names that refer
/// to names, what must be unique, short forms, and shares of a whole.
namespace mfo::config {

/// Keys at the top of the file that more than one table or rule knows.
namespace key {
inline constexpr auto server_url = "server_url";
inline constexpr auto server_token = "server_token";
inline constexpr auto server_token_file = "server_token_file";
inline constexpr auto servers = "servers";
inline constexpr auto retries = "retries";
inline constexpr auto webhook_path = "webhook_path";
inline constexpr auto webhook_secret = "webhook_secret";
inline constexpr auto webhook_secret_file = "webhook_secret_file";
inline constexpr auto listen = "listen";
inline constexpr auto admin_listen = "admin_listen";
inline constexpr auto admin = "admin";
inline constexpr auto trusted_proxies = "trusted_proxies";
inline constexpr auto forwarded_header = "forwarded_header";
inline constexpr auto endpoints = "endpoints";
inline constexpr auto dead_letters = "dead_letters";
inline constexpr auto notifications = "notifications";
inline constexpr auto workflows = "workflows";
inline constexpr auto taskflows = "taskflows";
inline constexpr auto cluster = "cluster";
} // namespace key

/// Checks and completes what the file's sections gave.
void resolve(file_content& file, const section_view& view, reader& in);

/// The part of `resolve` that is about servers, retry policies and what refers
/// to them. The short form of an endpoint is not among the endpoints yet.
void resolve_servers(file_content& file, const section_view& view, reader& in);

/// Another part: a batch that the server's room cannot hold would never be
/// taken, and one that is gathered for too long never delivered. Requires:
/// complete endpoints.
void check_batches(const settings& values, const section_view& view,
                   reader& in);

/// Another part: fills in what each endpoint, the short form included, has
/// from its server. Requires: what refers to a server has been checked.
void complete_endpoints(settings& values);

/// Another part: what the node subscribes to. Requires: the endpoints are
/// complete, the short form included.
void resolve_notifications(const settings& values, const section_view& view,
                           reader& in);

/// Another part: where peers reach the node, and what only means something in a
/// cluster. The short form of an endpoint is not among the endpoints yet.
void resolve_cluster(file_content& file, const section_view& view, reader& in);

/// The labels that a node is required to share with this one, which does not
/// have them: no node will do.
[[nodiscard]] std::vector<std::string>
labels_nobody_has(const placement_settings& placement, const node_labels& own);

/// What a value of the file may refer to.
struct referents {
  std::vector<std::string_view> names;
  std::string what; ///< "the name of an entry of servers"
  /// Whether the names are keys. Only then may one of them be quoted.
  bool are_keys = true;
};

/// Reports, at `at`, a name that is none of them.
void check_reference(const referents& known, std::string_view name,
                     const cursor& at, reader& in);

/// The keys of element `index` of the list under `key`, which is there.
section_view element(const section_view& view, std::string_view key,
                     std::size_t index);

} // namespace mfo::config
