#include "schema/uri.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mfo::schema {

namespace {

/// RFC 3986, sections 5.4.1 and 5.4.2, less the fragments.
TEST(uri, is_resolved_as_the_rfc_shows) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
  };
  for (const auto& [reference, expected] : cases)
    EXPECT_EQ(resolve_reference("http://a/b/c/d;p?q", reference), expected);
}

TEST(uri, is_resolved_from_other_bases) {
  EXPECT_EQ(resolve_reference("", "a.json"), "a.json");
  EXPECT_EQ(resolve_reference("http://a", "g"), "http://a/g");
  EXPECT_EQ(resolve_reference("urn:x:y", ""), "urn:x:y");
  EXPECT_EQ(resolve_reference("x/y.json", "z.json"), "x/z.json");
}

TEST(uri, is_split_at_its_fragment) {
  EXPECT_EQ(split_fragment("a#b#c").document, "a");
  EXPECT_EQ(split_fragment("a#b#c").fragment, "b#c");
  EXPECT_EQ(split_fragment("a").fragment, "");
}

TEST(uri, escapes_are_bytes) {
  EXPECT_EQ(percent_decoded("%41%c3%B6%"), "Aö%");
  EXPECT_EQ(percent_decoded("%4"), "%4");
  EXPECT_EQ(percent_decoded("%zz%25"), "%zz%");
}

TEST(uri, has_a_scheme_and_sound_parts) {
  for (const auto* text :
       {"http://example.com/a?b=c#d", "urn:uuid:0", "mailto:a@b.c",
        "file:///etc/x", "http://u:p@[::1]:80/", "http://[v1.a:b]/",
        "tel:+1-816-555-1212", "http://example.com:/", "ldap://[2001:db8::7]/c",
        "a:", "http://a/%7Efoo", "data:,a(b)!$&'*+,;=@:/"})
    EXPECT_TRUE(is_uri(text)) << text;
  for (const auto* text :
       {"", "/a", "a/b", "//example.com/a", "http://a b/", "http://a/<b>",
        "http://a/\\b", "1http://a", ":a", "http://[::1", "http://[::1]x/",
        "http://a:b/", "http://a/%zz", "http://a/%7", "http://a/ö",
        "http://a#b#c", "http://[nonsense]/", "http://a/\"", "http://u@v@a/"})
    EXPECT_FALSE(is_uri(text)) << text;
}

TEST(uri, may_be_relative_as_a_reference) {
  for (const auto* text : {"", "a", "/a", "//a/b", "?a", "#a", "../a", "a/b:c"})
    EXPECT_TRUE(is_uri_reference(text)) << text;
  for (const auto* text : {"a b", "1:a", "\\\\a", "#a#", "%"})
    EXPECT_FALSE(is_uri_reference(text)) << text;
}

} // namespace

} // namespace mfo::schema
