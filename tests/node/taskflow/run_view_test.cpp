#include "node/taskflow/run_view.hpp"

#include "taskflow/outcome.hpp"
#include "telemetry/run_book.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mfo::node {

namespace {

using nlohmann::json;
using testing::HasSubstr;

const json failed = json::parse(R"({
  "id":"run-1","workflow":"intake","taskflow":"main","trigger":"gh",
  "event_id":"event-1","started_at":"2026-11-24T07:53:48.001Z",
  "state":"ended","duration_ms":1500.25,"outcome":"Failed",
  "error":{"code":"raised","message":"no stock","task":"check"},
  "tasks_total":3,"tasks_left_out":1,
  "tasks":[
    {"path":"read","type":"set","began_ms":0.004,"state":"ended",
     "duration_ms":2.5,"outcome":"Succeeded","attempts":1},
    {"path":"check","type":"raise","began_ms":12.0,"state":"running",
     "attempts":2}]})");

TEST(a_list_of_runs, has_a_line_for_each) {
  auto second = failed;
  second["id"] = "run-2";
  for (const auto* gone : {"duration_ms", "outcome", "error"})
    second.erase(gone);
  second["state"] = "running";
  EXPECT_EQ(run_list({{"runs", {second, failed}}}),
            "ID     STARTED                   WORKFLOW  TASKFLOW  TRIGGER  "
            "STATE    TOOK  TASKS  ERROR\n"
            "run-2  2026-11-24T07:53:48.001Z  intake    main      gh       "
            "running  -     3      -\n"
            "run-1  2026-11-24T07:53:48.001Z  intake    main      gh       "
            "Failed   1.5s  3      raised\n");
}

TEST(a_list_of_runs, says_that_there_are_none) {
  EXPECT_EQ(run_list({{"runs", json::array()}}), "no runs\n");
}

TEST(a_run, is_shown_with_its_tasks) {
  EXPECT_EQ(run_in_full(failed),
            "run       run-1\n"
            "taskflow  intake/main\n"
            "trigger   gh\n"
            "event     event-1\n"
            "started   2026-11-24T07:53:48.001Z\n"
            "state     Failed\n"
            "took      1.5s\n"
            "error     raised in check: no stock\n"
            "\n"
            "AT    TOOK  TASK   TYPE   STATE      TRIES  ERROR\n"
            "0ms   2ms   read   set    Succeeded  1      \n"
            "12ms  -     check  raise  running    2      \n"
            "and 1 more\n");
}

TEST(a_list_of_questions, has_a_line_for_each) {
  const auto reply = json::parse(R"({"questions":[
    {"id":"0f","workflow":"intake","taskflow":"main","task":"confirm",
     "asked_at":"A","until":"B","choices":["yes","no"],"question":"Sure?"},
    {"id":"1f","workflow":"intake","taskflow":"main","task":"ask",
     "asked_at":"A","choices":[],"question":"Which?"}]})");
  EXPECT_EQ(question_list(reply),
            "ID  TASKFLOW     TASK     ASKED  UNTIL  CHOICES   QUESTION\n"
            "0f  intake/main  confirm  A      B      yes | no  Sure?\n"
            "1f  intake/main  ask      A      -      -         Which?\n");
  EXPECT_EQ(question_list(json::object()), "no questions\n");
}

TEST(what_a_node_says, is_shown_whatever_it_is) {
  for (const auto& strange :
       {json(1), json::array(), json::object(), json({{"runs", 1}}),
        json({{"runs", {1, nullptr, {{"id", {1}}, {"duration_ms", "x"}}}}})}) {
    EXPECT_FALSE(run_list(strange).empty());
    EXPECT_FALSE(run_in_full(strange).empty());
    EXPECT_FALSE(question_list(strange).empty());
  }
  auto hostile = failed;
  hostile["error"]["message"] = "\x1b[2Jgone";
  EXPECT_THAT(run_in_full(hostile), HasSubstr("?[2Jgone"));
}

TEST(the_outcomes_of_runs, are_those_of_the_engine) {
  using enum taskflow::task_outcome;
  EXPECT_THAT(telemetry::run_outcomes,
              testing::ElementsAre(
                  to_string(succeeded), to_string(failed), to_string(errored),
                  to_string(taskflow::task_outcome::cancelled)));
}

} // namespace

} // namespace mfo::node
