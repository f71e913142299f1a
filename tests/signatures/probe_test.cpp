#include "signatures/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::signatures {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr auto now = 1'700'000'000s;
constexpr auto nonce = "00112233445566778899aabbccddeeff";
const probe_identity who{"node-1", "a1b2"};

config::signature_settings with(std::vector<std::string> secrets) {
  config::signature_settings settings;
  for (auto& each : secrets)
    settings.secrets.emplace_back(std::move(each));
  return settings;
}

const auto shop = with({"the-secret-of-the-shop"});

TEST(a_probe, is_read_by_who_has_the_secret) {
  EXPECT_EQ(read_probe(shop, "shop", make_probe(shop, "shop", now, nonce), now),
            nonce);
}

TEST(a_probe, is_read_by_any_of_several_secrets) {
  const auto both = with({"another-secret", "the-secret-of-the-shop"});
  EXPECT_EQ(read_probe(both, "shop", make_probe(shop, "shop", now, nonce), now),
            nonce);
}

TEST(a_probe, of_another_secret_endpoint_time_or_nonce_is_none) {
  const auto good = make_probe(shop, "shop", now, nonce);
  EXPECT_FALSE(read_probe(with({"another-secret"}), "shop", good, now));
  EXPECT_FALSE(read_probe(shop, "market", good, now));
  auto later = good;
  later.replace(later.find("1700000000"), 10, "1700000001");
  EXPECT_FALSE(read_probe(shop, "shop", later, now));
  auto other = good;
  other.replace(other.find(nonce), 2, "ff");
  EXPECT_FALSE(read_probe(shop, "shop", other, now));
}

TEST(a_probe, is_good_for_five_minutes_both_ways) {
  const auto made = make_probe(shop, "shop", now, nonce);
  EXPECT_TRUE(read_probe(shop, "shop", made, now + probe_life));
  EXPECT_FALSE(read_probe(shop, "shop", made, now + probe_life + 1s));
  EXPECT_TRUE(read_probe(shop, "shop", made, now - probe_life));
  EXPECT_FALSE(read_probe(shop, "shop", made, now - probe_life - 1s));
}

TEST(a_probe, that_is_not_of_the_form_is_none) {
  const auto good = make_probe(shop, "shop", now, nonce);
  for (const auto& each :
       {std::string{}, std::string{"1"}, good + " more", "2" + good.substr(1),
        good.substr(0, good.size() - 1), std::string(10'000, ' '),
        good + std::string(1000, '0')})
    EXPECT_FALSE(read_probe(shop, "shop", each, now)) << each.substr(0, 80);
  EXPECT_FALSE(read_probe(
      shop, "shop", make_probe(shop, "shop", now, std::string(34, 'a')), now));
  EXPECT_FALSE(
      read_probe(shop, "shop", make_probe(shop, "shop", now, "no-hex"), now));
}

TEST(a_probe, needs_something_that_is_secret) {
  EXPECT_TRUE(can_probe(shop));
  EXPECT_FALSE(can_probe(with({})));
  // 32 bytes that everybody may know.
  const auto key = "whpk_" + std::string(43, 'A') + "=";
  EXPECT_FALSE(can_probe(with({key})));
  EXPECT_TRUE(can_probe(with({key, "the-secret-of-the-shop"})));
  auto open = shop;
  open.scheme = config::signature_scheme::none;
  EXPECT_FALSE(can_probe(open));
}

TEST(an_answer, tells_who_gave_it_to_who_has_the_secret) {
  const auto answer = answer_probe(shop, "shop", nonce, who);
  EXPECT_EQ(read_probe_answer(shop, "shop", nonce, answer), who);
  EXPECT_THAT(answer, Not(HasSubstr("the-secret")));
}

TEST(an_answer, to_another_probe_or_of_another_is_none) {
  const auto answer = answer_probe(shop, "shop", nonce, who);
  EXPECT_FALSE(read_probe_answer(shop, "shop", "00", answer));
  EXPECT_FALSE(read_probe_answer(shop, "market", nonce, answer));
  EXPECT_FALSE(
      read_probe_answer(with({"another-secret"}), "shop", nonce, answer));
  auto renamed = answer;
  renamed.replace(renamed.find("node-1"), 6, "node-2");
  EXPECT_FALSE(read_probe_answer(shop, "shop", nonce, renamed));
}

TEST(an_answer, that_is_not_of_the_form_is_none) {
  for (const auto* each : {"", "{", "[]", "null", "{}", R"({"proof":7})",
                           R"({"probe":"00","proof":"00"})"})
    EXPECT_FALSE(read_probe_answer(shop, "shop", nonce, each)) << each;
}

} // namespace
} // namespace mfo::signatures
