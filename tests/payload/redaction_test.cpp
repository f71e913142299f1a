#include "payload/redaction.hpp"

#include "core/form.hpp"
#include "payload/redaction_words.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>
#include <string>

namespace mfo::payload {

namespace {

using testing::HasSubstr;
using testing::Not;

std::string hidden_json(std::string_view text,
                        const std::vector<std::string>& more = {}) {
  return redaction{more}.json(text).value_or("unreadable");
}

std::string hidden_form(std::string_view text,
                        const std::vector<std::string>& more = {}) {
  return redaction{more}.form(text);
}

// --- names ---

TEST(hidden_names, are_those_of_secrets_however_they_are_written) {
  const redaction usual;
  for (const auto* name : {"password",
                           "PASSWORD",
                           "user_password",
                           "passwordHash",
                           "Passwd",
                           "client_secret",
                           "clientSecret",
                           "secrets",
                           "token",
                           "access_token",
                           "Refresh-Token",
                           "accessTokens",
                           "X-Auth-Token",
                           "api_key",
                           "API-Key",
                           "x-api-key",
                           "apiKey",
                           "private_key",
                           "Authorization",
                           "proxy-authorization",
                           "Cookie",
                           "Set-Cookie",
                           "X-Hub-Signature-256",
                           "card_number",
                           "cardNumber",
                           "cvc",
                           "CVV",
                           "iban",
                           "customer_iban",
                           "ssn",
                           "session_id",
                           "pin",
                           "aws_access_key_id",
                           "response_url",
                           "Ocp-Apim-Subscription-Key",
                           "x-functions-key",
                           "X-CSRF-Token-Value",
                           "PHPSESSID",
                           "sig"})
    EXPECT_TRUE(usual.hides(name)) << name;
}

TEST(hidden_names, are_not_those_that_only_look_a_bit_like_them) {
  const redaction usual;
  for (const auto* name :
       {"", "id", "name", "number", "key", "pinned", "spin", "max_tokens",
        "tokens", "panel", "author", "author_association", "bearing", "code",
        "Content-Type", "X-GitHub-Event", "passenger"})
    EXPECT_FALSE(usual.hides(name)) << name;
}

TEST(hidden_names, are_those_that_are_given_besides) {
  const redaction more{{"customer_number"}};
  EXPECT_TRUE(more.hides("customer_number"));
  EXPECT_TRUE(more.hides("CustomerNumber"));
  EXPECT_TRUE(more.hides("customer-number"));
  EXPECT_FALSE(more.hides("customer"));
  EXPECT_FALSE(more.hides("the_customer_number"));
  EXPECT_TRUE(more.hides("password")) << "the usual ones stay";
}

/// In the order of the document, which has them as `a`, `b`, ….
std::string as_in_the_document(auto& words) {
  std::string list;
  for (const auto& each : words)
    list += (list.empty() ? "`" : ", `") + std::string{each} + '`';
  return list;
}

TEST(hidden_names, are_those_of_the_document) {
  std::ifstream in{MFO_SOURCE_DIR "/docs/reference/config-tests.md"};
  std::stringstream document;
  document << in.rdbuf();
  EXPECT_THAT(document.str(), HasSubstr(as_in_the_document(secret_parts)));
  EXPECT_THAT(document.str(), HasSubstr(as_in_the_document(secret_endings)));
  EXPECT_THAT(document.str(), HasSubstr(as_in_the_document(secret_words)));
}

// --- e-mail addresses ---

TEST(addresses, are_replaced) {
  EXPECT_EQ(without_addresses("joe@corp.test"), "person@example.com");
  EXPECT_EQ(without_addresses("Joe <joe.b+x@mail.corp.test>, all"),
            "Joe <person@example.com>, all");
  EXPECT_EQ(without_addresses("a@b.c d@e.f"),
            "person@example.com person@example.com");
  EXPECT_EQ(without_addresses("Ask joe@corp.test."), "Ask person@example.com.");
  EXPECT_EQ(without_addresses("jo\xc3\xab@corp.test"), "person@example.com");
  EXPECT_EQ(without_addresses("a@b.c@d.e"), "person@example.com@d.e");
}

TEST(addresses, are_replaced_where_a_url_has_them) {
  EXPECT_EQ(without_addresses("https://x.test/?mail=joe%40corp.test&a=1"),
            "https://x.test/?mail=person%40example.com&a=1");
  EXPECT_EQ(without_addresses("a%40b@c.d"), "a%40person@example.com");
  EXPECT_EQ(without_addresses("50%40 off, %40"), "50%40 off, %40");
}

TEST(addresses, are_not_seen_in_what_is_none) {
  for (const auto* text : {"", "@", "a@", "@b.c", "a@b", "a@.c", "a@b.",
                           "12:30", "@joe and @ann", "a @ b.c", "x@-"})
    EXPECT_EQ(without_addresses(text), text);
}

// --- JSON ---

TEST(redacted_json, hides_the_values_of_hidden_names_at_any_depth) {
  EXPECT_EQ(hidden_json(R"({"user":{"name":"Ann","password":"marker"}})"),
            R"({"user":{"name":"Ann","password":"redacted"}})");
  EXPECT_EQ(
      hidden_json(R"([[{"token":"marker"}],{"a":[{"API_Key":"marker"}]}])"),
      R"([[{"token":"redacted"}],{"a":[{"API_Key":"redacted"}]}])");
}

TEST(redacted_json, keeps_the_types_of_what_it_hides) {
  EXPECT_EQ(
      hidden_json(R"({"pin":1234,"token":null,"password":true,"otp":-1.5e3})"),
      R"({"pin":0,"token":null,"password":true,"otp":0})");
}

TEST(redacted_json, hides_all_below_a_hidden_name) {
  EXPECT_EQ(
      hidden_json(R"({"secrets":{"a":"m","b":[1,"m",{"c":"m"}]},"d":"kept"})"),
      R"({"secrets":{"a":"redacted","b":[0,"redacted",{"c":"redacted"}]},)"
      R"("d":"kept"})");
}

TEST(redacted_json, hides_the_texts_of_a_list_of_secrets) {
  EXPECT_EQ(hidden_json(R"({"tokens":["m",["m"],7],"PINS":["m"],"as":["b"]})"),
            R"({"tokens":["redacted",["redacted"],7],"PINS":["redacted"],)"
            R"("as":["b"]})");
  EXPECT_EQ(hidden_json(R"({"max_tokens":5,"tokens":"5","s":[["a"]]})"),
            R"({"max_tokens":5,"tokens":"5","s":[["a"]]})");
  EXPECT_EQ(hidden_json(R"(["a"])"), R"(["a"])");
}

TEST(redacted_json, hides_the_number_of_a_card) {
  EXPECT_EQ(hidden_json(R"({"card":{"number":"4242","brand":"x"},"number":7})"),
            R"({"card":{"number":"redacted","brand":"x"},"number":7})");
  EXPECT_EQ(hidden_json(R"({"test_cards":[{"number":4242}]})"),
            R"({"test_cards":[{"number":0}]})");
  EXPECT_EQ(hidden_json(R"({"card":{"of":{"number":1}}})"),
            R"({"card":{"of":{"number":1}}})");
}

TEST(redacted_json, hides_addresses_in_values_and_names) {
  EXPECT_EQ(hidden_json(R"({"from":"joe@corp.test","joe@corp.test":1})"),
            R"({"from":"person@example.com","person@example.com":1})");
  EXPECT_EQ(hidden_json(R"("joe@corp.test")"), R"("person@example.com")");
  EXPECT_EQ(hidden_json(R"({"from":"joe\u0040corp.test"})"),
            R"({"from":"person@example.com"})");
}

TEST(redacted_json, looks_into_json_in_strings) {
  EXPECT_EQ(hidden_json(R"({"body":"{\"password\":\"marker\",\"a\":1}"})"),
            R"({"body":"{\"password\":\"redacted\",\"a\":1}"})");
  EXPECT_EQ(hidden_json(
                R"({"body":"[{\"in\":\"{\\\"token\\\":\\\"marker\\\"}\"}]"})"),
            R"({"body":"[{\"in\":\"{\\\"token\\\":\\\"redacted\\\"}\"}]"})");
  EXPECT_EQ(hidden_json(R"({"body":"{no json"})"), R"({"body":"{no json"})");
}

TEST(redacted_json, hides_what_a_pointer_leads_to) {
  const auto* const body =
      R"({"order":{"notes":"m","lines":[{"x":1},{"x":2}]}})";
  EXPECT_EQ(hidden_json(body, {"/order/notes"}),
            R"({"order":{"notes":"redacted","lines":[{"x":1},{"x":2}]}})");
  EXPECT_EQ(hidden_json(body, {"/order/lines/1/x"}),
            R"({"order":{"notes":"m","lines":[{"x":1},{"x":0}]}})");
  EXPECT_EQ(hidden_json(body, {"/order/lines"}),
            R"({"order":{"notes":"m","lines":[{"x":0},{"x":0}]}})");
  EXPECT_EQ(
      hidden_json(body, {"/notes", "/order/lines/7", "/order/lines/01/x"}),
      body);
  EXPECT_EQ(hidden_json(R"({"a/b":{"~":"m"}})", {"/a~1b/~0"}),
            R"({"a/b":{"~":"redacted"}})");
}

TEST(redacted_json, is_otherwise_as_it_was) {
  const auto* const body =
      R"({"b":1,"a":[],"c":{},"n":[null,true,false],"f":1.50,"e":1E2,)"
      R"("big":123456789012345678901234567890,"t":"\u0001\"\\é","b":2})";
  EXPECT_EQ(hidden_json(body), body);
  EXPECT_EQ(hidden_json(" { \"a\" : [ 1 , 2 ] }\n"), R"({"a":[1,2]})");
}

TEST(redacted_json, is_none_where_there_is_none) {
  for (const auto* text : {"", "{", "{}x", "{\"a\":\"\xff\"}", "a=1", "{'a':1}",
                           R"({"a":"\ud800"})"})
    EXPECT_EQ(hidden_json(text), "unreadable") << text;
}

TEST(redacted_json, may_be_nested_deep) {
  constexpr std::size_t depth = 100'000;
  const auto text = std::string(depth, '[') + std::string(depth, ']');
  EXPECT_EQ(hidden_json(text), text);
}

// --- forms and queries ---

TEST(redacted_forms, hide_the_values_of_hidden_names) {
  EXPECT_EQ(hidden_form("a=1&password=marker&b=2"),
            "a=1&password=redacted&b=2");
  EXPECT_EQ(hidden_form("access%5Ftoken=marker"), "access_token=redacted");
  EXPECT_EQ(hidden_form("token"), "token=redacted");
  EXPECT_EQ(hidden_form("notes=x&a=y", {"/notes"}), "notes=redacted&a=y");
  EXPECT_EQ(hidden_form(""), "");
}

TEST(redacted_forms, hide_the_parts_of_names_with_brackets) {
  EXPECT_EQ(hidden_form("user[password]=marker&user[name]=Ann"),
            "user[password]=redacted&user[name]=Ann");
  EXPECT_EQ(hidden_form("card[number]=4242&card.number=4242&number=4242"),
            "card[number]=redacted&card.number=redacted&number=4242");
  EXPECT_EQ(hidden_form("a[pin]=1&pinned[]=2"), "a[pin]=redacted&pinned[]=2");
}

TEST(redacted_forms, hide_addresses) {
  EXPECT_EQ(hidden_form("to=joe%40corp.test"), "to=person%40example.com");
  EXPECT_EQ(hidden_form("joe@corp.test=1"), "person%40example.com=1");
}

TEST(redacted_forms, look_into_json) {
  const auto of = [](std::string_view text,
                     const std::vector<std::string>& more = {}) {
    const auto made = hidden_form(text, more);
    return core::decode_form_text(made.substr(made.find('=') + 1));
  };
  EXPECT_EQ(of("payload={\"token\":\"marker\",\"a\":1}"),
            R"({"token":"redacted","a":1})");
  EXPECT_EQ(of("payload={\"a\":{\"b\":\"m\"}}", {"/a/b"}),
            R"({"a":{"b":"redacted"}})");
}

TEST(redacted_forms, are_otherwise_as_they_were) {
  EXPECT_EQ(hidden_form("a=x+y&b=%26&c=%FF&d=&e"), "a=x+y&b=%26&c=%FF&d=&e=");
}

// --- what is neither ---

TEST(a_placeholder, says_the_size) {
  EXPECT_EQ(placeholder_of(1234), "redacted: 1234 bytes");
}

TEST(a_marker, is_nowhere_in_what_is_left) {
  const auto* const body =
      R"({"password":"marker","a":{"private_key":["marker",{"x":"marker"}]},)"
      R"("s":"{\"token\":\"marker\"}","m":"marker@corp.test"})";
  EXPECT_THAT(hidden_json(body), Not(HasSubstr("marker")));
}

} // namespace

} // namespace mfo::payload
