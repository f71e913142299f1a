#include "tests/examples/fixture.hpp"

#include <fstream>

/// What the README tells a newcomer to write and to type, taken from there.
namespace mfo::examples {
namespace {

using testing::HasSubstr;

class the_readme : public testing::Test {
protected:
  the_readme() {
    folder_.write("greet.yaml", between("```yaml\nworkflow_name: greet\n",
                                        "```\n", "```yaml\n"));
  }

  /// From `begin` to the next `end`, without `mark`, which it begins with.
  [[nodiscard]] std::string between(std::string_view begin,
                                    std::string_view end,
                                    std::string_view mark) const {
    const auto from = text_.find(begin);
    if (from == std::string::npos) {
      ADD_FAILURE() << "the README has no " << begin;
      return {};
    }
    const auto start = from + mark.size();
    return text_.substr(start, text_.find(end, start) - start);
  }

  /// Runs what is typed, in a folder of its own, to the end or the first that
  /// fails.
  [[nodiscard]] ending type(const std::string& typed) const {
    const auto script = "cd '" + (folder_ / "") + "'\n" + typed;
    const auto folder = std::string{binary};
    child_process shell{
        {"/bin/bash", "-euo", "pipefail", "-c", script},
        {{"PATH", folder.substr(0, folder.rfind('/')) + ":/usr/bin:/bin"}}};
    const auto status = shell.wait();
    return {status.value_or(-1), shell.output(), shell.errors()};
  }

  [[nodiscard]] std::string made(std::string_view name) const {
    return text_of(folder_ / name);
  }

private:
  std::string text_ = text_of(MFO_SOURCE_DIR "/README.md");
  support::temporary_folder folder_;
};

TEST_F(the_readme, has_a_first_taskflow_that_works_as_it_is_typed) {
  const auto ended = type(between("    export GREET_SECRET", "\n\n", "    "));
  ASSERT_EQ(ended.status, 0) << ended.errors << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("greet.yaml: good"));
  EXPECT_THAT(ended.output, HasSubstr("event greet.short to server default"));
  EXPECT_THAT(ended.output, HasSubstr(R"("shout": "ANN")"));
  EXPECT_TRUE(json::accept(made("trace.json")));
}

TEST_F(the_readme, shows_the_picture_of_its_first_taskflow) {
  ASSERT_EQ(
      type("mfo-node taskflow graph greet.yaml --format dot -o dot").status, 0);
  const auto shown = text_of(MFO_SOURCE_DIR "/docs/pictures/greet.svg");
  for (const std::string name :
       {"hook", "main", "shout", "greet", "keep", "route", "short", "long"}) {
    EXPECT_THAT(shown, HasSubstr(">" + name + "<"));
    EXPECT_THAT(made("dot"), HasSubstr(name));
  }
}

} // namespace
} // namespace mfo::examples
