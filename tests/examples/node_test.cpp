#include "tests/examples/fixture.hpp"

#include <csignal>

/// All of them on one node: signed requests, a schedule that was told to run, a
/// question that is answered, and what arrived at the server.
namespace mfo::examples {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class a_node_with_the_examples : public the_examples {
protected:
  void SetUp() override {
    node_ = std::make_unique<child_process>(
        std::vector<std::string>{binary, "run", "--config", configuration()},
        variables);
    ASSERT_TRUE(node_->wait_for_line("node ready")) << node_->errors();
  }

  void TearDown() override {
    node_->signal(SIGTERM);
    EXPECT_EQ(node_->wait(), 0) << node_->errors();
    for (const auto& [name, value] : variables)
      if (!name.ends_with("URL"))
        EXPECT_EQ(node_->output().find(value), std::string::npos) << name;
    if (HasFailure())
      std::cerr << node_->output() << node_->errors();
  }

  /// `mfo-node send`: what it printed.
  [[nodiscard]] std::string send(const std::string& trigger,
                                 const std::string& sample) const {
    const auto ended = command({"send", "--config", configuration(),
                                "--endpoint", trigger, file(sample)});
    EXPECT_EQ(ended.status, 0) << ended.errors;
    return ended.output;
  }

  [[nodiscard]] bool comes(std::string_view type, std::size_t count = 1) const {
    return wait_until([&] { return events(type).size() >= count; });
  }

  /// The open questions of the node.
  [[nodiscard]] json questions() const {
    return good({"taskflow", "questions", "--config", configuration(),
                 "--format", "json"})["questions"];
  }

private:
  std::unique_ptr<child_process> node_;
};

TEST_F(a_node_with_the_examples, takes_a_mail) {
  EXPECT_THAT(send("support_intake/mail", "support_intake/sample.json"),
              HasSubstr("HTTP 202"));
  EXPECT_EQ(events("support.alert").at(0)["ticket"], 4711);
  EXPECT_EQ(events("support.handled").at(0)["way"], "ticket");
}

TEST_F(a_node_with_the_examples, takes_an_issue) {
  EXPECT_THAT(send("github_triage/issues", "github_triage/sample.json"),
              HasSubstr("HTTP 202"));
  ASSERT_TRUE(comes("issue.triaged"));
  EXPECT_EQ(calls_of("create_comment").at(0)["text"],
            "This looks like #12, #31.");
}

TEST_F(a_node_with_the_examples, takes_leads) {
  EXPECT_THAT(
      send("fan_out_enrichment/leads", "fan_out_enrichment/sample.json"),
      HasSubstr("HTTP 202"));
  EXPECT_THAT(events("leads.enriched"),
              ElementsAre(json{{"leads", 3}, {"hot", 2}}));
}

TEST_F(a_node_with_the_examples, takes_a_payment_that_failed) {
  EXPECT_THAT(send("payment_follow_up/failed_payments",
                   "payment_follow_up/sample.json"),
              HasSubstr("HTTP 202"));
  ASSERT_TRUE(comes("invoice.handed_over"));
  EXPECT_EQ(events("invoice.handed_over").at(0)["invoice"], "1018");
}

TEST_F(a_node_with_the_examples, asks_about_an_expense) {
  EXPECT_THAT(send("approval/expenses", "approval/sample.json"),
              HasSubstr("HTTP 202"));
  json open;
  ASSERT_TRUE(wait_until([&] {
    open = questions();
    return open.size() == 1;
  }));
  EXPECT_EQ(open[0]["question"],
            "Book 480 EUR of grace@example.com for a desk?");
  const auto id = open[0]["id"].get<std::string>();
  const auto wrong = command(
      {"taskflow", "answer", id, "perhaps", "--config", configuration()});
  EXPECT_EQ(wrong.status, 1);
  const auto answered =
      command({"taskflow", "answer", id, "yes", "--config", configuration()});
  EXPECT_EQ(answered.status, 0) << answered.errors;
  ASSERT_TRUE(comes("expense.booked"));
  EXPECT_EQ(events("expense.booked").at(0)["entry"], "E-204");
}

TEST_F(a_node_with_the_examples, hands_the_reports_invoices_to_the_next) {
  const auto result = good({"taskflow", "start", "nightly_report", "report",
                            "--input", "@" + file("nightly_report/sample.json"),
                            "--wait", "--config", configuration()});
  EXPECT_EQ(result["mails"], 2);
  EXPECT_EQ(events("report.sent").size(), 1u);
  ASSERT_TRUE(comes("invoice.handed_over"));
  EXPECT_EQ(events("invoice.handed_over").at(0)["invoice"], "1017");
}

TEST_F(a_node_with_the_examples, takes_all_of_them_at_once) {
  for (const auto& [trigger, sample] :
       {std::pair{"support_intake/mail", "support_intake/sample.json"},
        std::pair{"github_triage/issues", "github_triage/sample.json"},
        std::pair{"fan_out_enrichment/leads", "fan_out_enrichment/sample.json"},
        std::pair{"approval/expenses", "approval/small.json"},
        std::pair{"payment_follow_up/failed_payments",
                  "payment_follow_up/sample.json"}})
    EXPECT_THAT(send(trigger, sample), HasSubstr("HTTP 202")) << trigger;
  for (const auto* type : {"support.handled", "issue.triaged", "leads.enriched",
                           "expense.booked", "invoice.handed_over"})
    EXPECT_TRUE(comes(type)) << type;
}

TEST_F(a_node_with_the_examples, refuses_a_mail_of_the_wrong_shape) {
  const auto ended =
      command({"send", "--config", configuration(), "--endpoint",
               "support_intake/mail", "-d", R"({"from":"nobody"})"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.output, HasSubstr("HTTP 422"));
}

} // namespace
} // namespace mfo::examples
