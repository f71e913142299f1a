#include "tests/signatures/fixture.hpp"

#include "core/text_encoding.hpp"

#include <gmock/gmock.h>

#include <openssl/evp.h>

#include <array>
#include <memory>

namespace mfo::signatures::test {

namespace {

using testing::Optional;

const std::string secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
const std::string signature{"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="};

/// The example of the specification's authors.
request example(const std::string& prefix = "webhook") {
  return {{{prefix + "-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
           {prefix + "-timestamp", "1614265330"},
           {prefix + "-signature", signature}},
          R"({"test": 2432232314})",
          "/"};
}

const auto settings =
    settings_of(signature_scheme::standard_webhooks, {secret});

TEST(standard_webhooks, take_the_known_example) {
  EXPECT_EQ(example().flaw_with(settings), std::nullopt);
}

TEST(standard_webhooks, make_the_known_example) {
  const auto fields = sign(settings, {.body = R"({"test": 2432232314})",
                                      .id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                      .unix_now = signing_time});
  EXPECT_EQ(fields.back().second, signature);
}

TEST(standard_webhooks, take_the_names_of_svix) {
  EXPECT_EQ(example("svix").flaw_with(settings), std::nullopt);
}

TEST(standard_webhooks, do_not_mix_the_two_sets_of_names) {
  auto mixed = example();
  mixed.fields[0].first = "svix-id";
  EXPECT_THAT(mixed.flaw_with(settings), Optional(flaw::missing));
}

TEST(standard_webhooks, want_one_id_where_both_names_of_it_are_there) {
  for (const auto* names : {"webhook", "svix"}) {
    const auto* other =
        names == std::string_view{"svix"} ? "webhook-id" : "svix-id";
    auto both = example(names);
    both.fields.emplace_back(other, "msg_p5jXN8AQM9LWM0D4loKWxJek");
    EXPECT_EQ(both.flaw_with(settings), std::nullopt) << names;
    both.field(other) = "msg_another";
    EXPECT_THAT(both.flaw_with(settings), Optional(flaw::malformed))
        << names << ": one of the two is signed, and the other is anybody's";
  }
}

TEST(standard_webhooks, take_a_secret_without_its_mark) {
  EXPECT_EQ(
      example().flaw_with(settings_of(signature_scheme::standard_webhooks,
                                      {"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})),
      std::nullopt);
}

TEST(standard_webhooks, find_theirs_among_several_and_pass_over_unknown_ones) {
  auto several = example();
  several.field("webhook-signature") =
      "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,abc v3 , " +
      signature;
  EXPECT_EQ(several.flaw_with(settings), std::nullopt);
  several.field("webhook-signature") = "v2," + signature.substr(3);
  EXPECT_THAT(several.flaw_with(settings), Optional(flaw::mismatch));
}

TEST(standard_webhooks, look_at_few_signatures) {
  auto many = example();
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= ";
  many.field("webhook-signature") = text + signature;
  EXPECT_THAT(many.flaw_with(settings), Optional(flaw::malformed));
}

TEST(standard_webhooks, want_a_time_of_digits_alone) {
  for (const auto* time : {"", "1614265330.5", " 1614265330", "+1614265330",
                           "0x60", "9999999999999999999999", "-1"}) {
    auto bad = example();
    bad.field("webhook-timestamp") = time;
    EXPECT_THAT(bad.flaw_with(settings), Optional(flaw::malformed)) << time;
  }
}

TEST(standard_webhooks, want_an_id) {
  auto bad = example();
  bad.field("webhook-id") = "";
  EXPECT_THAT(bad.flaw_with(settings), Optional(flaw::missing));
}

/// An Ed25519 key pair made for the test.
struct ed25519 {
  ed25519() : key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")} {}

  ~ed25519() {
    EVP_PKEY_free(key);
  }

  ed25519(const ed25519&) = delete;
  ed25519& operator=(const ed25519&) = delete;

  [[nodiscard]] std::string public_text() const {
    std::array<std::uint8_t, 32> raw{};
    auto size = raw.size();
    EVP_PKEY_get_raw_public_key(key, raw.data(), &size);
    return "whpk_" + core::encode_base64(raw);
  }

  [[nodiscard]] std::string sign_text(std::string_view text) const {
    std::array<std::uint8_t, 64> raw{};
    auto size = raw.size();
    auto* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key);
    EVP_DigestSign(context, raw.data(), &size,
                   reinterpret_cast<const unsigned char*>(text.data()),
                   text.size());
    EVP_MD_CTX_free(context);
    return "v1a," + core::encode_base64(raw);
  }

  EVP_PKEY* key;
};

struct a_public_key : testing::Test {
  a_public_key() {
    good.field("webhook-signature") =
        key.sign_text("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330." + good.body);
  }

  ed25519 key;
  request good = example();
  config::signature_settings with_key =
      settings_of(signature_scheme::standard_webhooks, {key.public_text()});
};

TEST_F(a_public_key, verifies_v1a) {
  EXPECT_EQ(good.flaw_with(with_key), std::nullopt);
}

TEST_F(a_public_key, refuses_a_body_with_one_bit_off) {
  for (std::size_t bit = 0; bit < good.body.size() * 8; ++bit) {
    auto bad = good;
    bad.body = flip_bit(good.body, bit);
    EXPECT_THAT(bad.flaw_with(with_key), Optional(flaw::mismatch)) << bit;
  }
}

TEST_F(a_public_key, refuses_another_key_and_another_version) {
  const ed25519 other;
  EXPECT_THAT(good.flaw_with(settings_of(signature_scheme::standard_webhooks,
                                         {other.public_text()})),
              Optional(flaw::mismatch));
  EXPECT_THAT(good.flaw_with(settings), Optional(flaw::mismatch))
      << "a shared secret makes no v1a";
  EXPECT_THAT(example().flaw_with(with_key), Optional(flaw::mismatch))
      << "a public key makes no v1";
}

TEST_F(a_public_key, signs_nothing) {
  EXPECT_FALSE(can_sign(with_key));
  auto both = with_key;
  both.secrets.emplace_back(secret);
  ASSERT_TRUE(can_sign(both));
  EXPECT_EQ(sign_request(both, "{}").flaw_with(settings), std::nullopt)
      << "the secret beside it does";
}

TEST_F(a_public_key, may_stand_beside_a_shared_secret) {
  auto both = with_key;
  both.secrets.emplace_back(secret);
  EXPECT_EQ(good.flaw_with(both), std::nullopt);
  EXPECT_EQ(example().flaw_with(both), std::nullopt);
}

} // namespace

} // namespace mfo::signatures::test
