#include "payload/cloud_events.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mfo::payload {

namespace {

using core::errc;
using nlohmann::json;
using testing::HasSubstr;

using field_list = std::vector<std::pair<std::string, std::string>>;

const field_list required{{"ce-specversion", "1.0"},
                          {"ce-id", "7"},
                          {"ce-source", "/shop"},
                          {"ce-type", "com.example.sold"}};

tl::expected<cloud_event, flaw> binary(const field_list& more,
                                       std::string data = "{}") {
  core::header_fields fields;
  for (const auto& [name, value] : required)
    fields.add(name, value);
  for (const auto& [name, value] : more)
    fields.add(name, value);
  return read_binary(fields, "application/json", std::move(data));
}

json attributes_of(const tl::expected<cloud_event, flaw>& event) {
  EXPECT_TRUE(event) << event.error().detail;
  return event ? json::parse(event->attributes) : json{};
}

TEST(binary_mode, has_its_attributes_in_fields) {
  const auto event = binary({{"ce-time", "2018-04-05T03:56:24Z"}}, "[1.0]");
  EXPECT_EQ(attributes_of(event),
            json({{"specversion", "1.0"},
                  {"id", "7"},
                  {"source", "/shop"},
                  {"type", "com.example.sold"},
                  {"time", "2018-04-05T03:56:24Z"},
                  {"datacontenttype", "application/json"}}));
  EXPECT_EQ(event->id, "7");
  EXPECT_EQ(event->source, "/shop");
  EXPECT_EQ(event->type, "com.example.sold");
  EXPECT_EQ(event->data, "[1.0]");
}

TEST(binary_mode, is_known_by_its_version_in_any_case) {
  core::header_fields fields;
  fields.add("ce-id", "1");
  EXPECT_FALSE(is_binary(fields));
  fields.add("CE-SpecVersion", "1.0");
  EXPECT_TRUE(is_binary(fields));
  fields.add("ce-specversion", "1.0");
  EXPECT_TRUE(is_binary(fields)) << "it is one that is wrong";
}

TEST(binary_mode, keeps_extensions) {
  EXPECT_EQ(attributes_of(binary({{"CE-ComExt", "x"}}))["comext"], "x");
}

TEST(binary_mode, has_its_values_percent_decoded_once) {
  const auto value = [](const std::string& text) {
    return attributes_of(binary({{"ce-x", text}}))["x"];
  };
  EXPECT_EQ(value("Euro%20%E2%82%AC%20%F0%9F%98%80"),
            "Euro \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(value("%2525"), "%25");
  EXPECT_EQ(value("%e2%82%ac"), "\xe2\x82\xac");
  EXPECT_EQ(value("a+b"), "a+b");
  EXPECT_EQ(value(R"("quoted \"text\" %25")"), "quoted \"text\" %");
}

TEST(binary_mode, refuses_values_that_are_no_text) {
  for (const auto* value : {"%", "%4", "%zz", "%ff", "%c0%80", "%c1%81",
                            "%e0%80%80", "%ed%a0%80", "%f4%90%80%80", "%e2%82",
                            "%00", "%0a", "%7F", "%C2%80", "%C2%9F", "\xff"}) {
    const auto event = binary({{"ce-x", value}});
    ASSERT_FALSE(event) << value;
    EXPECT_EQ(event.error().code, errc::malformed_body);
  }
}

TEST(binary_mode, refuses_an_attribute_that_comes_twice) {
  for (const auto* name : {"ce-id", "CE-ID", "ce-source"}) {
    const auto event = binary({{name, "8"}});
    ASSERT_FALSE(event) << name;
    EXPECT_THAT(event.error().detail, HasSubstr("several times"));
  }
}

TEST(binary_mode, refuses_names_that_are_no_attributes) {
  for (const auto* name :
       {"ce-", "ce-a_b", "ce-a-b", "ce-data", "ce-datacontenttype"})
    EXPECT_FALSE(binary({{name, "x"}})) << name;
}

TEST(binary_mode, must_have_what_every_event_has) {
  for (std::size_t left_out = 0; left_out < required.size(); ++left_out) {
    core::header_fields without;
    core::header_fields empty;
    for (std::size_t i = 0; i < required.size(); ++i) {
      if (i != left_out)
        without.add(required[i].first, required[i].second);
      empty.add(required[i].first, i == left_out ? "" : required[i].second);
    }
    EXPECT_FALSE(read_binary(without, "", "{}")) << required[left_out].first;
    EXPECT_FALSE(read_binary(empty, "", "{}")) << required[left_out].first;
  }
}

TEST(binary_mode, is_of_version_1_0) {
  for (const auto* version : {"0.3", "1.1", "1", "2.0"}) {
    core::header_fields fields;
    for (const auto& [name, value] : required)
      fields.add(name, name == "ce-specversion" ? version : value);
    EXPECT_FALSE(read_binary(fields, "", "{}")) << version;
  }
}

/// A structured event with more members.
std::string structured(const std::string& more) {
  return R"({"specversion":"1.0","id":"7","source":"/shop",)"
         R"("type":"com.example.sold")" +
         more + "}";
}

TEST(structured_mode, has_its_data_as_it_stands) {
  const auto event = read_structured(
      structured(R"(,"data": {"b":1.0,"a":12345678901234567890} )"));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->data, R"({"b":1.0,"a":12345678901234567890})");
  EXPECT_EQ(read_structured(structured(""))->data, "null");
  EXPECT_EQ(read_structured(structured(R"(,"data":"text")"))->data,
            R"("text")");
}

TEST(structured_mode, keeps_extensions_of_every_kind) {
  const auto event = read_structured(
      structured(R"(,"n":42,"b":true,"s":"\u00e9","nothing":null)"));
  const auto attributes = attributes_of(event);
  EXPECT_EQ(attributes["n"], 42);
  EXPECT_EQ(attributes["b"], true);
  EXPECT_EQ(attributes["s"], "\xc3\xa9");
  EXPECT_FALSE(attributes.contains("nothing"));
  EXPECT_FALSE(attributes.contains("data"));
}

TEST(structured_mode, has_texts_without_control_characters) {
  for (const auto* text : {R"(\n)", R"(\u0000)", R"(\u001f)", R"(\u007f)",
                           R"(\u0080)", R"(\u009F)", "\xc2\x85"})
    for (const auto* name : {"x", "subject", "datacontenttype"})
      EXPECT_FALSE(read_structured(
          structured(std::string{",\""} + name + R"(":")" + text + "\"")))
          << name << " " << text;
  for (const auto* text : {" ", R"(\u00a0)", R"(\u00C2\u00a9)", "\xc3\x80",
                           R"(\ud83d\ude00)", R"(\/)"})
    EXPECT_TRUE(
        read_structured(structured(R"(,"x":")" + std::string{text} + "\"")))
        << text;
  EXPECT_FALSE(read_structured(structured(R"(,"x":"\ud800")")))
      << "half of a character";
}

