#include "http/door.hpp"

#include "signatures/probe.hpp"
#include "signatures/verifier.hpp"

#include <gtest/gtest.h>

namespace mfo::http {

namespace {

using core::errc;

config::endpoint_settings at(std::string id, std::string path) {
  config::endpoint_settings settings;
  settings.id = std::move(id);
  settings.path = std::move(path);
  return settings;
}

std::optional<errc> examine(const request_head& head) {
  const door way_in{{at("a", "/")}};
  return door::examine(*way_in.find("/"), head);
}

std::optional<errc> examine_type(std::string_view content_type) {
  return examine({.path = "/", .method = "POST", .content_type = content_type});
}

std::optional<errc> examine_encoding(std::string_view content_encoding) {
  return examine({.path = "/",
                  .method = "POST",
                  .content_type = "application/json",
                  .content_encoding = content_encoding});
}

TEST(door, finds_an_endpoint_by_its_whole_path) {
  const door way_in{{at("a", "/hook"), at("b", "/hook/b")}};
  ASSERT_NE(way_in.find("/hook"), nullptr);
  EXPECT_EQ(way_in.find("/hook")->settings->id, "a");
  EXPECT_EQ(way_in.find("/hook/b")->settings->id, "b");
  for (const auto* other : {"", "/", "/hoo", "/hook/", "/Hook", "/hook//b",
                            "/hook/b/c", "hook", "/hook%2Fb", "*"})
    EXPECT_EQ(way_in.find(other), nullptr) << other;
}

TEST(door, counts_endpoints_as_the_ledger_does) {
  const door way_in{{at("z", "/z"), at("a", "/a")}};
  EXPECT_EQ(way_in.find("/z")->number, 1u);
  EXPECT_EQ(way_in.find("/a")->number, 2u);
}

TEST(door, lets_json_in) {
  for (const auto* type :
       {"application/json", "Application/JSON",
        "application/json;charset=utf-8", "application/json ; charset=utf-8",
        "application/cloudevents+json", "application/vnd.github.v3+JSON",
        "text/x+json", "application/x-www-form-urlencoded", ""})
    EXPECT_EQ(examine_type(type), std::nullopt) << type;
}

TEST(door, keeps_other_media_types_out) {
  for (const auto* type :
       {"text/plain", "application/cloudevents-batch+json", "application/jsonx",
        "application/json+xml", "xapplication/json", "json", "+json", "/+json",
        "no-slash+json", ";charset=utf-8", "application/json, text/plain",
        "multipart/form-data; a=application/json"})
    EXPECT_EQ(examine_type(type), errc::unsupported_media_type) << type;
}

TEST(door, keeps_codings_out_that_it_does_not_know) {
  for (const auto* coding : {"identity", "Identity", "gzip", "deflate"})
    EXPECT_EQ(examine_encoding(coding), std::nullopt) << coding;
  for (const auto* coding : {"br", "identity, gzip", "gzip, gzip"})
    EXPECT_EQ(examine_encoding(coding), errc::unsupported_media_type) << coding;
}

TEST(door, knows_what_of_a_head_goes_with_an_event) {
  auto settings = at("a", "/");
  settings.signature.scheme = config::signature_scheme::standard_webhooks;
  settings.delivery_id_header = "webhook-id";
  const door way_in{{settings}};
  auto fields = signatures::fields_of(settings.signature);
  fields.emplace_back(signatures::probe_field);
  EXPECT_EQ(way_in.find("/")->fields, fields);
  EXPECT_EQ(way_in.find("/")->delivery_ids,
            (std::vector<std::string>{"webhook-id", "svix-id"}));
  EXPECT_FALSE(way_in.find("/")->needs_target);
  settings.signature.scheme = config::signature_scheme::twilio;
  EXPECT_TRUE((door{{settings}}.find("/")->needs_target));
}

std::vector<std::string> delivery_ids(config::signature_settings signature,
                                      std::string header) {
  auto settings = at("a", "/");
  settings.signature = std::move(signature);
  settings.delivery_id_header = std::move(header);
  return door{{settings}}.find("/")->delivery_ids;
}

TEST(door, knows_a_delivery_by_every_name_that_the_scheme_has_for_its_id) {
  using list = std::vector<std::string>;
  config::signature_settings signature;
  EXPECT_EQ(delivery_ids(signature, "X-Id"), list{"X-Id"});
  signature.scheme = config::signature_scheme::standard_webhooks;
  for (const auto* name : {"webhook-id", "svix-id", "Webhook-ID"})
    EXPECT_EQ(delivery_ids(signature, name), (list{"webhook-id", "svix-id"}))
        << name << ": the sender may use either";
  EXPECT_EQ(delivery_ids(signature, "X-Id"), list{"X-Id"});
  EXPECT_EQ(delivery_ids(signature, ""), list{});
}

TEST(door, prefers_an_id_that_is_signed) {
  using list = std::vector<std::string>;
  config::signature_settings signature;
  signature.scheme = config::signature_scheme::gitlab;
  signature.secrets.emplace_back("a-token");
  EXPECT_EQ(delivery_ids(signature, "Idempotency-Key"),
            list{"Idempotency-Key"});
  signature.secrets.emplace_back("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  EXPECT_EQ(delivery_ids(signature, "Idempotency-Key"),
            (list{"webhook-id", "Idempotency-Key"}));
}

TEST(door, looks_at_the_method_first) {
  EXPECT_EQ(examine({.path = "/",
                     .method = "PUT",
                     .content_type = "text/plain",
                     .content_encoding = "gzip"}),
            errc::method_not_allowed);
}

} // namespace

} // namespace mfo::http
