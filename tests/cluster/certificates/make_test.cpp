#include "cluster/certificates/make.hpp"

#include "cluster/certificates/describe.hpp"
#include "cluster/certificates/pem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace mfo::cluster::certificates {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::chrono::sys_seconds noon{1'795'867'200s};

std::string serial_of(const X509* certificate) {
  const auto* number = X509_get0_serialNumber(certificate);
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(number)),
          static_cast<std::size_t>(ASN1_STRING_length(number))};
}

TEST(a_validity, begins_an_hour_ago_for_clocks_that_are_behind) {
  const auto when = validity_of(24h, noon);
  ASSERT_TRUE(when);
  EXPECT_EQ(when->from, noon - 1h);
  EXPECT_EQ(when->until, noon + 24h);
}

TEST(a_validity, has_an_end_and_not_before_it_begins) {
  EXPECT_TRUE(validity_of(1s, noon));
  EXPECT_TRUE(validity_of(longest_lifetime, noon));
  for (const auto bad :
       {0s, -1s, std::chrono::seconds{longest_lifetime} + 1s,
        std::chrono::seconds::max(), std::chrono::seconds::min()}) {
    const auto when = validity_of(bad, noon);
    ASSERT_FALSE(when) << bad.count();
    EXPECT_EQ(when.error().what, fault::request);
    EXPECT_THAT(when.error().text, HasSubstr("at most 36500 days"));
  }
}

TEST(a_key, is_of_p_256_and_never_the_same) {
  const auto one = make_key();
  const auto other = make_key();
  ASSERT_TRUE(one && other);
  EXPECT_EQ(EVP_PKEY_get_bits(one->get()), 256);
  EXPECT_EQ(EVP_PKEY_get_base_id(one->get()), EVP_PKEY_EC);
  EXPECT_NE(EVP_PKEY_eq(one->get(), other->get()), 1);
}

TEST(a_certificate, has_a_serial_number_of_128_random_bits) {
  const auto key = make_key();
  ASSERT_TRUE(key);
  std::set<std::string> serials;
  for (int i = 0; i < 100; ++i) {
    const auto root = make_root("a", {noon, noon + 1h}, key->get());
    ASSERT_TRUE(root) << root.error().text;
    EXPECT_EQ(serial_of(root->get()).size(), 16u);
    EXPECT_EQ(X509_get0_serialNumber(root->get())->type, V_ASN1_INTEGER)
        << "not negative";
    serials.insert(serial_of(root->get()));
  }
  EXPECT_EQ(serials.size(), 100u);
}

TEST(a_certificate, keeps_times_of_any_century) {
  const auto key = make_key();
  ASSERT_TRUE(key);
  // Before 1970, and on both sides of 2050, where the form changes (RFC 5280,
  // section 4.1.2.5).
  for (const auto at :
       {-3600s, 0s, 2'524'607'999s, 2'524'608'000s, 253'402'300'799s}) {
    const std::chrono::sys_seconds from{at};
    const auto root = make_root("a", {from, from}, key->get());
    ASSERT_TRUE(root) << root.error().text;
    const auto about = describe(root->get(), "a.crt");
    ASSERT_TRUE(about) << about.error().text;
    EXPECT_EQ(about->not_before, from);
    EXPECT_EQ(about->not_after, from);
  }
}

TEST(a_certificate, is_refused_in_words_where_openssl_cannot_make_it) {
  const auto key = make_key();
  ASSERT_TRUE(key);
  const auto wordy = make_root(std::string(65, 'x'), {noon, noon}, key->get());
  ASSERT_FALSE(wordy);
  EXPECT_EQ(wordy.error().what, fault::system);
  EXPECT_THAT(wordy.error().text,
              HasSubstr("OpenSSL cannot make a certificate: string too long"));
}

TEST(a_certificate, can_be_signed_by_an_authority_with_a_key_of_ed25519) {
  const key_ptr ca_key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  ASSERT_TRUE(ca_key);
  const auto root = make_root("a", {noon, noon + 1h}, ca_key.get());
  ASSERT_TRUE(root) << root.error().text;
  const auto key = make_key();
  ASSERT_TRUE(key);
  const auto leaf =
      make_leaf({{alternative_name::kind::dns, "n1"}}, {noon, noon + 1h},
                key->get(), {root->get(), ca_key.get()});
  ASSERT_TRUE(leaf) << leaf.error().text;
  EXPECT_EQ(X509_verify(leaf->get(), ca_key.get()), 1);
}

} // namespace

} // namespace mfo::cluster::certificates
