#include "node/doctor/rules/reached.hpp"

#include <fmt/format.h>

namespace mfo::node::doctor {

namespace {

constexpr int wants_credentials = 407; // RFC 9110, section 15.5.8

std::string remedy_of_tls(const std::string& subject,
                          const std::string& error) {
  if (error.find("expired") != error.npos)
    return "have the server's certificate renewed, and see that this host's "
           "clock is right";
  if (error.find("mismatch") != error.npos)
    return fmt::format("give `{}.url` the name that the server's certificate "
                       "is for",
                       subject);
  return fmt::format("if the server's certificate is of an authority of its "
                     "own, name that in `{}.tls.ca_file`",
                     subject);
}

} // namespace

finding judge_reach(const std::string& subject, const std::string& where,
                    const std::string& via, const reach_seen& seen,
                    std::chrono::sys_seconds now) {
  const auto by = via.empty() ? "" : " by the proxy " + via;
  const auto text = fmt::format("{}{}: {}", where, by, seen.error);
  switch (seen.stopped_at) {
  case reach_stage::name:
    return failed(subject, text,
                  "see the check `dns`; correct the name in the configuration");
  case reach_stage::connect:
    return failed(subject, text,
                  via.empty()
                      ? "start the server, or correct host and port; else a "
                        "firewall is between"
                      : "see the check `proxy`");
  case reach_stage::tunnel:
    return failed(subject, text, "see the check `proxy`");
  case reach_stage::tls:
    return failed(subject, text, remedy_of_tls(subject, seen.error));
  case reach_stage::there:
    break;
  }
  if (seen.certificate)
    return judge_life(subject, where + by + ": its certificate",
                      *seen.certificate, now,
                      "have the server's certificate renewed");
  return good(subject, where + by + " takes connections");
}

finding judge_proxy(const std::string& subject, const std::string& via,
                    const std::string& where, const reach_seen& seen) {
  switch (seen.stopped_at) {
  case reach_stage::name:
  case reach_stage::connect:
    return failed(subject, fmt::format("the proxy {}: {}", via, seen.error),
                  fmt::format("start it, correct `{}.proxy` or the variable "
                              "that names it, or set that to \"\" for none",
                              subject));
  case reach_stage::tunnel:
    if (seen.proxy_status == wants_credentials)
      return failed(subject,
                    fmt::format("the proxy {} wants a user and a password, and "
                                "not those that it got",
                                via),
                    "write them into the proxy's URL: "
                    "http://user:password@host:port");
    return failed(subject,
                  fmt::format("the proxy {} does not let through to {}: {}",
                              via, where, seen.error),
                  "have it allow CONNECT to that host and port, or name the "
                  "host in NO_PROXY");
  case reach_stage::tls:
  case reach_stage::there:
    break;
  }
  return good(subject,
              fmt::format("the proxy {} lets through to {}", via, where));
}

} // namespace mfo::node::doctor
