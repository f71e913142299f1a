#include "schema/formats.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace mfo::schema {

namespace {

using texts = std::vector<std::string>;

struct samples {
  texts right;
  texts wrong;
};

const auto long_label = std::string(64, 'a');
const std::string long_name = "a" + []() {
  std::string more;
  for (int i = 0; i < 127; ++i)
    more += ".a";
  return more;
}();

const std::map<std::string, samples> formats{
    {"date-time",
     {{"1963-06-19T08:30:06.283185Z", "1963-06-19T08:30:06Z",
       "1990-12-31T15:59:50.123-08:00", "1998-12-31T23:59:60Z",
       "1998-12-31T15:59:60.123-08:00", "1963-06-19t08:30:06z",
       "2024-02-29T00:00:00+23:59"},
      {"",
       "1963-06-19",
       "1963-06-19 08:30:06Z",
       "1990-02-31T15:59:59Z",
       "2023-02-29T00:00:00Z",
       "1998-12-31T23:58:60Z",
       "1998-12-31T22:59:60Z",
       "1990-12-31T15:59:59-24:00",
       "1990-12-31T10:00:60Z",
       "06/19/1963 08:30:06 PST",
       "2013-350T01:01:01",
       "1963-06-19T08:30:06",
       "1963-6-19T08:30:06Z",
       "1963-06-19T08:30:06.Z",
       "1963-06-19T24:00:00Z",
       "1963-06-1\xe0\xa7\xaaT00:00:00Z",
       "1963-06-19T08:30:06+0100",
       "1963-06-19T08:30:06Z ",
       " 1963-06-19T08:30:06Z",
       "1963-06-19T08:30:06." + std::string(200, '1') + "Z"}}},
    {"date",
     {{"1963-06-19", "2020-02-29", "0000-01-01"},
      {"", "06/19/1963", "2013-350", "1998-1-20", "1998-01-1", "1998-13-01",
       "2021-02-29", "1963-06-00", "1963-06-19Z", "20230328", "2023-W01-1"}}},
    {"time",
     {{"08:30:06Z", "08:30:06.283185Z", "23:59:60Z", "15:59:60-08:00",
       "08:30:06+00:20", "08:30:06z"},
      {"", "08:30:06", "08:30:06 PST", "24:00:00Z", "00:60:00Z", "22:59:60Z",
       "8:30:06Z", "01:02:03+24:00", "01:02:03+00:60", "01:01:01,1111Z",
       "08:30:06-8:000"}}},
    {"email",
     {{"joe.bloggs@example.com", "te~st@example.com", "~test@example.com",
       "\"joe bloggs\"@example.com", "\"joe..bloggs\"@example.com",
       "\"joe@bloggs\"@example.com", "\"a\\\"b\"@example.com",
       "joe@[127.0.0.1]", "joe@[IPv6:::1]", "te.s.t@example.com", "a@b"},
      {"", "2962", ".test@example.com", "test.@example.com",
       "te..st@example.com", "joe@", "@example.com", "joe@[127.0.0.300]",
       "joe@-example.com", "a b@example.com", "\"a\"b\"@example.com",
       "\"a\\\"@example.com", "joe@example..com", "joe@exa_mple.com",
       "joe@[::1]", long_label + "a@example.com", "jo\xc3\xa9@example.com",
       "a@b@c"}}},
    {"hostname",
     {{"www.example.com", "xn--4gbwdl.xn--wgbh1c", "hostname", "1host", "a-b",
       std::string(63, 'a')},
      {"", "-a", "a-", ".a", "a.", "a..b", "a_b", "a b", long_label, long_name,
       "\xe2\x82\xac.example"}}},
    {"ipv4",
     {{"192.168.0.1", "0.0.0.0", "255.255.255.255"},
      {"", "127.0.0.0.1", "256.256.256.256", "127.0", "0x7f.0.0.1",
       "2130706433", "087.10.0.1", "1.2.3.4 ", "1.2.3.4/24",
       std::string("1.2.3.4\0", 8)}}},
    {"ipv6",
     {{"::1", "::", "1::", "::abef", "1:2::8", "::ffff:192.168.0.1",
       "1:2:3:4:5:6:7:8", "::FFFF:1.2.3.4"},
      {"", "12345::", "1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1", "::laptop", ":2:3::8",
       "1:2:3:4:5:6:7", "1", "127.0.0.1", "fe80::a%eth1", "::1/64",
       "::ffff:1.2.3", "1::2::3", " ::1"}}},
    {"uri",
     {{"http://foo.bar/?baz=qux#quux", "urn:oasis:names", "tel:+1"},
      {"", "/abc", "\\\\WINDOWS\\share", "http:// x", "bar,baz:x{}"}}},
    {"uri-reference",
     {{"", "/abc", "#frag", "http://a/"}, {"\\\\WINDOWS", "#frag\\ment", " "}}},
    {"uuid",
     {{"2eb8aa08-aa98-11ea-b4aa-73b441d16380",
       "2EB8AA08-AA98-11EA-B4Aa-73B441D16380",
       "00000000-0000-0000-0000-000000000000",
       "99c17cbb-656f-f64a-940f-1a4568f03487"},
      {"", "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
       "2eb8aa08-aa98-11ea-73b441d16380",
       "2eb8aa08-aa98-11ea-b4ga-73b441d16380",
       "2eb8aa08aa9811eab4aa73b441d16380",
       "{2eb8aa08-aa98-11ea-b4aa-73b441d1638}",
       "2eb8aa08-aa98-11ea-b4aa-73b441d163800"}}},
};

TEST(format, knows_right_from_wrong) {
  for (const auto& [name, each] : formats) {
    for (const auto& text : each.right)
      EXPECT_TRUE(conforms_to_format(name, text)) << name << ": " << text;
    for (const auto& text : each.wrong)
      EXPECT_FALSE(conforms_to_format(name, text)) << name << ": " << text;
  }
}

TEST(format, that_is_not_known_takes_every_text) {
  EXPECT_TRUE(conforms_to_format("colour", "?"));
  EXPECT_TRUE(conforms_to_format("", "?"));
}

} // namespace

} // namespace mfo::schema
