#include "core/errc.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <string>

namespace mfo::core {

namespace {

using testing::MatchesRegex;

TEST(errc_registry, has_every_error_in_the_order_of_the_enumeration) {
  const auto all = all_errors();
  ASSERT_EQ(all.size(), static_cast<std::size_t>(errc::too_few_copies));
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(static_cast<std::size_t>(all[i].code), i + 1) << all[i].slug;
}

TEST(errc_registry, has_a_slug_of_its_own_for_each) {
  std::set<std::string_view> slugs;
  for (const auto& each : all_errors()) {
    EXPECT_THAT(std::string{each.slug}, MatchesRegex("[a-z][a-z_]*"));
    EXPECT_TRUE(slugs.insert(each.slug).second) << each.slug;
  }
}

TEST(errc_registry, has_an_error_status_and_texts_for_each) {
  for (const auto& each : all_errors()) {
    // These are no errors of their sender, but no events either.
    EXPECT_TRUE(each.code == errc::duplicate || each.code == errc::handshake ||
                (each.status >= 400 && each.status <= 599))
        << each.slug;
    EXPECT_FALSE(each.title.empty()) << each.slug;
    EXPECT_TRUE(each.detail.ends_with('.')) << each.slug;
  }
}

TEST(errc_registry, says_when_to_come_back_with_429_and_503_and_only_there) {
  for (const auto& each : all_errors())
    EXPECT_EQ(each.retry_after, each.status == 429 || each.status == 503)
        << each.slug;
}

TEST(errc_registry, gives_the_statuses_that_senders_know) {
  EXPECT_EQ(describe(errc::not_found).status, 404);
  EXPECT_EQ(describe(errc::method_not_allowed).status, 405);
  EXPECT_EQ(describe(errc::unsupported_media_type).status, 415);
  EXPECT_EQ(describe(errc::payload_too_large).status, 413);
  EXPECT_EQ(describe(errc::header_too_large).status, 431);
  EXPECT_EQ(describe(errc::malformed_request).status, 400);
  EXPECT_EQ(describe(errc::expectation_failed).status, 417);
  EXPECT_EQ(describe(errc::request_timeout).status, 408);
  EXPECT_EQ(describe(errc::bad_signature).status, 401);
  EXPECT_EQ(describe(errc::source_not_allowed).status, 403);
  EXPECT_EQ(describe(errc::rate_limited).status, 429);
  EXPECT_EQ(describe(errc::schema_violation).status, 422);
  EXPECT_EQ(describe(errc::in_progress).status, 409);
  EXPECT_EQ(describe(errc::duplicate).status, 200);
  EXPECT_EQ(describe(errc::malformed_json).status, 400);
  EXPECT_EQ(describe(errc::upstream_unreachable).status, 502);
  EXPECT_EQ(describe(errc::upstream_timeout).status, 504);
  EXPECT_EQ(describe(errc::internal_error).status, 500);
}

TEST(errc_registry, gives_no_hint_about_a_bad_signature) {
  const auto& entry = describe(errc::bad_signature);
  for (const auto text : {entry.title, entry.detail})
    for (const std::string_view hint : {"ignature", "secret", "HMAC", "header"})
      EXPECT_EQ(text.find(hint), std::string_view::npos) << text;
}

TEST(errc_registry, takes_a_code_that_it_does_not_know_for_an_internal_error) {
  EXPECT_EQ(describe(static_cast<errc>(0)).code, errc::internal_error);
  EXPECT_EQ(describe(static_cast<errc>(255)).code, errc::internal_error);
}

TEST(errc, is_an_error_code) {
  const std::error_code code = errc::saturated;
  EXPECT_TRUE(code);
  EXPECT_EQ(code, errc::saturated);
  EXPECT_STREQ(code.category().name(), "mfo.core");
  EXPECT_EQ(code.message(), "Saturated");
}

} // namespace

} // namespace mfo::core
