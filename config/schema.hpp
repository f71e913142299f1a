#pragma once

#include "config/section.hpp"
#include "config/server_settings.hpp"
#include "config/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// The one place where every key of the file stands, with its type, default,
/// range and help.
namespace mfo::config {

/// What the file holds at its top.
struct file_content {
  settings effective;
  // The short forms of one server and one endpoint; they are in `effective` as
  // well once the file has been read.
  std::string server_url;
  secret_source server_token;
  std::string webhook_path;
  std::vector<secret> webhook_secrets;
  std::string host_name; ///< of this host, whatever the file says
};

/// Made anew for each call, and let go with its caller: a node reads its file
/// once or twice in its life, and would keep the words of each key for ever.
[[nodiscard]] section<file_content> file_table();

// The parts of it.
/// Where a signature's secrets are.
enum class secrets_stand : std::uint8_t {
  here,      ///< in keys of the section
  elsewhere, ///< whoever reads the section adds them, and checks their form
};
section<signature_settings>
signature_table(secrets_stand secrets = secrets_stand::here);
std::vector<field<endpoint_settings>> access_fields();
std::vector<field<file_content>> proxy_fields();
std::vector<field<file_content>> taskflow_fields();
section<endpoint_settings> endpoint_table();
section<limits_settings> limits_table();
section<server_settings> server_table();
section<auth_settings> auth_table();
section<path_settings> path_table();
section<retry_settings> retry_table();
section<dead_letter_sink_settings> dead_letter_table();
section<notification_settings> notification_table();
section<dedup_settings> dedup_table();
section<event_book_settings> event_book_table();
section<recording_settings> recording_table();
section<http_call_settings> http_call_table();
section<log_settings> log_table();
section<rate_settings> rate_table();
section<listener_tls_settings> listener_tls_table();
section<admin_settings> admin_table();
section<cluster_settings> cluster_table();
field<cluster_settings> cluster_tls_field();
section<ordering_settings> ordering_table();
section<placement_settings> placement_table();
section<tracing_settings> tracing_table();

} // namespace mfo::config
