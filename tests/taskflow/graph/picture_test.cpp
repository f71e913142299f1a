#include "taskflow/graph/picture.hpp"

#include "tests/taskflow/graph/picture_fixture.hpp"
#include "tests/taskflow/run/builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace mfo::taskflow {

namespace {

using kind = picture::kind;
using arrow = picture::arrow;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace tests;

std::map<std::string, picture::item> items_by_id(const picture& of) {
  std::map<std::string, picture::item> all;
  visit_items(of.items, [&](const auto& item) {
    EXPECT_TRUE(all.emplace(item.id, item).second) << item.id << " twice";
  });
  return all;
}

/// "route -> file, .urgent", of one taskflow.
std::vector<std::string> arrows_of(const picture& of, arrow what) {
  std::vector<std::string> all;
  const auto short_id = [](const std::string& id) {
    return id.substr(id.find('/') + 1);
  };
  for (const auto& edge : of.edges)
    if (edge.what == what) {
      all.push_back(short_id(edge.from) + " -> " + short_id(edge.to));
      for (const auto& label : edge.labels)
        all.back() += ", " + label;
    }
  return all;
}

picture picture_of_nodes(std::vector<node> nodes) {
  std::vector<flow> flows;
  flows.push_back(flow_of(std::move(nodes)));
  return picture_of(*workflow_of(std::move(flows)));
}

picture::item item_of(const picture& of, const std::string& id) {
  const auto all = items_by_id(of);
  const auto found = all.find(id);
  if (found != all.end())
    return found->second;
  ADD_FAILURE() << "no " << id;
  return {};
}

picture::item item_of(node of) {
  const auto id = "main/" + of.made.id;
  std::vector<node> nodes;
  nodes.push_back(std::move(of));
  return item_of(picture_of_nodes(std::move(nodes)), id);
}

std::vector<node> list_of(node a, node b) {
  std::vector<node> nodes;
  nodes.push_back(std::move(a));
  nodes.push_back(std::move(b));
  return nodes;
}

TEST(picture, has_every_task_and_every_arrow) {
  for (const auto& file : many_workflows()) {
    const auto drawn = picture_of(*file);
    const auto items = items_by_id(drawn);
    std::set<std::pair<std::string, std::string>> arrows;
    for (const auto& edge : drawn.edges) {
      EXPECT_TRUE(items.contains(edge.from)) << edge.from;
      EXPECT_TRUE(items.contains(edge.to)) << edge.to;
      arrows.emplace(edge.from, edge.to);
    }
    for (const auto& each : file->triggers)
      EXPECT_TRUE(
          arrows.contains({":" + each.id, file->taskflows[each.taskflow].id}))
          << each.id;
    for (const auto& flow : file->taskflows)
      visit_tasks(flow.body, [&](const block& in, const task& of) {
        const auto id = flow.id + "/" + of.id;
        EXPECT_TRUE(items.contains(id)) << id;
        for (const auto before : of.waits_for)
          EXPECT_TRUE(
              arrows.contains({flow.id + "/" + in.tasks[before].id, id}))
              << in.tasks[before].id << " before " << id;
      });
  }
}

TEST(picture, tells_how_a_condition_selects) {
  const auto drawn = picture_of(*everything(), 0);
  EXPECT_THAT(
      arrows_of(drawn, arrow::selects),
      ElementsAre("route -> file, .label == \"bug\" and $input.n < 3, .urgent",
                  "route -> page, .urgent", "route -> note, else"));
}

TEST(picture, tells_the_outcomes_that_a_task_waits_for) {
  const auto waits = arrows_of(picture_of(*everything(), 0), arrow::waits);
  EXPECT_THAT(waits, Contains("classify -> route"));
  EXPECT_THAT(waits, Contains("classify -> file")) << "it reads its result";
  EXPECT_THAT(waits, Contains("file -> ask, Failed || Errored"));
  EXPECT_THAT(waits, Contains("page -> ask, Failed"));
  EXPECT_THAT(waits, Contains("note -> rest, not Succeeded, not Skipped"));
  EXPECT_THAT(waits, Not(Contains("route -> file")))
      << "that the condition selects it says so";
}

TEST(picture, tells_an_outcome_of_a_condition_besides_what_it_selects) {
  auto nodes = list_of(condition("c", {{"true", {"a"}}}),
                       set("a").depends("c.Skipped || c"));
  const auto drawn = picture_of_nodes(std::move(nodes));
  EXPECT_THAT(arrows_of(drawn, arrow::selects), ElementsAre("c -> a, true"));
  EXPECT_THAT(arrows_of(drawn, arrow::waits), IsEmpty());
  nodes =
      list_of(condition("c", {{"true", {"a"}}}), set("a").depends("c.Failed"));
  EXPECT_THAT(arrows_of(picture_of_nodes(std::move(nodes)), arrow::waits),
              ElementsAre("c -> a, Failed"));
}

TEST(picture, says_ended_where_any_outcome_will_do) {
  auto nodes = list_of(set("a"), set("b").depends("a || !a"));
  EXPECT_THAT(arrows_of(picture_of_nodes(std::move(nodes)), arrow::waits),
              ElementsAre("a -> b, ended"));
}

TEST(picture, has_what_a_task_says_of_itself) {
  const auto drawn = picture_of(*everything());
  const auto classify = item_of(drawn, "main/classify");
  EXPECT_EQ(classify.what, kind::chat);
  EXPECT_EQ(classify.title, "classify");
  EXPECT_EQ(classify.type, "mfo_api_chat_send");
  EXPECT_THAT(
      classify.notes,
      ElementsAre("\u201cIs this <urgent> & \"important\"? 100% $o\u2026"
                  "\u201d",
                  "high priority", "up to 5 tries", "timeout 30s",
                  "gives CONTEXT.class"));
  EXPECT_THAT(item_of(drawn, "main/each").notes,
              ElementsAre("after file.Succeeded || note.Succeeded"));
  EXPECT_THAT(item_of(drawn, "main/both").notes,
              ElementsAre("when INPUT.both"));
  EXPECT_THAT(item_of(drawn, "main/tell").notes, ElementsAre("runs notify"));
}

TEST(picture, does_not_show_what_an_address_asks) {
  EXPECT_THAT(item_of(picture_of(*everything()), "main/page").notes,
              ElementsAre("POST https://pager.example.com/page"));
}

TEST(picture, has_blocks_inside_their_tasks) {
  const auto drawn = picture_of(*everything());
  EXPECT_EQ(item_of(drawn, "main/each").type,
            "for each of .items | map(.id), 3 at a time");
  EXPECT_EQ(item_of(drawn, "main/each").inside.size(), 3u);
  EXPECT_EQ(item_of(drawn, "main/poll").type,
            "at most 10 times, until job.result.done");
  const auto both = item_of(drawn, "main/both");
  ASSERT_EQ(both.inside.size(), 2u);
  EXPECT_EQ(both.inside[0].title, "branch fast");
  EXPECT_EQ(both.inside[1].inside.at(0).id, "main/attempt");
  const auto attempt = item_of(drawn, "main/attempt");
  ASSERT_EQ(attempt.inside.size(), 2u);
  EXPECT_EQ(attempt.inside[1].title, "catch");
  EXPECT_THAT(arrows_of(drawn, arrow::fails),
              ElementsAre("attempt/tasks -> attempt/catch, failed"));
}

TEST(picture, has_triggers_with_what_they_wait_for) {
  const auto drawn = picture_of(*everything());
  EXPECT_THAT(
      item_of(drawn, ":gh").notes,
      ElementsAre("POST /hooks/gh",
                  "if .payload.action == \"opened\" and (.paylo\u2026"));
  const auto nightly = item_of(drawn, ":nightly");
  EXPECT_TRUE(nightly.off);
  EXPECT_EQ(nightly.type, "schedule, off");
  EXPECT_THAT(nightly.notes, ElementsAre("0 3 * * 1-5", "Europe/Berlin"));
  EXPECT_THAT(item_of(drawn, ":heard").notes,
              ElementsAre("ticket.done", "email.**"));
}

TEST(picture, of_one_taskflow_has_its_triggers_and_what_it_runs) {
  const auto file = everything();
  const auto main = items_by_id(picture_of(*file, 0));
  EXPECT_TRUE(main.contains(":gh"));
  EXPECT_FALSE(main.contains(":by_hand"));
  EXPECT_TRUE(main.contains("notify/mail"));
  const auto notify = items_by_id(picture_of(*file, 1));
  EXPECT_TRUE(notify.contains(":by_hand"));
  EXPECT_FALSE(notify.contains("main"));
}

TEST(picture, has_a_taskflow_once_however_often_it_is_run) {
  std::vector<flow> flows;
  flows.push_back(flow_of(list_of(subflow("a", 1), subflow("b", 1))));
  std::vector<node> again;
  again.push_back(subflow("back", 0));
  again.push_back(subflow("itself", 1));
  flows.push_back(flow_of(std::move(again)));
  flows.back().id = "other";
  const auto drawn = picture_of(*workflow_of(std::move(flows)), 0);
  EXPECT_EQ(drawn.items.size(), 2u);
  EXPECT_THAT(
      arrows_of(drawn, arrow::runs),
      ElementsAre("a -> other, runs", "b -> other, runs", "back -> main, runs"))
      << "and no arrow into the box it comes from";
}

TEST(picture, is_of_short_lines_without_control_characters) {
  const std::string nasty(200, 'x');
  const auto item =
      item_of(raise("r", "\"a\\u001b[31m\\nb\\u0085" + nasty + '"'));
  ASSERT_EQ(item.notes.size(), 1u);
  EXPECT_EQ(item.notes[0], "a [31m b?" + std::string(30, 'x') + "\u2026");
}

} // namespace

} // namespace mfo::taskflow
