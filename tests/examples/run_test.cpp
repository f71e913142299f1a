#include "tests/examples/fixture.hpp"

#include <algorithm>
#include <fstream>

/// Each of them run to its end by `taskflow run`, and what arrived.
namespace mfo::examples {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class an_example_run : public the_examples {
protected:
  /// `taskflow run` with the servers of node.yaml.
  [[nodiscard]] std::vector<std::string>
  run(const std::string& name, std::vector<std::string> more) const {
    std::vector<std::string> words{"taskflow", "run",
                                   file(name + "/workflow.yaml")};
    words.insert(words.end(), {"--quiet", "--config", configuration()});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  [[nodiscard]] std::string at(const std::string& name) const {
    return "@" + file(name);
  }
};

/// "…" of each, in alphabetic order: what runs at once has no order.
std::vector<std::string> sorted(const std::vector<json>& from,
                                const std::string& key) {
  std::vector<std::string> found;
  for (const auto& each : from)
    found.push_back(each.at(key).get<std::string>());
  std::sort(found.begin(), found.end());
  return found;
}

TEST_F(an_example_run, makes_a_ticket_of_an_urgent_mail) {
  const auto result =
      good(run("support_intake", {"--trigger", "mail", "--payload",
                                  at("support_intake/sample.json")}));
  EXPECT_EQ(result, (json{{"label", "bug"}, {"ticket", 4711}}));
  EXPECT_THAT(calls_of("create_ticket"),
              ElementsAre(json{{"title", "Nobody can work"},
                               {"label", "bug"},
                               {"customer", "Ada"}}));
  EXPECT_THAT(events("support.alert"),
              ElementsAre(json{{"ticket", 4711},
                               {"text", "Ada (gold): Nobody can work"}}));
  EXPECT_THAT(events("support.handled"),
              ElementsAre(json{{"from", "ada@example.com"},
                               {"label", "bug"},
                               {"way", "ticket"}}));
  EXPECT_THAT(calls_of("send_mail"), IsEmpty());
}

TEST_F(an_example_run, answers_the_question_of_a_stranger) {
  const auto result =
      good(run("support_intake", {"--trigger", "mail", "--payload",
                                  at("support_intake/question.json")}));
  EXPECT_EQ(result, (json{{"label", "question"}, {"ticket", nullptr}}));
  const auto mails = calls_of("send_mail");
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0]["to"], "grace@example.org");
  EXPECT_EQ(mails[0]["subject"], "Re: My invoice");
  EXPECT_THAT(mails[0]["text"].get<std::string>(), HasSubstr("Invoices"));
  EXPECT_EQ(events("support.handled").at(0)["way"], "answer");
  EXPECT_THAT(events("support.alert"), IsEmpty());
}

TEST_F(an_example_run, keeps_a_note_of_praise) {
  const auto result =
      good(run("support_intake", {"main", "--input",
                                  R"({"from":"a@b.example","subject":"Thanks",)"
                                  R"("text":"Well done."})"}));
  EXPECT_EQ(result["label"], "praise");
  EXPECT_EQ(memory("last_note")["subject"], "Thanks");
}

TEST_F(an_example_run, goes_on_with_no_customer_but_not_with_no_server) {
  ASSERT_TRUE(server->set_faults(
      R"({"path":"/api/memory","statuses":[403],"repeat":true})"));
  const auto ended =
      command(run("support_intake", {"--trigger", "mail", "--payload",
                                     at("support_intake/sample.json")}));
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(events("support.handled"), IsEmpty());
}

TEST_F(an_example_run, does_not_want_spam) {
  const auto ended = command(
      run("support_intake",
          {"--trigger", "mail", "--payload",
           R"({"from":"a@b.example","subject":"","text":"x","spam":true})"}));
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.errors, HasSubstr("filter"));
}

TEST_F(an_example_run, labels_an_issue_and_points_out_its_twins) {
  const auto result =
      good(run("github_triage", {"--trigger", "issues", "--payload",
                                 at("github_triage/sample.json")}));
  EXPECT_EQ(result,
            (json{{"labels", {"bug", "docs"}}, {"duplicates", {12, 31}}}));
  const auto labels = calls_of("add_label");
  EXPECT_THAT(sorted(labels, "label"), ElementsAre("bug", "docs"));
  EXPECT_EQ(labels.at(0)["token"], variables["GITHUB_TOKEN"]);
  const auto comments = calls_of("create_comment");
  ASSERT_EQ(comments.size(), 1u);
  EXPECT_EQ(comments[0]["text"], "This looks like #12, #31.");
  EXPECT_EQ(comments[0]["number"], 42);
  EXPECT_THAT(events("issue.triaged"),
              ElementsAre(json{{"repo", "example/tea"},
                               {"number", 42},
                               {"labels", {"bug", "docs"}}}));
}

