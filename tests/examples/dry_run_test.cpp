#include "tests/examples/fixture.hpp"

/// Each of them in a dry run: what would be called, and nothing that is.
namespace mfo::examples {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class a_dry_run : public the_examples {
protected:
  [[nodiscard]] std::string dry(const std::string& name,
                                std::vector<std::string> more) {
    std::vector<std::string> words{"taskflow", "run",
                                   file(name + "/workflow.yaml"), "--dry-run"};
    words.insert(words.end(), more.begin(), more.end());
    const auto ended = command(words);
    EXPECT_EQ(ended.status, 0) << ended.errors << ended.output;
    EXPECT_EQ(server->count(), 0u);
    EXPECT_THAT(calls_of("send_mail"), IsEmpty());
    for (const auto& [variable, value] : variables)
      if (!variable.ends_with("URL"))
        EXPECT_EQ(ended.output.find(value), std::string::npos) << variable;
    return ended.output;
  }

  [[nodiscard]] std::string at(const std::string& name) const {
    return "@" + file(name);
  }
};

TEST_F(a_dry_run, shows_what_becomes_of_a_mail) {
  const auto shown =
      dry("support_intake",
          {"--trigger", "mail", "--payload", at("support_intake/sample.json"),
           "--result", R"(customer/tasks/known={"name":"Ada","plan":"gold"})",
           "--result",
           R"(classify={"content":"{\"label\":\"bug\",\"urgent\":true}"})",
           "--result", R"(ticket={"number":1})"});
  EXPECT_THAT(shown, HasSubstr("customer/tasks/known  GET "
                               "/api/memory/customer"));
  EXPECT_THAT(shown, HasSubstr("ticket  POST /api/tools/create_ticket"));
  EXPECT_THAT(shown, HasSubstr("alert  event support.alert"));
}

TEST_F(a_dry_run, shows_what_becomes_of_an_issue) {
  const auto shown =
      dry("github_triage",
          {"--trigger", "issues", "--payload", at("github_triage/sample.json"),
           "--result", R"(look/labels/suggest={"content":"[\"bug\"]"})",
           "--result", "look/duplicates/search=[]"});
  EXPECT_THAT(shown, HasSubstr("label/each[0]/add  POST /api/tools/add_label"));
  EXPECT_THAT(shown, HasSubstr(R"("token":"***")"));
  EXPECT_THAT(shown, HasSubstr("Thank you, @octocat!"));
}

TEST_F(a_dry_run, shows_the_report) {
  const auto shown =
      dry("nightly_report",
          {"report", "--input", at("nightly_report/sample.json"), "--result",
           R"(plan={"content":{"recipients":["a@b.example"]}})", "--result",
           R"(export={"job_id":"j"})", "--result",
           R"(orders={"state":"succeeded","result":)"
           R"({"lines":[],"overdue":[{"invoice":"1"}]}})",
           "--result", R"(summary={"content":"well","thread_id":"t"})",
           "--result", R"(file/words={"messages":[]})"});
  EXPECT_THAT(shown, HasSubstr("GET /api/resources/reports/nightly"));
  EXPECT_THAT(shown, HasSubstr("overdue/each[0]/tell  event invoice.overdue"));
  EXPECT_THAT(shown, HasSubstr("done  event report.sent"));
}

TEST_F(a_dry_run, shows_what_is_looked_up) {
  const auto shown = dry(
      "fan_out_enrichment",
      {"enrich", "--input", at("fan_out_enrichment/sample.json"), "--result",
       R"(companies/each/profile={"status":404,"body":{}})", "--result",
       R"(companies/each/place/north/ask_north={"body":{"region":"r"}})",
       "--result",
       R"(companies/each/place/south/ask_south={"body":{"region":"r"}})",
       "--result", R"(companies/each/score={"body":{"result":1}})"});
  EXPECT_THAT(shown, HasSubstr("/companies/tea.example"));
  EXPECT_THAT(shown, HasSubstr(R"("hot":0)"));
}

TEST_F(a_dry_run, shows_what_is_asked) {
  const auto shown =
      dry("approval", {"main", "--input", at("approval/sample.json"),
                       "--result", R"(ask="no")"});
  EXPECT_THAT(shown, HasSubstr("ask  asks: Book 480 EUR of grace@example.com "
                               "for a desk?  (yes / no)"));
  EXPECT_THAT(shown, HasSubstr("tell_no  event expense.refused"));
}

TEST_F(a_dry_run, does_not_wait_for_days) {
  const auto shown = dry(
      "payment_follow_up",
      {"follow_up", "--input",
       R"({"invoice":"7","customer":"a@b.example","amount":1,"pause":"6h"})",
       "--result", R"(chase/tasks/reminders/turn/look={"paid":false})"});
  EXPECT_THAT(shown, HasSubstr("turn[2]/remind"));
  EXPECT_THAT(shown, HasSubstr("hand_over  event invoice.handed_over"));
}

} // namespace
} // namespace mfo::examples
