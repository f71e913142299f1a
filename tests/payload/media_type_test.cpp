#include "payload/media_type.hpp"

#include <gtest/gtest.h>

namespace mfo::payload {

namespace {

TEST(media_type, is_read_in_any_case_and_without_its_parameters) {
  EXPECT_TRUE(is_json("Application/JSON ; charset=utf-8"));
  EXPECT_TRUE(is_form("application/X-WWW-form-urlencoded;charset=utf-8"));
  EXPECT_TRUE(is_cloud_event("application/cloudevents+JSON; charset=utf-8"));
  EXPECT_TRUE(is_cloud_batch("Application/CloudEvents-Batch+json"));
}

TEST(media_type, with_the_suffix_of_json_is_one_type) {
  for (const auto* type : {"application/vnd.github.v3+json", "a/b+json",
                           "application/problem+JSON;charset=utf-8"})
    EXPECT_TRUE(is_json(type)) << type;
  for (const auto* type :
       {"text/plain, application/x+json", "a/b/c+json", "a b/c+json",
        "a/b c+json", "/x+json", "x+json", "\"a\"/b+json", "+json/+json/",
        "text/plain x=/+json", "a/\xc3\xa9+json"})
    EXPECT_FALSE(is_json(type)) << type;
}

TEST(media_type, tells_a_batch_from_an_event) {
  EXPECT_FALSE(is_cloud_event("application/cloudevents-batch+json"));
  EXPECT_FALSE(is_cloud_batch("application/cloudevents+json"));
}

TEST(media_type, of_cloud_events_may_have_any_format) {
  for (const auto* type :
       {"application/cloudevents", "application/cloudevents+avro",
        "application/cloudevents-batch+xml", "APPLICATION/CLOUDEVENTS+json"})
    EXPECT_TRUE(is_of_cloud_events(type)) << type;
  EXPECT_FALSE(is_of_cloud_events("application/cloudevent"));
  EXPECT_FALSE(is_of_cloud_events("text/cloudevents"));
}

} // namespace

} // namespace mfo::payload