/// The id of an event is made of both, with a line's end between.
TEST(structured_mode, does_not_let_a_source_reach_into_the_id) {
  const auto with = [](const std::string& source, const std::string& id) {
    return read_structured(R"({"specversion":"1.0","type":"t","source":")" +
                           source + R"(","id":")" + id + "\"}");
  };
  EXPECT_TRUE(with("a", "b"));
  EXPECT_FALSE(with(R"(a\nb)", "c"));
  EXPECT_FALSE(with("a", R"(b\nc)"));
}

TEST(structured_mode, has_texts_where_the_specification_has_them) {
  for (const auto* name : {"subject", "time", "dataschema", "datacontenttype"})
    for (const auto* value : {"1", "true"})
      EXPECT_FALSE(read_structured(
          structured(std::string{",\""} + name + "\":" + value)))
          << name << " " << value;
}

TEST(structured_mode, may_have_its_data_in_base64) {
  EXPECT_EQ(
      read_structured(structured(R"(,"data_base64":"eyJhIjoxfQ==")"))->data,
      R"({"a":1})");
  EXPECT_EQ(read_structured(structured(R"(,"datacontenttype":"image/png",)"
                                       R"("data_base64":"iVBORw==")"))
                ->data,
            R"("iVBORw==")")
      << "what is no JSON stays as it was sent";
}

TEST(structured_mode, refuses_what_is_no_event) {
  for (const std::string& text :
       {std::string{"[]"}, std::string{"1"}, std::string{"{}"},
        structured(R"(,"id":"8")"), structured(R"(,"data":1,"data":2)"),
        structured(R"(,"data":1,"data_base64":"MQ==")"),
        structured(R"(,"data_base64":"?")"), structured(R"(,"data_base64":1)"),
        structured(R"(,"Upper":"x")"), structured(R"(,"a_b":"x")"),
        structured(R"(,"x":{})"), structured(R"(,"x":[])"),
        std::string{R"({"specversion":"1.0","id":7,"source":"a","type":"b"})"},
        std::string{R"({"specversion":"1.0","id":null,"source":"a",)"
                    R"("type":"b"})"},
        std::string{
            R"({"specversion":1.0,"id":"7","source":"a","type":"b"})"}}) {
    const auto event = read_structured(text);
    ASSERT_FALSE(event) << text;
    EXPECT_EQ(event.error().code, errc::malformed_body) << text;
  }
}

TEST(batch, is_an_array_of_events) {
  auto other = structured(R"(,"data":2)");
  other.replace(other.find("\"7\""), 3, "\"8\"");
  const auto events =
      read_batch("[" + structured(R"(,"data":1)") + "," + other + "]");
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ(events->at(1).data, "2");
}

TEST(batch, is_spoilt_by_one_event) {
  const auto events = read_batch("[" + structured("") + ",{}]");
  ASSERT_FALSE(events);
  EXPECT_THAT(events.error().detail, HasSubstr("event 1 of the batch"));
}

TEST(batch, has_each_event_once) {
  const auto sold = structured(R"(,"data":1)");
  auto other = structured(R"(,"data":2)");
  other.replace(other.find("/shop"), 5, "/depot");
  const auto events = read_batch("[" + sold + "," + other + "," +
                                 structured(R"(,"data":3)") + "]");
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ(events->at(0).data, "1") << "what came first";
  EXPECT_EQ(events->at(1).source, "/depot") << "with the same id";
  const auto wrong = read_batch("[" + sold + "," + sold + ",{}]");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().detail, HasSubstr("event 2 of the batch"));
}

TEST(batch, has_at_least_one_event_and_not_too_many) {
  EXPECT_FALSE(read_batch("[]"));
  EXPECT_FALSE(read_batch("{}"));
  std::string many{"["};
  for (std::size_t i = 0; i < max_batch; ++i)
    many += structured("") + ",";
  EXPECT_TRUE(read_batch(many.substr(0, many.size() - 1) + "]"));
  const auto events = read_batch(many + structured("") + "]");
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().code, errc::too_complex);
}

} // namespace

} // namespace mfo::payload
