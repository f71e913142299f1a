#include "taskflow/graph/to_dot.hpp"

#include "tests/support/child_process.hpp"
#include "tests/taskflow/graph/picture_fixture.hpp"
#include "tests/taskflow/run/builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace mfo::taskflow {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace tests;

const std::string dot = "/usr/bin/dot";

bool no_dot() {
  return !std::filesystem::exists(dot);
}

constexpr auto why_skipped = "Graphviz is not installed";

/// What `dot` makes of it, which complains of nothing.
std::string laid_out(const std::string& text, const std::string& format) {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  const auto file = ::testing::TempDir() + info->name() + ".dot";
  std::ofstream{file} << text;
  support::child_process child({dot, "-T" + format, file});
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(child.errors(), "");
  return child.output();
}

/// The first words of the lines of `dot -Tplain` that begin with `what`: of a
/// node its name, of an edge both ends.
std::multiset<std::string> words_of(const std::string& plain,
                                    const std::string& what, int words) {
  std::multiset<std::string> all;
  std::istringstream in{plain};
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(what + " "))
      continue;
    std::istringstream rest{line.substr(what.size())};
    std::string word;
    std::string found;
    for (int i = 0; i < words; ++i) {
      rest >> word;
      std::erase(word, '"');
      found += (i == 0 ? "" : " ") + word;
    }
    all.insert(found);
  }
  return all;
}

std::size_t count_of(const std::string& what, const std::string& in) {
  std::size_t count = 0;
  for (auto at = in.find(what); at != std::string::npos;
       at = in.find(what, at + what.size()))
    ++count;
  return count;
}

TEST(dot, of_everything_is_what_is_kept) {
  expect_kept(to_dot(picture_of(*everything())), "everything.dot");
}

TEST(dot, is_read_by_graphviz_with_every_task_in_it) {
  if (no_dot())
    GTEST_SKIP() << why_skipped;
  for (const auto& file : many_workflows()) {
    const auto drawn = picture_of(*file);
    const auto nodes = words_of(laid_out(to_dot(drawn), "plain"), "node", 1);
    visit_items(drawn.items, [&](const auto& item) {
      EXPECT_EQ(nodes.count(item.id), is_cluster(item.what) ? 0u : 1u)
          << item.id << " of " << file->name;
    });
  }
}

TEST(dot, is_read_by_graphviz_with_every_box_and_every_arrow_in_it) {
  if (no_dot())
    GTEST_SKIP() << why_skipped;
  const auto drawn = picture_of(*everything());
  const auto svg = laid_out(to_dot(drawn), "svg");
  std::size_t clusters = 0;
  visit_items(drawn.items, [&](const auto& item) {
    clusters += is_cluster(item.what) ? 1 : 0;
  });
  EXPECT_EQ(count_of("class=\"cluster\"", svg), clusters);
  EXPECT_EQ(count_of("class=\"edge\"", svg), drawn.edges.size())
      << "those to help the layout are not seen";
  EXPECT_THAT(svg, HasSubstr("Gr\u00f6\u00dfe"));
  EXPECT_THAT(svg, HasSubstr("&lt;it&gt;"));
}

TEST(dot, lets_no_text_end_a_label) {
  const auto text = to_dot(picture_of(*everything()));
  EXPECT_THAT(text, HasSubstr("Is this &lt;urgent&gt; &amp; "
                              "&quot;important&quot;?"));
  EXPECT_THAT(text, Not(HasSubstr("<urgent>")));
}

TEST(dot, of_ids_that_are_no_words_is_read_by_graphviz) {
  if (no_dot())
    GTEST_SKIP() << why_skipped;
  std::vector<flow> flows;
  std::vector<node> nodes;
  nodes.push_back(set("a\"b\\"));
  nodes.push_back(set("<c>").after({"a\"b\\"}));
  flows.push_back(flow_of(std::move(nodes)));
  flows.back().id = "\\N \"main\"";
  const auto drawn = picture_of(*workflow_of(std::move(flows)));
  EXPECT_EQ(words_of(laid_out(to_dot(drawn), "plain"), "node", 1).size(), 2u);
}

TEST(dot, leads_arrows_to_the_borders_of_boxes) {
  std::vector<node> nodes;
  std::vector<node> inner;
  inner.push_back(set("a"));
  inner.push_back(set("b"));
  nodes.push_back(set("before"));
  nodes.push_back(
      each_of("each", "[1]", shared(std::move(inner))).after({"before"}));
  std::vector<flow> flows;
  flows.push_back(flow_of(std::move(nodes)));
  const auto text = to_dot(picture_of(*workflow_of(std::move(flows))));
  EXPECT_THAT(text, HasSubstr("\"main/before\" -> \"main/each/:top\" "
                              "[lhead=\"clustermain/each\"]"));
  EXPECT_THAT(text, HasSubstr("\"main/each/:top\" -> \"main/a\" "
                              "[style=invis]"));
  EXPECT_THAT(text, HasSubstr("\"main/each/:top\" -> \"main/b\" "
                              "[style=invis]"));
  EXPECT_THAT(text, Not(HasSubstr(":bottom"))) << "nothing comes after it";
}

} // namespace

} // namespace mfo::taskflow
