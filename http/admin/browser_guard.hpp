#pragma once

#include "http/admin/request.hpp"
#include "http/answer.hpp"

#include <optional>
#include <string>

/// Keeps pages of others out that a browser shows to somebody who can reach the
/// admin listener: they could ask it in his name.
namespace mfo::http {

struct browser_rules {
  /// As it was configured: its own name is a good one.
  std::string listen_host;
  /// Whether callers prove who they are, by a token or a certificate. A page
  /// has neither for a name of its own, so the name in Host may then be any.
  bool knows_callers = false;
};

/// Refuses
/// - what a page of another origin sends (Origin: RFC 6454, section 7): 403;
/// - where callers are not known, names in Host that are not this host's: 421.
///   A page can have its own name point here (DNS rebinding), and is then of
///   the same origin for the browser.
[[nodiscard]] std::optional<answer> refuse_page(const admin_request& request,
                                                const browser_rules& rules);

} // namespace mfo::http
