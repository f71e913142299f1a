#include "core/json_slices.hpp"

#include <gmock/gmock.h>

namespace mfo::core {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

std::vector<std::string> members_of(std::string_view text) {
  std::vector<std::string> found;
  const auto members = object_members(text);
  if (!members)
    return {"no object"};
  for (const auto& [name, value] : *members)
    found.push_back(name + "=" + std::string{value});
  return found;
}

TEST(the_members_of_an_object, stand_as_they_were_sent) {
  EXPECT_THAT(
      members_of(R"( {"a" : 1.0 , "b":{"c":[1,"}"]}, "d":"\u00e9,\"" } )"),
      ElementsAre("a=1.0", R"(b={"c":[1,"}"]})", R"(d="\u00e9,\"")"));
  EXPECT_THAT(members_of("{}"), IsEmpty());
  EXPECT_THAT(members_of(R"({"a":1,"a":2})"), ElementsAre("a=1", "a=2"));
  EXPECT_THAT(members_of(R"({"\u0061\\":null})"), ElementsAre("a\\=null"));
}

TEST(the_members_of_an_object, are_none_of_anything_else) {
  for (const auto* text : {"[]", "1", "\"{}\"", "null", ""})
    EXPECT_EQ(object_members(text), std::nullopt) << text;
  EXPECT_EQ(object_members(R"({"\ud800":1})"), std::nullopt)
      << "a name that is no text";
}

TEST(the_elements_of_an_array, stand_as_they_were_sent) {
  EXPECT_THAT(array_elements(R"([1e400, [2,3] ,"]",{"a":[]}])"),
              Optional(ElementsAre("1e400", "[2,3]", "\"]\"", R"({"a":[]})")));
  EXPECT_THAT(array_elements(" [ ] "), Optional(IsEmpty()));
  EXPECT_EQ(array_elements("{}"), std::nullopt);
}

TEST(a_string_value, is_decoded) {
  EXPECT_THAT(string_value(R"("a\n\u00e9")"),
              Optional(std::string{"a\n\xc3\xa9"}));
  EXPECT_THAT(string_value(R"("")"), Optional(std::string{}));
  EXPECT_EQ(string_value("1"), std::nullopt);
  EXPECT_EQ(string_value(R"("\ud800")"), std::nullopt);
}

TEST(a_pointer, leads_to_what_it_names) {
  const std::string text{R"({"a":{"b":[10,{"c":"x"}]},"":0,"m~n":8,"/":9})"};
  EXPECT_THAT(find_in_json(text, ""), Optional(std::string_view{text}));
  EXPECT_THAT(find_in_json(text, "/a/b/0"), Optional(std::string_view{"10"}));
  EXPECT_THAT(find_in_json(text, "/a/b/1/c"),
              Optional(std::string_view{"\"x\""}));
  EXPECT_THAT(find_in_json(text, "/"), Optional(std::string_view{"0"}));
  EXPECT_THAT(find_in_json(text, "/m~0n"), Optional(std::string_view{"8"}));
  EXPECT_THAT(find_in_json(text, "/~1"), Optional(std::string_view{"9"}));
  for (const auto* none : {"/b", "/a/b/2", "/a/b/-", "/a/b/00", "/a/b/0/x", "a",
                           "/a/b/1x", "/a/b/99999999999999999999"})
    EXPECT_EQ(find_in_json(text, none), std::nullopt) << none;
}

TEST(a_pointer, takes_the_last_of_members_of_one_name) {
  EXPECT_THAT(find_in_json(R"({"a":1,"a":2})", "/a"),
              Optional(std::string_view{"2"}));
}

TEST(slices, of_what_is_no_json_are_within_it) {
  for (const std::string text :
       {"{", "[", "{]", "[}", "{\"", "{\"a", "[\"\\", "{]]]]}", "[,,]", "{,}",
        "{\"a\"}", "[\"", "}}", "{{{{"}) {
    const auto is_within = [&](std::string_view slice) {
      return slice.empty() ||
             (slice.data() >= text.data() &&
              slice.data() + slice.size() <= text.data() + text.size());
    };
    for (const auto& each :
         object_members(text).value_or(std::vector<json_member>{}))
      EXPECT_TRUE(is_within(each.value)) << text;
    for (const auto& each :
         array_elements(text).value_or(std::vector<std::string_view>{}))
      EXPECT_TRUE(is_within(each)) << text;
    EXPECT_TRUE(is_within(find_in_json(text, "/a/0").value_or(""))) << text;
  }
}

} // namespace

} // namespace mfo::core
