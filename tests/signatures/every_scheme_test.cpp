// What holds for every scheme: what its sender signs is taken, and nothing
// that differs from that in one bit.

#include "core/text.hpp"
#include "tests/signatures/fixture.hpp"

#include <gmock/gmock.h>

#include <cctype>
#include <ostream>

namespace mfo::signatures::test {

namespace {

using namespace std::chrono_literals;
using testing::Optional;

struct scheme_case {
  std::string name;
  config::signature_settings with_new;
  config::signature_settings with_old;
  bool covers_body = true;
  bool has_time = false;
};

std::ostream& operator<<(std::ostream& out, const scheme_case& one) {
  return out << one.name;
}

scheme_case make_case(const std::string& name, signature_scheme scheme,
                      const std::string& fresh, const std::string& old) {
  return {name, settings_of(scheme, {fresh}), settings_of(scheme, {old})};
}

std::vector<scheme_case> all_schemes() {
  using enum signature_scheme;
  const std::string whsec_new{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  const std::string whsec_old{"whsec_plJ3nmyCDGBKInavdOK15jsl"};
  std::vector<scheme_case> all{
      make_case("hmac", hmac, "new", "old"),
      make_case("hmac_with_time", hmac, "new", "old"),
      make_case("hmac_with_id", hmac, "new", "old"),
      make_case("standard_webhooks", standard_webhooks, whsec_new, whsec_old),
      make_case("github", github, "new", "old"),
      make_case("stripe", stripe, whsec_new, whsec_old),
      make_case("slack", slack, "new", "old"),
      make_case("shopify", shopify, "new", "old"),
      make_case("gitlab_token", gitlab, "new", "old"),
      make_case("gitlab_signed", gitlab, whsec_new, whsec_old),
      make_case("twilio", twilio, "new", "old"),
      make_case("token", token, "new", "old"),
      make_case("basic", basic, "ann:new", "ann:old")};
  for (auto& each : all)
    for (auto* settings : {&each.with_new, &each.with_old}) {
      if (each.name == "hmac_with_time") {
        settings->timestamp_header = "X-Timestamp";
        settings->signed_content = "v1:{timestamp}:{body}";
      }
      if (each.name == "hmac_with_id") {
        settings->timestamp_header = "X-Timestamp";
        settings->id_header = "X-Id";
        settings->signed_content = "{id}.{timestamp}.{body}";
      }
      if (each.name == "twilio")
        settings->public_url = "https://example.com/hook";
      each.covers_body = each.name != "gitlab_token" && each.name != "token" &&
                         each.name != "basic";
      each.has_time =
          each.name == "hmac_with_time" || each.name == "hmac_with_id" ||
          each.name == "standard_webhooks" || each.name == "stripe" ||
          each.name == "slack" || each.name == "gitlab_signed";
    }
  return all;
}

std::vector<scheme_case> schemes_with(bool scheme_case::*property) {
  auto all = all_schemes();
  std::erase_if(all, [&](const auto& each) { return !(each.*property); });
  return all;
}

struct every_scheme : testing::TestWithParam<scheme_case> {
  const config::signature_settings& settings = GetParam().with_new;
  const std::string body = "a=1&b=2";
  request good = sign_request(settings, body);
};

struct every_scheme_of_the_body : every_scheme {};

struct every_scheme_with_a_time : every_scheme {};

TEST_P(every_scheme, takes_what_its_sender_signed) {
  EXPECT_EQ(good.flaw_with(settings), std::nullopt)
      << good.verify_with(settings).error().detail;
}

TEST_P(every_scheme, names_the_fields_that_it_reads) {
  const auto names = fields_of(settings);
  for (const auto& [name, value] : good.fields)
    EXPECT_TRUE(std::any_of(names.begin(), names.end(),
                            [&, field = name](const auto& each) {
                              return core::equal_ignoring_case(each, field);
                            }))
        << name;
}

TEST_P(every_scheme_of_the_body, refuses_a_body_with_one_bit_off) {
  for (std::size_t bit = 0; bit < body.size() * 8; ++bit) {
    auto bad = good;
    bad.body = flip_bit(body, bit);
    EXPECT_THAT(bad.flaw_with(settings), Optional(flaw::mismatch)) << bit;
  }
}

TEST_P(every_scheme_of_the_body, refuses_a_body_that_is_cut_or_longer) {
  auto bad = good;
  for (const auto* other : {"", "a=1&b=", "a=1&b=2 ", "a=1&b=22"}) {
    bad.body = other;
    EXPECT_THAT(bad.flaw_with(settings), Optional(flaw::mismatch)) << other;
  }
}

/// The same hex, or the same word in another case, is the same.
bool only_case_differs(std::string_view a, std::string_view b) {
  return core::equal_ignoring_case(a, b);
}

/// The last digit before the padding has bits that say nothing.
bool is_within_last_digit(std::string_view base64, std::size_t bit) {
  const auto last = base64.find_last_not_of('=');
  return base64.ends_with('=') && bit / 8 == last;
}

TEST_P(every_scheme, refuses_fields_with_one_bit_off) {
  for (auto& [name, value] : good.fields)
    for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
      auto bad = good;
      bad.field(name) = flip_bit(value, bit);
      if (only_case_differs(bad.field(name), value) ||
          is_within_last_digit(value, bit))
        continue;
      EXPECT_NE(bad.flaw_with(settings), std::nullopt)
          << name << " bit " << bit << ": " << bad.field(name);
    }
}

TEST_P(every_scheme, refuses_fields_that_are_cut_or_longer) {
  for (auto& [name, value] : good.fields)
    for (std::size_t size = 0; size < value.size(); ++size) {
      auto bad = good;
      bad.field(name).resize(size);
      EXPECT_NE(bad.flaw_with(settings), std::nullopt) << name << " " << size;
    }
  for (auto& [name, value] : good.fields) {
    auto bad = good;
    bad.field(name) += "0";
    EXPECT_NE(bad.flaw_with(settings), std::nullopt) << name;
  }
}

TEST_P(every_scheme, refuses_a_key_with_one_bit_off) {
  const auto key = settings.secrets.front().reveal();
  for (std::size_t bit = 0; bit < key.size() * 8; ++bit) {
    auto other = settings;
    other.secrets = {config::secret{flip_bit(key, bit)}};
    EXPECT_NE(good.flaw_with(other), std::nullopt) << bit;
  }
}

TEST_P(every_scheme, refuses_another_key) {
  EXPECT_THAT(good.flaw_with(GetParam().with_old), Optional(flaw::mismatch));
}

TEST_P(every_scheme, refuses_a_field_that_is_missing_or_doubled) {
  for (std::size_t i = 0; i < good.fields.size(); ++i) {
    auto bad = good;
    bad.fields.erase(bad.fields.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(bad.flaw_with(settings), Optional(flaw::missing));
    bad = good;
    bad.fields.push_back(good.fields[i]);
    EXPECT_THAT(bad.flaw_with(settings), Optional(flaw::missing));
  }
}

TEST_P(every_scheme, takes_both_secrets_while_they_are_changed) {
  auto both = settings;
  both.secrets.push_back(GetParam().with_old.secrets.front());
  EXPECT_EQ(good.flaw_with(both), std::nullopt);
  EXPECT_EQ(sign_request(GetParam().with_old, body).flaw_with(both),
            std::nullopt);
  EXPECT_THAT(sign_request(GetParam().with_old, body).flaw_with(settings),
              Optional(flaw::mismatch));
}

TEST_P(every_scheme_with_a_time,
       takes_a_signature_within_its_tolerance_both_ways) {
  for (const auto& [now, expected] :
       {std::pair{signing_time + 300s, std::optional<flaw>{}},
        {signing_time - 300s, std::nullopt},
        {signing_time + 301s, flaw::expired},
        {signing_time - 301s, flaw::early},
        {signing_time + 24h * 365, flaw::expired},
        {0s, flaw::early}}) {
    good.now = now;
    EXPECT_EQ(good.flaw_with(settings), expected) << now.count();
  }
  auto strict = settings;
  strict.tolerance = 10s;
  good.now = signing_time + 11s;
  EXPECT_THAT(good.flaw_with(strict), Optional(flaw::expired));
}

TEST_P(every_scheme, tells_the_log_no_secret_and_nothing_of_the_request) {
  auto bad = good;
  bad.body += "marker-of-the-body";
  for (auto& [name, value] : bad.fields)
    value += "marker-of-a-field";
  for (const auto& each : {bad, request{{}, "", "/hook"}}) {
    const auto result = each.verify_with(settings);
    ASSERT_FALSE(result);
    const auto& detail = result.error().detail;
    EXPECT_FALSE(detail.empty());
    EXPECT_EQ(detail.find("marker"), std::string::npos) << detail;
    EXPECT_EQ(detail.find(settings.secrets.front().reveal()), std::string::npos)
        << detail;
  }
}

const auto name_of = [](const auto& one) {
  return one.param.name;
};

INSTANTIATE_TEST_SUITE_P(all, every_scheme, testing::ValuesIn(all_schemes()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(
    all, every_scheme_of_the_body,
    testing::ValuesIn(schemes_with(&scheme_case::covers_body)), name_of);
INSTANTIATE_TEST_SUITE_P(
    all, every_scheme_with_a_time,
    testing::ValuesIn(schemes_with(&scheme_case::has_time)), name_of);

TEST(scheme_none, takes_everything) {
  const auto settings = settings_of(signature_scheme::none, {});
  EXPECT_EQ(request{}.flaw_with(settings), std::nullopt);
  EXPECT_TRUE(fields_of(settings).empty());
  EXPECT_TRUE(sign(settings, {.body = "x"}).empty());
}

} // namespace

} // namespace mfo::signatures::test
