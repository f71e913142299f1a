// A verifier that looked at a secret in any other way than by OpenSSL's
// constant-time comparison, or that stopped at the first secret that fits,
// would take a different time for a near miss. Time can't be measured on a busy
// machine, but the work can be counted: this program has a CRYPTO_memcmp of its
// own, which the linker takes before the library's. Whichever secret fits, and
// when none does, there are as many comparisons, of as many bytes.

#include "tests/signatures/fixture.hpp"

#include <gmock/gmock.h>

#include <openssl/crypto.h>

#include <ostream>

namespace {

/// The sizes that were compared, one after the other.
thread_local std::vector<std::size_t> compared;

} // namespace

// As OpenSSL's own: every byte is looked at. The library may call it too.
extern "C" int CRYPTO_memcmp(const void* a, const void* b, std::size_t size) {
  compared.push_back(size);
  const auto* left = static_cast<const volatile unsigned char*>(a);
  const auto* right = static_cast<const volatile unsigned char*>(b);
  unsigned difference = 0;
  for (std::size_t i = 0; i < size; ++i)
    difference |= static_cast<unsigned>(left[i] ^ right[i]);
  return static_cast<int>(difference);
}

namespace mfo::signatures::test {

namespace {

using testing::Each;
using testing::SizeIs;

struct work_case {
  std::string name;
  signature_scheme scheme;
  /// Secrets of different lengths; the last is not configured.
  std::vector<std::string> secrets;
  std::size_t size;        ///< of what is compared: a MAC, or a digest
  std::size_t of_each = 1; ///< comparisons for each secret
};

std::ostream& operator<<(std::ostream& out, const work_case& one) {
  return out << one.name;
}

std::vector<work_case> all_cases() {
  using enum signature_scheme;
  const std::vector<std::string> plain{"a", "another secret", "one more",
                                       "other"};
  const std::vector<std::string> keys{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                      "whsec_plJ3nmyCDGBKInavdOK15jsl",
                                      "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                                      "whsec_MTIzNDU2Nzg5MDEyMzQ1Ng=="};
  const std::vector<std::string> users{"a:b", "ann:a long password", "bob:x",
                                       "eve:y"};
  constexpr std::size_t sha1 = 20;
  constexpr std::size_t sha256 = 32;
  return {{"hmac", hmac, plain, sha256},
          {"standard_webhooks", standard_webhooks, keys, sha256},
          {"github", github, plain, sha256},
          {"stripe", stripe, keys, sha256},
          {"slack", slack, plain, sha256},
          {"shopify", shopify, plain, sha256},
          {"gitlab_token", gitlab, plain, sha256},
          {"gitlab_signed", gitlab, keys, sha256},
          // The URL with and without its port.
          {"twilio", twilio, plain, sha1, 2},
          {"token", token, plain, sha256},
          {"basic", basic, users, sha256}};
}

struct the_work_of_a_verifier : testing::TestWithParam<work_case> {
  [[nodiscard]] static config::signature_settings
  settings_with(std::vector<std::string> secrets) {
    auto settings = settings_of(GetParam().scheme, secrets);
    settings.public_url = "https://example.com/hook";
    return settings;
  }
};

TEST_P(the_work_of_a_verifier, is_the_same_whichever_secret_fits_or_none) {
  auto configured = GetParam().secrets;
  configured.pop_back();
  const auto settings = settings_with(configured);
  for (const auto& used : GetParam().secrets) {
    const auto sent = sign_request(settings_with({used}), "a=1&b=2");
    compared.clear();
    const auto flaw = sent.flaw_with(settings);
    const auto work = compared;
    EXPECT_EQ(flaw.has_value(), used == GetParam().secrets.back());
    EXPECT_THAT(work, SizeIs(configured.size() * GetParam().of_each)) << used;
    EXPECT_THAT(work, Each(GetParam().size)) << used;
  }
}

INSTANTIATE_TEST_SUITE_P(all, the_work_of_a_verifier,
                         testing::ValuesIn(all_cases()),
                         [](const auto& one) { return one.param.name; });

} // namespace

} // namespace mfo::signatures::test
