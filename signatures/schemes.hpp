#pragma once

#include "signatures/keyed_hash.hpp"
#include "signatures/verifier.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// What the sources of the schemes share.
namespace mfo::signatures {

using settings = config::signature_settings;

std::unique_ptr<verifier> make_hmac(const settings& from);
std::unique_ptr<verifier> make_standard_webhooks(const settings& from);
std::unique_ptr<verifier> make_github(const settings& from);
std::unique_ptr<verifier> make_stripe(const settings& from);
std::unique_ptr<verifier> make_slack(const settings& from);
std::unique_ptr<verifier> make_shopify(const settings& from);
std::unique_ptr<verifier> make_gitlab(const settings& from);
std::unique_ptr<verifier> make_twilio(const settings& from);
std::unique_ptr<verifier> make_token(const settings& from);
std::unique_ptr<verifier> make_basic(const settings& from);
std::unique_ptr<verifier> make_none();

/// The keys of a scheme that uses its secrets as they are.
keyed_hash keys_of(const settings& from, config::digest algorithm);

tl::unexpected<rejection> reject(flaw what, std::string detail);

/// "there is no header NAME, or several".
tl::unexpected<rejection> missing(std::string_view name);

/// `fits none of the endpoint's secrets (N)`, and what that may come from.
tl::unexpected<rejection> mismatch(std::string_view name, std::size_t keys);

/// Digits alone, as all these schemes write seconds since 1970.
std::optional<std::chrono::seconds> parse_seconds(std::string_view text);

/// Whether what was signed then is still, and already, to be taken.
verdict check_time(std::string_view signed_at, std::chrono::seconds now,
                   std::chrono::milliseconds tolerance);

/// Takes `prefix` off; nothing when it is not there.
std::optional<std::string_view> without_prefix(std::string_view text,
                                               std::string_view prefix);

} // namespace mfo::signatures