TEST_F(an_example_run, tells_no_secret) {
  const auto trace = file("trace.json");
  auto words = run("github_triage", {"--trigger", "issues", "--payload",
                                     at("github_triage/sample.json"), "--trace",
                                     trace, "--verbose"});
  const auto ended = command(words);
  ASSERT_EQ(ended.status, 0) << ended.errors;
  for (const auto& text : {ended.output, ended.errors, text_of(trace)})
    EXPECT_EQ(text.find(variables["GITHUB_TOKEN"]), std::string::npos);
}

TEST_F(an_example_run, reports_the_day) {
  const auto result = good(run("nightly_report", {"report", "--input",
                                                  at("nightly_report/"
                                                     "sample.json")}));
  EXPECT_EQ(result["day"], "2026-11-24");
  EXPECT_EQ(result["mails"], 2);
  const auto mails = calls_of("send_mail");
  EXPECT_THAT(sorted(mails, "to"),
              ElementsAre("boss@example.com", "shop@example.com"));
  EXPECT_EQ(mails.at(0)["text"], result["text"]);
  EXPECT_THAT(calls_of("export_orders"),
              ElementsAre(json{{"day", "2026-11-24"}}));
  EXPECT_EQ(events("invoice.overdue").at(0)["invoice"], "1017");
  EXPECT_THAT(events("report.sent"),
              ElementsAre(json{{"day", "2026-11-24"}, {"filed", true}}));
  const auto said = memory("report:2026-11-24");
  ASSERT_EQ(said.size(), 3u) << said;
  EXPECT_THAT(said[1]["content"].get<std::string>(),
              AllOf(HasSubstr("orders of 2026-11-24"), HasSubstr("cups")));
  EXPECT_EQ(said[2]["content"], result["text"]);
}

TEST_F(an_example_run, reports_the_day_before_the_schedule) {
  const auto result = good(run(
      "nightly_report", {"--trigger", "nightly", "--payload",
                         R"({"scheduled_at":"2026-11-25T01:30:00.000Z"})"}));
  EXPECT_EQ(result["day"], "2026-11-24");
}

TEST_F(an_example_run, sends_a_report_that_cannot_be_filed) {
  ASSERT_TRUE(server->set_faults(
      R"({"path":"/api/memory","statuses":[403],"repeat":true})"));
  const auto result =
      good(run("nightly_report",
               {"report", "--input", at("nightly_report/sample.json")}));
  EXPECT_EQ(result["mails"], 2);
  EXPECT_THAT(events("report.sent"),
              ElementsAre(json{{"day", "2026-11-24"}, {"filed", false}}));
}

TEST_F(an_example_run, ranks_leads) {
  const auto result =
      good(run("fan_out_enrichment", {"--trigger", "leads", "--payload",
                                      at("fan_out_enrichment/sample.json")}));
  EXPECT_THAT(sorted(result, "domain"),
              ElementsAre("cups.example", "nobody.example", "tea.example"));
  for (const auto& each : result) {
    EXPECT_EQ(each["known"], each["domain"] != "nobody.example");
    EXPECT_EQ(each["region"], each["country"] == "AT" ? "Alps" : "Baltic");
    EXPECT_EQ(each["score"], 85);
  }
  EXPECT_THAT(sorted(events("lead.hot"), "domain"),
              ElementsAre("cups.example", "tea.example"));
  EXPECT_THAT(events("leads.enriched"),
              ElementsAre(json{{"leads", 3}, {"hot", 2}}));
  const auto scored = calls_of("score_lead");
  EXPECT_EQ(scored.size(), 3u);
  for (const auto& each : scored)
    EXPECT_EQ(each["staff"].is_null(), each["domain"] == "nobody.example");
}

TEST_F(an_example_run, reaches_nothing_but_what_the_node_allows) {
  variables["CRM_URL"] = "http://127.0.0.1:1/crm";
  const auto ended =
      command(run("fan_out_enrichment",
                  {"enrich", "--input", at("fan_out_enrichment/sample.json")}));
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(events("leads.enriched"), IsEmpty());
}

TEST_F(an_example_run, books_what_somebody_said_yes_to) {
  const auto result =
      good(run("approval", {"main", "--input", at("approval/sample.json"),
                            "--answer", "ask=yes"}));
  EXPECT_EQ(result, (json{{"entry", "E-204"}}));
  EXPECT_THAT(calls_of("book_expense"),
              ElementsAre(json{{"who", "grace@example.com"},
                               {"what", "a desk"},
                               {"amount", 480}}));
  EXPECT_THAT(
      events("expense.booked"),
      ElementsAre(json{{"who", "grace@example.com"}, {"entry", "E-204"}}));
  EXPECT_THAT(events("expense.refused"), IsEmpty());
}

TEST_F(an_example_run, books_nothing_that_nobody_said_yes_to) {
  const auto result =
      good(run("approval", {"main", "--input", at("approval/sample.json"),
                            "--answer", "ask=no"}));
  EXPECT_EQ(result, (json{{"refused", true}}));
  EXPECT_THAT(calls_of("book_expense"), IsEmpty());
  EXPECT_THAT(events("expense.refused"),
              ElementsAre(json{{"who", "grace@example.com"},
                               {"why", "Nobody said yes to a desk."}}));
}

