// What `mfo-node completion` prints, run by the shells, and held to what each
// command says of itself by `--help`.

#include "tests/integration/fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <regex>
#include <sstream>
#include <utility>

namespace mfo::integration {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using strings = std::vector<std::string>;

std::string run(const strings& arguments) {
  child_process command{arguments};
  EXPECT_EQ(command.wait(), 0)
      << testing::PrintToString(arguments) << command.errors();
  return command.output();
}

std::string node(strings arguments) {
  arguments.insert(arguments.begin(), binary);
  return run(arguments);
}

strings lines_of(const std::string& text) {
  strings lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

/// A command with what its `--help` lists.
struct helped_command {
  strings path;
  strings commands;
  strings options;
};

helped_command help_of(const strings& path) {
  static const std::regex option{R"((?:^|[ ,])(--?[a-z][a-z-]*))"};
  auto arguments = path;
  arguments.emplace_back("--help");
  helped_command result{path, {}, {}};
  std::string part;
  for (const auto& line : lines_of(node(arguments))) {
    if (line.ends_with(':') && !line.starts_with(' '))
      part = line;
    else if (part == "Subcommands:" && line.starts_with("  ") && line[2] != ' ')
      result.commands.push_back(line.substr(2, line.find(' ', 2) - 2));
    else if (part == "Options:" && line.starts_with("  -")) {
      const auto words = line.substr(2, line.find(' ', 2) - 2);
      for (std::sregex_iterator each{words.begin(), words.end(), option}, end;
           each != end; ++each)
        result.options.push_back((*each)[1]);
    }
  }
  return result;
}

void add_all(std::vector<helped_command>& to, const strings& path) {
  const auto command = help_of(path);
  to.push_back(command);
  for (const auto& each : command.commands) {
    auto deeper = path;
    deeper.push_back(each);
    add_all(to, deeper);
  }
}

const std::vector<helped_command>& all_helped() {
  static const auto all = [] {
    std::vector<helped_command> result;
    add_all(result, {});
    return result;
  }();
  return all;
}

class bash_completion : public testing::Test {
protected:
  bash_completion() {
    script_ = folder.write("completion.bash", node({"completion", "bash"}));
  }

  /// What bash offers for the last word of each of these lines; "" is a new
  /// word. Of all by one bash.
  std::vector<strings> offered_for(const std::vector<strings>& lines) {
    std::string text;
    for (const auto& line : lines) {
      for (const auto& word : line)
        text += word + '\x1f';
      text += ".\n"; // so that bash keeps an empty word before it
    }
    const auto queries = folder.write("queries", text);
    const auto answers = run({"/bin/bash", "--norc", "-c", R"(
      source "$1"
      while IFS=$'\x1f' read -ra words; do
        COMP_WORDS=("${words[@]:0:${#words[@]} - 1}")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        # As bash itself looks it up.
        $(complete -p "${words[0]}" | sed 's/.*-F \([^ ]*\).*/\1/')
        printf '%s\n' "${COMPREPLY[@]}" '<end>'
      done <"$2")",
                              "bash", script_, queries});
    std::vector<strings> result;
    strings offers;
    for (const auto& line : lines_of(answers))
      if (line == "<end>")
        result.push_back(std::exchange(offers, {}));
      else if (!line.empty())
        offers.push_back(line);
    EXPECT_EQ(result.size(), lines.size());
    result.resize(lines.size());
    return result;
  }

  strings offered(strings words, const std::string& program = "mfo-node") {
    words.insert(words.begin(), program);
    return offered_for({words}).front();
  }

  /// Behind each command that the help names.
  std::vector<strings> offered_behind_all(const std::string& word) {
    std::vector<strings> lines;
    for (const auto& each : all_helped()) {
      lines.push_back(each.path);
      lines.back().insert(lines.back().begin(), "mfo-node");
      lines.back().push_back(word);
    }
    return offered_for(lines);
  }

  support::temporary_folder folder;

private:
  std::string script_;
};

TEST_F(bash_completion, offers_every_command_that_the_help_names) {
  const auto& all = all_helped();
  ASSERT_GT(all.size(), 40u);
  const auto offers = offered_behind_all("");
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!all[i].commands.empty()) {
      EXPECT_EQ(offers[i], all[i].commands);
    }
}

