#pragma once

#include <array>
#include <string>
#include <string_view>

/// Which names sound like those of secrets. For redaction.hpp alone.
namespace mfo::payload {

// docs/reference/config-tests.md has the same lists; a test holds them
// together.

/// Are in the name, wherever.
inline constexpr auto secret_parts = std::to_array<std::string_view>({
    "password",      "passwd",         "passphrase",
    "passcode",      "secret",         "credential",
    "authorization", "cookie",         "signature",
    "apikey",        "accesskey",      "privatekey",
    "signingkey",    "licensekey",     "subscriptionkey",
    "encryptionkey", "sharedkey",      "masterkey",
    "functionskey",  "sshkey",         "accesstoken",
    "refreshtoken",  "authtoken",      "apitoken",
    "cardnumber",    "creditcard",     "accountnumber",
    "routingnumber", "socialsecurity", "connectionstring",
    "webhookurl",    "responseurl",    "hmac",
    "csrf",          "xsrf",
});

/// End the name.
inline constexpr auto secret_endings = std::to_array<std::string_view>(
    {"token", "pwd", "iban", "ssn", "cvc", "cvv", "sessionid", "sessid"});

/// Are the name.
inline constexpr auto secret_words = std::to_array<std::string_view>(
    {"auth", "pass", "pin", "otp", "cvc2", "cvv2", "csc", "pan", "jwt",
     "bearer", "sig"});

/// In lower case, without `_`, `-`, `.` and spaces.
[[nodiscard]] std::string bare_name(std::string_view name);

/// `bare`: of `bare_name`.
[[nodiscard]] bool sounds_secret(std::string_view bare);

/// Whether `name` is the number of a card that `outer` names.
[[nodiscard]] bool is_card_number(std::string_view outer,
                                  std::string_view name);

} // namespace mfo::payload
