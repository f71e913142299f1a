// Holds the program to what docs/security.md says of how it is built. It looks
// at the program and not at CMake, as a flag may be dropped on its way to the
// linker.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using lines = std::vector<std::string>;

/// What binutils' readelf says of the program.
std::string readelf(const std::string& options) {
  const auto command = "LC_ALL=C readelf --wide " + options + " '" +
                       std::string{MFO_NODE_BINARY} + "' 2>&1";
  auto* pipe = popen(command.c_str(), "r");
  if (!pipe) {
    ADD_FAILURE() << "cannot run: " << command;
    return {};
  }
  std::string said;
  std::array<char, 4096> part;
  while (const auto size = std::fread(part.data(), 1, part.size(), pipe))
    said.append(part.data(), size);
  EXPECT_EQ(pclose(pipe), 0) << said;
  return said;
}

/// Those with `word` in them.
lines lines_with(const std::string& word, const std::string& text) {
  lines found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.find(word) != line.npos)
      found.push_back(line);
  return found;
}

/// Functions that others have and the program calls.
lines imports() {
  return lines_with(" UND ", readelf("--dyn-syms"));
}

/// The path of a source, or of a unit of several, from the root of its tree.
std::string within_a_tree(const std::string& file) {
  for (const std::string root : {MFO_BINARY_DIR "/", MFO_SOURCE_DIR "/"})
    if (file.starts_with(root))
      return file.substr(root.size());
  return file;
}

bool is_of_no_program(const std::string& file) {
  return file.starts_with("bench/") || file.starts_with("fuzz/") ||
         file.starts_with("tests/") || file.starts_with("torture/");
}

class the_program : public testing::Test {
protected:
  void SetUp() override {
#ifdef MFO_SANITIZED
    GTEST_SKIP()
        << "with sanitizers the program is not the one that is shipped";
#endif
  }
};

TEST_F(the_program, may_be_loaded_at_any_address) {
  EXPECT_THAT(readelf("--file-header"), ContainsRegex("Type: +DYN"));
  EXPECT_THAT(lines_with("(FLAGS_1)", readelf("--dynamic")),
              Contains(HasSubstr(" PIE")));
}

TEST_F(the_program, has_all_functions_of_libraries_bound_before_it_begins) {
  EXPECT_THAT(lines_with("(FLAGS)", readelf("--dynamic")),
              Contains(HasSubstr("BIND_NOW")));
}

TEST_F(the_program, cannot_write_to_the_addresses_of_these_functions) {
  // Full RELRO: bound at once, there is no .got.plt that stays writable.
  EXPECT_THAT(readelf("--program-headers"), HasSubstr("GNU_RELRO"));
  EXPECT_THAT(readelf("--section-headers"), Not(HasSubstr(".got.plt")));
}

TEST_F(the_program, runs_nothing_that_it_can_write) {
  const auto segments = readelf("--program-headers");
  EXPECT_THAT(lines_with("GNU_STACK", segments), Contains(HasSubstr(" RW ")));
  EXPECT_THAT(lines_with(" RWE ", segments), IsEmpty());
  EXPECT_THAT(lines_with(" WE ", segments), IsEmpty());
}

TEST_F(the_program, has_no_relocations_in_its_code) {
  EXPECT_THAT(readelf("--dynamic"), Not(HasSubstr("TEXTREL")));
}

TEST_F(the_program, takes_libraries_from_where_the_system_has_them) {
  EXPECT_THAT(readelf("--dynamic"),
              Not(AnyOf(HasSubstr("(RPATH)"), HasSubstr("(RUNPATH)"))));
}

TEST_F(the_program, looks_at_its_stack_before_it_returns) {
  EXPECT_THAT(imports(), Contains(HasSubstr(" __stack_chk_fail")));
}

TEST_F(the_program, lets_glibc_check_the_length_of_what_is_written) {
#ifndef MFO_FORTIFIED
  GTEST_SKIP() << "glibc checks nothing in a build that is not optimised";
#endif
  EXPECT_THAT(imports(), Contains(ContainsRegex(" __mem(cpy|move|set)_chk")));
  EXPECT_THAT(imports(), Contains(HasSubstr(" __vsnprintf_chk")));
}

TEST_F(the_program, marks_where_jumps_and_returns_may_lead) {
#ifndef MFO_CET
  GTEST_SKIP() << "no IBT and SHSTK: the C library's start-up code has no such "
                  "mark here, or the processor no such thing";
#endif
  EXPECT_THAT(readelf("--notes"), HasSubstr("IBT, SHSTK"));
}

// What the program imports tells of one source, and some flags leave no trace.
TEST_F(the_program, is_guarded_in_each_of_its_sources) {
  std::vector<std::string> flags{" -fstack-protector-strong",
                                 " -fstack-clash-protection", " -fPIE"};
#ifdef MFO_FORTIFIED
  flags.emplace_back(" -D_FORTIFY_SOURCE=3");
#endif
  std::ifstream in(MFO_BINARY_DIR "/compile_commands.json");
  lines bare;
  auto sources = 0;
  for (const auto& each : nlohmann::json::parse(in)) {
    const auto file = within_a_tree(each.at("file"));
    const std::string command = each.at("command");
    if (is_of_no_program(file))
      continue;
    ++sources;
    for (const auto& flag : flags)
      if (command.find(flag) == command.npos)
        bare.push_back(file + " without" + flag);
  }
  EXPECT_THAT(bare, IsEmpty());
  EXPECT_GT(sources, 0);
}

} // namespace