TEST_F(bash_completion, offers_every_option_that_the_help_names) {
  const auto& all = all_helped();
  const auto offers = offered_behind_all("-");
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_THAT(offers[i], IsSupersetOf(all[i].options))
        << testing::PrintToString(all[i].path);
}

TEST_F(bash_completion, offers_what_begins_with_what_is_there) {
  EXPECT_THAT(offered({"dead"}), ElementsAre("dead-letters"));
  EXPECT_THAT(offered({"run", "--log-f"}), ElementsAre("--log-format"));
  EXPECT_THAT(offered({"nonsense", ""}), Contains("run"));
}

TEST_F(bash_completion, offers_the_words_that_an_option_takes) {
  EXPECT_THAT(offered({"run", "--log-format", ""}),
              ElementsAre("json", "text"));
  EXPECT_THAT(offered({"run", "--log-format", "=", "t"}), ElementsAre("text"));
  EXPECT_THAT(offered({"run", "--log-format", "="}),
              ElementsAre("json", "text"));
}

TEST_F(bash_completion, goes_on_behind_an_option_and_its_value) {
  EXPECT_THAT(offered({"run", "--config", "check", "--log-l"}),
              ElementsAre("--log-level"));
  EXPECT_THAT(offered({"run", "--config", "=", "check", "--log-l"}),
              ElementsAre("--log-level"));
}

TEST_F(bash_completion, offers_files_where_a_file_is_wanted) {
  const auto path = folder.write("node.yaml", "");
  const auto begin = folder / "no";
  EXPECT_THAT(offered({"run", "--config", begin}), ElementsAre(path));
  EXPECT_THAT(offered({"taskflow", "check", begin}), ElementsAre(path));
  EXPECT_THAT(offered({"run", "--log-level", begin}), IsEmpty());
}

TEST_F(bash_completion, completes_the_commands_with_names_of_their_own) {
  EXPECT_THAT(offered({"--form"}, "yaml-validator"), ElementsAre("--format"));
  EXPECT_THAT(offered({"--format", ""}, "taskflow-visualizer"),
              ElementsAre("dot", "mermaid", "svg"));
}

TEST(zsh_completion, completes_what_is_typed_with_a_tab) {
  if (!std::filesystem::exists("/usr/bin/zsh"))
    GTEST_SKIP() << "zsh is not installed";
  support::temporary_folder folder;
  folder.write("_mfo-node", node({"completion", "zsh"}));
  // A zsh of its own, behind a terminal: Tab at the end, then all that is
  // shown.
  const auto shown = [&](const std::string& typed) {
    return run({"/usr/bin/zsh", "-f", "-c", R"(
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell "PS1='ready> '; stty -echo columns 200 rows 100"
      zpty -w shell "fpath=('$1' \$fpath); autoload -Uz compinit"
      zpty -w shell "compinit -u -D; zstyle ':completion:*' list-prompt ''"
      zpty -w shell "print -r -- be''gin"
      zpty -r shell before '*begin*'
      zpty -w -n shell "$2"$'\t'
      zpty -w shell $'\C-a\C-kprint -r -- en\'\'d'
      zpty -r shell after '*end*'
      print -r -- "$after"
      zpty -d shell)",
                "zsh", folder / "", typed});
  };
  EXPECT_THAT(shown("mfo-node run --log-format js"), HasSubstr("json"));
  EXPECT_THAT(shown("yaml-validator --form"), HasSubstr("--format"));
}

TEST(manual, names_every_command_and_option_that_the_help_names) {
  const auto page = node({"manual"});
  const auto as_roff = [](const std::string& text) {
    return std::regex_replace(text, std::regex{"-"}, R"(\-)");
  };
  for (const auto& each : all_helped()) {
    std::string name = "mfo-node";
    for (const auto& word : each.path)
      name += " " + word;
    const auto begin = page.find(
        each.path.empty() ? ".SH OPTIONS\n" : ".SS " + as_roff(name) + "\n");
    ASSERT_NE(begin, std::string::npos) << name;
    const auto section = page.substr(begin, page.find("\n.S", begin) - begin);
    for (const auto& option : each.options)
      EXPECT_THAT(section, HasSubstr("\\fB" + as_roff(option) + "\\fR"))
          << name;
  }
}

} // namespace
} // namespace mfo::integration
