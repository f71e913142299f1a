#include "node/doctor/catalogue.hpp"

#include "node/doctor/checks/checks.hpp"

#include <array>

namespace mfo::node::doctor {

namespace {

constexpr auto entries = std::to_array<check_entry>({
    {config_check, "the configuration can be loaded", nullptr, false},
    {"secrets", "no secret is short, or one of those in examples",
     check_secrets, false},
    {"secret_files", "nobody else can read secrets and private keys",
     check_secret_files, false},
    {"risks", "nothing lets in more than is usual", check_risks, false},
    {"tls", "certificates and keys can be used, and will not end soon",
     check_tls, false},
    {"ports", "the node can listen where it is to", check_ports, false},
    {"limits", "descriptors and memory are enough for the configured bounds",
     check_limits, false},
    {"clock", "this host's clock is set, and agrees with the servers'",
     check_clock, true},
    {"dns", "names have addresses, soon and the same ones each time", check_dns,
     true},
    {"proxy", "the proxy lets through to the servers", check_proxy, true},
    {"servers", "each server answers, and takes the node's credentials",
     check_servers, true},
    {"dead_letters", "the sinks are there", check_dead_letters, true},
    {"public_url", "the outside reaches this very node", check_public_url,
     true},
    {"cluster", "peers answer, and have a release that goes with this one",
     check_cluster, true},
});

} // namespace

std::span<const check_entry> catalogue() noexcept {
  return entries;
}

} // namespace mfo::node::doctor