TEST_F(an_example_run, asks_nobody_about_pencils) {
  const auto result =
      good(run("approval", {"main", "--input", at("approval/small.json")}));
  EXPECT_EQ(result, (json{{"entry", "E-204"}}));
  EXPECT_THAT(events("expense.booked").size(), 1u);
}

TEST_F(an_example_run, reminds_three_times_and_hands_over) {
  const auto result = good(
      run("payment_follow_up", {"--trigger", "failed_payments", "--payload",
                                at("payment_follow_up/sample.json")}));
  EXPECT_EQ(result, (json{{"settled", false}}));
  std::vector<std::string> texts;
  for (const auto& each : calls_of("send_mail")) {
    EXPECT_EQ(each["subject"], "Invoice 1018, 84.5 EUR");
    texts.push_back(each["text"]);
  }
  EXPECT_THAT(texts, ElementsAre("Have you overlooked our invoice?",
                                 "Our invoice is still open.",
                                 "This is our last reminder."));
  EXPECT_THAT(events("invoice.handed_over"),
              ElementsAre(json{{"invoice", "1018"},
                               {"amount", 84.5},
                               {"why", "max_iterations"}}));
}

TEST_F(an_example_run, reminds_nobody_who_has_paid) {
  const auto paid = file("paid.yaml");
  std::ofstream{paid} << "tools: {invoice_status: {paid: true}}\n";
  const auto result = good(
      {"taskflow", "run", file("payment_follow_up/workflow.yaml"), "--quiet",
       "--replies", paid, "--replies", file("payment_follow_up/replies.yaml"),
       "--input", R"({"invoice":"7","customer":"a@b.example","amount":1})"});
  EXPECT_EQ(result, (json{{"settled", true}}));
}

/// As README.md has it: with a server of the run's own, and no configuration.
TEST_F(an_example_run, needs_nothing_but_its_replies) {
  const auto alone = [this](const std::string& name,
                            std::vector<std::string> more) {
    std::vector<std::string> words{"taskflow",
                                   "run",
                                   file(name + "/workflow.yaml"),
                                   "--replies",
                                   file(name + "/replies.yaml"),
                                   "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return good(words);
  };
  EXPECT_EQ(
      alone("support_intake", {"--trigger", "mail", "--payload",
                               at("support_intake/sample.json")})["ticket"],
      4711);
  EXPECT_EQ(
      alone("github_triage", {"--trigger", "issues", "--payload",
                              at("github_triage/sample.json")})["duplicates"]
          .size(),
      2u);
  EXPECT_EQ(
      alone("nightly_report",
            {"report", "--input", at("nightly_report/sample.json")})["mails"],
      2);
  EXPECT_EQ(alone("approval", {"main", "--input", at("approval/sample.json"),
                               "--answer", "ask=yes"})["entry"],
            "E-204");
  EXPECT_EQ(alone("payment_follow_up",
                  {"--trigger", "failed_payments", "--payload",
                   at("payment_follow_up/sample.json")})["settled"],
            false);
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(an_example_run, calls_the_server_of_its_own_where_that_listens) {
  const support::reserved_port own;
  const auto url = "http://127.0.0.1:" + std::to_string(own.number()) + "/api";
  variables["CRM_URL"] = url + "/resources/crm";
  variables["GEO_URL"] = url + "/resources/geo";
  variables["SCORE_URL"] = url + "/tools/score_lead";
  const auto result =
      good({"taskflow", "run", file("fan_out_enrichment/workflow.yaml"),
            "--quiet", "--replies", file("fan_out_enrichment/replies.yaml"),
            "--listen", "127.0.0.1:" + std::to_string(own.number()), "--input",
            at("fan_out_enrichment/sample.json")});
  EXPECT_EQ(result.size(), 3u);
}

TEST_F(an_example_run, says_why_it_failed_though_it_is_quiet) {
  const auto ended =
      command(run("fan_out_enrichment", {"--input", R"({"leads": 5})"}));
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.errors, HasSubstr("input_schema"));
  EXPECT_EQ(ended.output, "");
}

TEST_F(an_example_run, takes_no_answer_for_a_task_that_is_not_there) {
  const auto ended = command(run("approval", {"--answer", "no/such=yes"}));
  EXPECT_EQ(ended.status, 64);
  EXPECT_THAT(ended.errors, HasSubstr("has no task no/such"));
  const auto dry = command({"taskflow", "run", file("approval/workflow.yaml"),
                            "--dry-run", "--result", "none=1"});
  EXPECT_EQ(dry.status, 64);
  EXPECT_THAT(dry.errors, HasSubstr("has no task none"));
}

} // namespace
} // namespace mfo::examples
