#pragma once

#include "node/doctor/finding.hpp"
#include "node/doctor/patient.hpp"

/// The checks: each looks, has the rules judge what it saw, and finds at least
/// one thing. Those that ask others block, for `patient::timeout` at the most
/// as far as the libraries let them.
namespace mfo::node::doctor {

[[nodiscard]] findings check_secrets(const patient& of);
[[nodiscard]] findings check_secret_files(const patient& of);
[[nodiscard]] findings check_risks(const patient& of);
[[nodiscard]] findings check_tls(const patient& of);
[[nodiscard]] findings check_ports(const patient& of);
[[nodiscard]] findings check_limits(const patient& of);
[[nodiscard]] findings check_clock(const patient& of);
[[nodiscard]] findings check_dns(const patient& of);
[[nodiscard]] findings check_proxy(const patient& of);
[[nodiscard]] findings check_servers(const patient& of);
[[nodiscard]] findings check_dead_letters(const patient& of);
[[nodiscard]] findings check_public_url(const patient& of);
[[nodiscard]] findings check_cluster(const patient& of);

} // namespace mfo::node::doctor
