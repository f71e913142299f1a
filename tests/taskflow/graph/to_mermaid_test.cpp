#include "taskflow/graph/to_mermaid.hpp"

#include "tests/taskflow/graph/picture_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

using ::testing::HasSubstr;
using namespace tests;

TEST(mermaid, of_everything_is_what_is_kept) {
  expect_kept(to_mermaid(picture_of(*everything())), "everything.mmd");
}

TEST(mermaid, has_every_task_and_closes_every_box) {
  for (const auto& file : many_workflows()) {
    const auto drawn = picture_of(*file);
    const auto text = to_mermaid(drawn);
    std::size_t clusters = 0;
    visit_items(drawn.items, [&](const auto& item) {
      clusters += is_cluster(item.what) ? 1 : 0;
      EXPECT_THAT(text, HasSubstr("<b>" + item.title + "</b>"));
    });
    std::size_t begun = 0;
    std::size_t ended = 0;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) {
      line.erase(0, line.find_first_not_of(' '));
      begun += line.starts_with("subgraph ") ? 1 : 0;
      ended += line == "end" ? 1 : 0;
    }
    EXPECT_EQ(begun, clusters);
    EXPECT_EQ(ended, clusters);
  }
}

TEST(mermaid, lets_no_text_mean_anything) {
  picture drawn{.title = "t", .items = {}, .edges = {}};
  drawn.items.push_back({.id = "end",
                         .what = picture::kind::value,
                         .title = "a\"b#c;",
                         .type = "<i>&amp;`%%{init}%%`",
                         .notes = {"$$x$$ | [y]"},
                         .inside = {}});
  drawn.edges.push_back(
      {"end", "end", picture::arrow::selects, {"\"|x", "else"}});
  const auto text = to_mermaid(drawn);
  EXPECT_EQ(text.substr(text.find("flowchart TB")),
            "flowchart TB\n"
            "  n0[\"<b>a#quot;b#35;c#59;</b>"
            "<br/>#60;i#62;#38;amp#59;#96;#37;#37;#123;init#125;#37;#37;#96;"
            "<br/><small>#36;#36;x#36;#36; #124; #91;y#93;</small>\"]:::plain\n"
            "  n0 -.->|\"#quot;#124;x<br/>or else\"| n0\n"
            "  classDef plain fill:#f2f2f2,stroke:#666666,color:#000\n");
}

} // namespace

} // namespace mfo::taskflow
