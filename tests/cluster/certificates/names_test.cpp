#include "cluster/certificates/names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace std::string_literals;

namespace mfo::cluster::certificates {

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string>
texts(const expected<std::vector<alternative_name>>& names) {
  std::vector<std::string> result;
  if (!names)
    return {names.error().text};
  for (const auto& each : *names)
    result.push_back(each.to_string());
  return result;
}

std::string text_of_name(std::string_view text) {
  const auto name = parse_alternative_name(text);
  return name ? name->to_string() : "none";
}

TEST(a_node_name, is_letters_digits_and_some_signs) {
  for (const auto& good :
       {"a"s, "Node-1"s, "7"s, "eu_west.node-3"s, "a.."s, std::string(64, 'x')})
    EXPECT_TRUE(check_node_name(good)) << good;
}

TEST(a_node_name, is_refused_where_it_could_be_anything_else) {
  for (const auto& bad :
       {""s, "../x"s, "x/../y"s, "/etc/passwd"s, "."s, ".."s, ".hidden"s,
        "-option"s, "_x"s, std::string(65, 'x'), "a\0b"s, "a\nb"s, "a b"s,
        "a,DNS:b"s, "*"s, "*.a"s, "\u00fc"s, "a\\b"s, "a\n"s}) {
    const auto result = check_node_name(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().what, fault::request) << bad;
    EXPECT_THAT(result.error().text,
                AllOf(HasSubstr("a node's name is 1 to 64 of"),
                      Not(HasSubstr("\n")), Not(HasSubstr("\0"s))))
        << bad;
  }
}

TEST(a_node_name, is_shown_cut_where_it_is_very_long) {
  const auto result = check_node_name(std::string(100'000, 'x'));
  ASSERT_FALSE(result);
  EXPECT_LT(result.error().text.size(), 300u);
}

TEST(a_node_name, is_not_that_of_the_authority_in_any_case) {
  for (const auto& taken : {"ca", "CA", "Ca"}) {
    const auto result = check_node_name(taken);
    ASSERT_FALSE(result) << taken;
    EXPECT_THAT(result.error().text, HasSubstr("choose another name"));
  }
  EXPECT_TRUE(check_node_name("ca.crt"));
  EXPECT_TRUE(check_node_name("cab"));
}

TEST(a_cluster_name, leaves_room_in_the_common_name) {
  EXPECT_TRUE(check_cluster_name(std::string(longest_cluster_name, 'x')));
  EXPECT_TRUE(check_cluster_name("ca"));
  for (const auto& bad : {""s, std::string(longest_cluster_name + 1, 'x'),
                          "a/b"s, "a\0"s, "a,CN=b"s}) {
    const auto result = check_cluster_name(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_THAT(result.error().text, HasSubstr("a cluster's name is 1 to 53"));
  }
}

TEST(an_alternative_name, is_recognised_as_an_address_or_a_host) {
  EXPECT_EQ(text_of_name("node-1.example.com"), "DNS:node-1.example.com");
  EXPECT_EQ(text_of_name("localhost"), "DNS:localhost");
  EXPECT_EQ(text_of_name("10.0.0.1"), "IP:10.0.0.1");
  EXPECT_EQ(text_of_name("2001:DB8:0::1"), "IP:2001:db8::1");
  EXPECT_EQ(text_of_name("::ffff:10.0.0.1"), "IP:10.0.0.1");
}

TEST(an_alternative_name, may_say_what_it_is) {
  EXPECT_EQ(text_of_name("DNS:a"), "DNS:a");
  EXPECT_EQ(text_of_name("IP:::1"), "IP:::1");
  EXPECT_EQ(text_of_name("DNS:10.0.0.1"), "none");
  EXPECT_EQ(text_of_name("IP:a"), "none");
  EXPECT_EQ(text_of_name("DNS:DNS:a"), "none");
}

TEST(an_alternative_name, is_nothing_else) {
  for (const auto& bad :
       {""s, "*.example.com"s, "*"s, "a b"s, "a\nb"s, "a\0b"s, "10.0.0.1/8"s,
        "[::1]"s, "10.0.0.1:80"s, "1.2.3"s, "URI:a"s, "https://a"s, "a,b"s,
        "a."s, std::string(64, 'x'), std::string(300, 'x')}) {
    const auto result = parse_alternative_name(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().what, fault::request) << bad;
    EXPECT_THAT(result.error().text, HasSubstr("this is none: \"")) << bad;
  }
}

TEST(all_names_of_a_node, begin_with_its_own_and_have_each_once) {
  EXPECT_THAT(texts(all_names("n1", {"b", "N1", "10.0.0.1", "B", "::1", "DNS:b",
                                     "0:0:0:0:0:0:0:1"})),
              testing::ElementsAre("DNS:n1", "DNS:b", "IP:10.0.0.1", "IP:::1"));
}

TEST(all_names_of_a_node, may_have_a_name_of_its_own_that_no_host_has) {
  const std::string own(64, 'x');
  EXPECT_THAT(texts(all_names(own, {"DNS:" + own, "b"})),
              testing::ElementsAre("DNS:" + own, "DNS:b"));
}

TEST(all_names_of_a_node, are_not_too_many) {
  std::vector<std::string> names{"DNS:n1"};
  for (std::size_t i = 0; i < most_alternative_names; ++i)
    names.push_back("host-" + std::to_string(i));
  EXPECT_EQ(texts(all_names("n1", names)).size(), most_alternative_names + 1);
  names.emplace_back("one-more");
  EXPECT_THAT(texts(all_names("n1", names)).front(),
              HasSubstr("at most 64 subject alternative names"));
}

} // namespace

} // namespace mfo::cluster::certificates
