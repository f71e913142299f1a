// The rules about what is asked: names, servers, proxies, sinks, the outside.

#include "node/doctor/rules/answered.hpp"
#include "node/doctor/rules/names.hpp"
#include "node/doctor/rules/probed.hpp"
#include "node/doctor/rules/reached.hpp"
#include "node/doctor/rules/sinks.hpp"
#include "node/doctor/rules/unloaded.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::node::doctor {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using testing::HasSubstr;

constexpr sys_seconds today = sys_days{std::chrono::days{20'000}};

name_seen name_with(const lookup_seen& first, const lookup_seen& second) {
  return {"servers.default", "mfo.example.com", first, second};
}

TEST(a_name, is_good_when_it_is_found_at_once_and_twice_the_same) {
  const lookup_seen found{.addresses = {"192.0.2.1", "192.0.2.2"}, .took = 3ms};
  EXPECT_EQ(judge_name(name_with(found, found)).how, verdict::ok);
}

TEST(a_name, that_is_not_found_fails) {
  const lookup_seen none{.error = "Name or service not known"};
  const auto found = judge_name(name_with(none, none));
  EXPECT_EQ(found.how, verdict::failed);
  EXPECT_THAT(found.text, HasSubstr("not known"));
}

TEST(a_name, that_nobody_answers_for_fails) {
  const lookup_seen late{.late = true, .took = 5s};
  EXPECT_THAT(judge_name(name_with(late, late)).remedy,
              HasSubstr("resolv.conf"));
}

TEST(a_name, that_is_found_slowly_or_elsewhere_is_to_be_looked_at) {
  const lookup_seen slow{.addresses = {"192.0.2.1"}, .took = 1200ms};
  const lookup_seen quick{.addresses = {"192.0.2.1"}, .took = 1ms};
  const lookup_seen other{.addresses = {"192.0.2.9"}, .took = 1ms};
  EXPECT_EQ(judge_name(name_with(slow, quick)).how, verdict::warning);
  const auto differing = judge_name(name_with(quick, other));
  EXPECT_EQ(differing.how, verdict::warning);
  EXPECT_THAT(differing.text, HasSubstr("192.0.2.1 and then 192.0.2.9"));
}

finding reached(const reach_seen& seen) {
  return judge_reach("servers.default", "https://mfo.example.com", "", seen,
                     today);
}

TEST(a_server, is_good_when_it_is_reached_and_its_certificate_lives_on) {
  EXPECT_EQ(reached({}).how, verdict::ok);
  EXPECT_EQ(
      reached({.certificate = certificate_life{today - 24h, today + 24h * 60}})
          .how,
      verdict::ok);
}

TEST(a_server, whose_certificate_ends_soon_is_to_be_looked_at) {
  const auto found =
      reached({.certificate = certificate_life{today - 24h, today + 24h * 13}});
  EXPECT_EQ(found.how, verdict::warning);
  EXPECT_THAT(found.text, HasSubstr("in 13 days"));
}

TEST(a_certificate, that_has_ended_or_not_begun_fails) {
  const auto judged = [](sys_seconds begins, sys_seconds ends) {
    return judge_life("tls", "the certificate", {begins, ends}, today, "renew")
        .how;
  };
  EXPECT_EQ(judged(today - 48h, today), verdict::failed);
  EXPECT_EQ(judged(today + 1s, today + 24h * 60), verdict::failed);
}

TEST(a_server, that_is_not_reached_fails_with_the_remedy_for_the_place) {
  const auto remedy = [](reach_stage at, const char* error) {
    const auto found = reached({.stopped_at = at, .error = error});
    EXPECT_EQ(found.how, verdict::failed);
    return found.remedy;
  };
  EXPECT_THAT(remedy(reach_stage::name, "not known"), HasSubstr("`dns`"));
  EXPECT_THAT(remedy(reach_stage::connect, "refused"),
              HasSubstr("start the server"));
  EXPECT_THAT(remedy(reach_stage::tunnel, "403"), HasSubstr("`proxy`"));
  EXPECT_THAT(remedy(reach_stage::tls, "TLS: certificate has expired"),
              HasSubstr("renewed"));
  EXPECT_THAT(remedy(reach_stage::tls, "TLS: hostname mismatch"),
              HasSubstr("servers.default.url"));
  EXPECT_THAT(remedy(reach_stage::tls, "TLS: self-signed certificate"),
              HasSubstr("tls.ca_file"));
}

TEST(a_proxy, is_judged_by_the_way_up_to_its_tunnel) {
  const auto judged = [](const reach_seen& seen) {
    return judge_proxy("servers.default", "proxy:3128", "https://mfo", seen);
  };
  EXPECT_EQ(judged({}).how, verdict::ok);
  EXPECT_EQ(judged({.stopped_at = reach_stage::tls}).how, verdict::ok);
  EXPECT_EQ(judged({.stopped_at = reach_stage::connect}).how, verdict::failed);
  EXPECT_THAT(
      judged({.stopped_at = reach_stage::tunnel, .proxy_status = 407}).remedy,
      HasSubstr("user:password"));
  EXPECT_THAT(
      judged({.stopped_at = reach_stage::tunnel, .proxy_status = 403}).remedy,
      HasSubstr("CONNECT"));
}

TEST(an_answer, tells_whether_the_node_is_let_in) {
  const auto judged = [](int status, bool has_credentials = true) {
    return judge_answer({.subject = "servers.default",
                         .has_credentials = has_credentials,
                         .status = status,
                         .asked = "GET /api/tools"});
  };
  EXPECT_EQ(judged(200).how, verdict::ok);
  EXPECT_EQ(judged(404).how, verdict::ok);
  EXPECT_EQ(judged(429).how, verdict::warning);
  EXPECT_EQ(judged(500).how, verdict::failed);
  EXPECT_EQ(judged(0).how, verdict::failed);
  EXPECT_THAT(judged(401).text, HasSubstr("refuses the credentials"));
  EXPECT_THAT(judged(403).remedy, HasSubstr("servers.default.auth"));
  EXPECT_THAT(judged(401, false).text, HasSubstr("asks for credentials"));
}

TEST(a_folder, is_good_when_letters_can_be_put_there) {
  folder_seen seen{"dead_letters.disk", "/var/letters", true, true, true};
  EXPECT_EQ(judge_folder(seen).how, verdict::ok);
  seen.writable = false;
  EXPECT_EQ(judge_folder(seen).how, verdict::failed);
  EXPECT_EQ(judge_folder({"d", "/x", false, false, true}).how, verdict::ok);
  EXPECT_EQ(judge_folder({"d", "/x", false, false, false}).how,
            verdict::failed);
  EXPECT_EQ(judge_folder({"d", "/x", true, false, true}).how, verdict::failed);
}

const signatures::probe_identity this_process{"node-1", "aa"};

finding probed(int status,
               std::optional<signatures::probe_identity> who = std::nullopt,
               bool shared = false) {
  return judge_probe({.subject = "endpoints.shop",
                      .url = "https://hooks.example.com/shop",
                      .status = status,
                      .error = status == 0 ? "connection refused" : "",
                      .who = std::move(who)},
                     this_process, shared);
}

TEST(a_probe, is_good_when_this_very_process_answers) {
  EXPECT_EQ(probed(200, this_process).how, verdict::ok);
}

TEST(a_probe, that_another_answers_fails_unless_it_is_a_peer) {
  const signatures::probe_identity other{"node-2", "bb"};
  EXPECT_THAT(probed(200, other).text, HasSubstr("another node, node-2"));
  EXPECT_EQ(probed(200, other).how, verdict::failed);
  EXPECT_EQ(probed(200, other, true).how, verdict::ok);
  const signatures::probe_identity namesake{"node-1", "bb"};
  EXPECT_EQ(probed(200, namesake, true).how, verdict::failed);
}

TEST(a_probe, that_nobody_with_the_secret_answers_fails_with_what_that_means) {
  for (const int status :
       {0, 200, 301, 400, 401, 403, 404, 405, 418, 429, 500, 502, 503, 504})
    EXPECT_EQ(probed(status).how, verdict::failed) << status;
  EXPECT_THAT(probed(0).text, HasSubstr("connection refused"));
  EXPECT_THAT(probed(200).text, HasSubstr("does not have"));
  EXPECT_THAT(probed(401).remedy, HasSubstr("same secret"));
  EXPECT_THAT(probed(502).text, HasSubstr("does not reach the node"));
}

TEST(a_configuration, that_is_not_loaded_has_a_finding_for_each_problem) {
  const auto found =
      judge_unloaded("node.yaml:3:1: webhook_secret: variable HOOK is not set\n"
                     "node.yaml:4:1: listen: expected host:port\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_THAT(found[0].remedy, HasSubstr("set that variable"));
  EXPECT_THAT(found[1].remedy, HasSubstr("correct it there"));
}

} // namespace
} // namespace mfo::node::doctor
