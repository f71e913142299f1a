#include "http/admin/console_page.hpp"

#include "http/admin.hpp"
#include "tests/devserver/raw_client.hpp"

#include <gmock/gmock.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using testing::HasSubstr;

constexpr std::array<embedded_file, 3> files{{{"a.js", "let a", "0a"},
                                              {"index.html", "<p>", "1b"},
                                              {"x.bin", "?", "2"}}};

std::string field_of(const answer& of, std::string_view name) {
  for (const auto& [each, value] : of.fields)
    if (each == name)
      return value;
  return {};
}

answer show(std::string_view name, std::string_view if_none_match = {}) {
  admin_request request{};
  request.method = "GET";
  request.if_none_match = if_none_match;
  return show_file(*find_file(files, name), request);
}

TEST(a_page_of_the_console, is_found_by_its_name) {
  EXPECT_EQ(find_file(files, "a.js"), &files[0]);
  for (const auto* name : {"", "A.js", "a.js/", "../a.js", "b.js"})
    EXPECT_EQ(find_file(files, name), nullptr) << name;
}

TEST(a_page_of_the_console, says_what_it_is) {
  EXPECT_EQ(show("a.js").media_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(show("index.html").media_type, "text/html; charset=utf-8");
  EXPECT_EQ(show("x.bin").media_type, "application/octet-stream");
  EXPECT_EQ(show("index.html").body, "<p>");
}

TEST(a_page_of_the_console, may_do_nothing_but_what_is_its_own) {
  const auto page = show("index.html");
  EXPECT_THAT(field_of(page, "Content-Security-Policy"),
              testing::AllOf(HasSubstr("default-src 'none'"),
                             HasSubstr("script-src 'self'"),
                             HasSubstr("frame-ancestors 'none'"),
                             testing::Not(HasSubstr("unsafe"))));
  EXPECT_EQ(field_of(page, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(field_of(page, "Referrer-Policy"), "no-referrer");
}

TEST(a_page_of_the_console, is_not_sent_to_who_has_it) {
  EXPECT_EQ(field_of(show("a.js"), "ETag"), "\"0a\"");
  EXPECT_EQ(field_of(show("a.js"), "Cache-Control"), "no-cache");
  for (const auto* has : {"\"0a\"", "W/\"0a\"", "\"x\", \"0a\"", "*"})
    EXPECT_EQ(show("a.js", has).status, 304) << has;
  for (const auto* has : {"", "\"1b\"", "0a", "\"a\""})
    EXPECT_EQ(show("a.js", has).status, 200) << has;
}

struct an_admin_with_a_token : testing::Test {
  an_admin_with_a_token() {
    config::admin_settings access;
    access.tokens = {config::secret{"a-token-that-is-long-enough"}};
    auto opened = admin::open(
        {"127.0.0.1", 0},
        {.state = std::make_shared<node_state>(),
         .observer = {std::make_shared<telemetry::metrics>(
                          std::vector<std::string>{},
                          telemetry::upstream_names{}),
                      std::make_shared<telemetry::log>(config::log_settings{
                          .level = config::log_level::off})},
         .node_name = "node-1",
         .access = access,
         .checks = [] {
           return std::vector<health_check>{};
         }});
    if (opened)
      door = std::move(*opened);
    else
      ADD_FAILURE() << opened.error();
  }

  devserver::answer ask(std::string_view method, std::string_view target,
                        const devserver::field_list& fields = {}) const {
    return devserver::ask(door->port(), method, target, "", fields);
  }

  std::unique_ptr<admin> door;
};

TEST_F(an_admin_with_a_token, shows_the_console_to_everybody) {
  const auto page = ask("GET", "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("cache-control"), "no-cache");
  EXPECT_EQ(page.body, find_file(console_files(), console_index)->text);
  for (const auto& each : console_files()) {
    const auto got = ask("GET", "/console/" + std::string{each.name});
    EXPECT_EQ(got.status, 200) << each.name;
    EXPECT_EQ(got.body, each.text) << each.name;
  }
}

TEST_F(an_admin_with_a_token, sends_a_page_once) {
  const auto tag = ask("GET", "/").header("etag");
  devserver::raw_client client{door->port()};
  client.write("GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: " + tag +
               "\r\nConnection: close\r\n\r\n");
  const auto text = client.read_all();
  EXPECT_TRUE(text.starts_with("HTTP/1.1 304 Not Modified\r\n")) << text;
  EXPECT_TRUE(text.ends_with("\r\n\r\n")) << "it has a body";
  EXPECT_THAT(text, HasSubstr("ETag: " + tag));
}

TEST_F(an_admin_with_a_token, shows_nothing_else_without_it) {
  EXPECT_EQ(ask("GET", "/console/nothing.js").status, 404);
  EXPECT_EQ(ask("POST", "/").status, 405);
  for (const auto* path : {"/health", "/api/v1/openapi.json", "/console",
                           "/console/", "/console/a/b", "/nothing"})
    EXPECT_EQ(ask("GET", path).status, 401) << path;
}

} // namespace

} // namespace mfo::http
