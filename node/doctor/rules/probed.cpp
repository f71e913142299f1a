#include "node/doctor/rules/probed.hpp"

#include <fmt/format.h>

namespace mfo::node::doctor {

namespace {

struct reading {
  const char* text;
  const char* remedy;
};

/// Of an answer that nobody with the secret has made.
reading read_status(int status) {
  constexpr int redirects = 300;
  constexpr int bad_request = 400;
  constexpr int faults_of_proxies = 502;
  if (status < redirects)
    return {"somebody answers who does not have the endpoint's secret",
            "see where that name and path lead: to another server, or to a "
            "page of the proxy in front"};
  if (status < bad_request)
    return {"it leads elsewhere, and senders do not follow",
            "give `public_url` the last URL of the way"};
  switch (status) {
  case bad_request:
    return {"a node of an older release answers, or something on the way "
            "changes the request",
            "upgrade the node that answers there; have the proxy in front pass "
            "the field MFO-Probe on"};
  case 401:
    return {"it does not know the signature: another secret, or the body or "
            "the URL is changed on the way",
            "give sender and node the same secret, restart a node whose "
            "configuration has changed, and have the proxy in front pass "
            "requests on as they are"};
  case 403:
    return {"it takes nothing from the address that this comes from",
            "look at `allow_from` of the endpoint, at `trusted_proxies`, and "
            "at what the proxy in front allows"};
  case 404:
  case 405:
    return {"there is somebody, but not this endpoint",
            "have the proxy in front pass that path and method on unchanged"};
  case 429:
    return {"too much comes from the address that this comes from",
            "name the proxy in front in `trusted_proxies`, or raise the rate "
            "limits"};
  case 503:
    return {"the node has no room, or is stopping",
            "try again when it is ready"};
  default:
    break;
  }
  if (status >= faults_of_proxies)
    return {"the proxy in front does not reach the node",
            "have it pass on to the address of `listen`"};
  return {"nobody with the endpoint's secret answers",
          "see where that name and path lead"};
}

} // namespace

finding judge_probe(const probe_seen& seen,
                    const signatures::probe_identity& own, bool shared) {
  if (seen.status == 0)
    return failed(seen.subject, fmt::format("{}: {}", seen.url, seen.error),
                  "see that the name leads to this host, that its firewall and "
                  "the port forwarding let through, and that the certificate "
                  "is for that name (`--ca` names another authority)");
  if (!seen.who) {
    const auto what = read_status(seen.status);
    return failed(
        seen.subject,
        fmt::format("{} answered {}: {}", seen.url, seen.status, what.text),
        what.remedy);
  }
  if (*seen.who == own)
    return good(seen.subject, seen.url + " leads to this node");
  if (seen.who->node == own.node)
    return failed(seen.subject,
                  fmt::format("{} leads to another process that is called {}",
                              seen.url, own.node),
                  "find that process, and stop it or give it a name of its "
                  "own");
  if (shared)
    return good(seen.subject,
                fmt::format("{} leads to the cluster: {} answered", seen.url,
                            seen.who->node));
  return failed(
      seen.subject,
      fmt::format("{} leads to another node, {}", seen.url, seen.who->node),
      "have the name, or the proxy in front, lead to this host");
}

} // namespace mfo::node::doctor
