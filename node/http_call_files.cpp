#include "node/http_call_files.hpp"

#include "node/key_place.hpp"

#include "http/beast_tls.hpp"

namespace mfo::node {

std::optional<config::diagnostic>
check_http_call_files(const std::string& config_file,
                      const config::settings& settings) {
  // The system's certificates are read for the first call by TLS.
  if (settings.http_call.ca_file.empty())
    return std::nullopt;
  const auto trust = http::make_trust_store(settings.http_call.ca_file);
  if (trust)
    return std::nullopt;
  return at_key(config_file, {"http_call.ca_file", trust.error()});
}

} // namespace mfo::node
