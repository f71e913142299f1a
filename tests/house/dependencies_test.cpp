// Keeps the folder map of docs/architecture.md true: dependencies point one
// way only, a file stays short enough to read, and each folder says what it
// is for. It reads the sources, so a wrong include fails here even where it
// compiles.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

using strings = std::vector<std::string>;

/// What a folder's files may include besides files of the folder itself.
const std::map<std::string, strings> allowed = {
    {"config", {}},
    {"core", {"config"}},
    {"schema", {"config", "core"}},
    {"signatures", {"config", "core"}},
    {"taskflow", {"config", "core", "schema"}},
    {"payload", {"config", "core"}},
    {"telemetry", {"config", "core"}},
    {"http", {"config", "core", "signatures", "payload", "telemetry"}},
    {"api", {"config", "core", "http"}},
    {"dead_letters", {"config", "core", "http"}},
    {"outbound", {"config", "core", "telemetry", "http", "api", "taskflow"}},
    {"actors",
     {"config", "core", "schema", "signatures", "payload", "telemetry", "http",
      "api", "dead_letters", "taskflow", "outbound"}},
    {"cluster", {"config", "core", "telemetry", "actors"}},
    {"devserver", {"config", "core", "signatures", "http", "api"}},
    {"casebook",
     {"config", "core", "schema", "taskflow", "http", "api", "devserver"}},
    {"torture", {}},
};

/// May include everything.
const strings at_the_top = {"node", "tests", "bench", "fuzz"};

/// Longer than this, a file has a second room inside: split it.
constexpr std::size_t max_lines = 400;

const fs::path root = MFO_SOURCE_DIR;

struct source_file {
  fs::path path; ///< from the root
  strings lines;

  std::string folder() const {
    return path.begin()->string();
  }

  /// "path:line", as compilers and editors have it.
  std::string place(std::size_t index) const {
    return path.string() + ":" + std::to_string(index + 1);
  }
};

bool contains(const strings& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Folders that are not ours: generated, installed, or hidden.
bool is_foreign(const fs::path& folder) {
  const auto name = folder.filename().string();
  return name.starts_with('.') || name.starts_with("build") ||
         name == "node_modules";
}

bool is_source(const fs::path& file) {
  return file.extension() == ".hpp" || file.extension() == ".cpp";
}

template <class Visitor>
void visit_files(const fs::path& folder, Visitor&& visit) {
  auto entry = fs::recursive_directory_iterator(folder);
  for (; entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory() && is_foreign(entry->path()))
      entry.disable_recursion_pending();
    else if (entry->is_regular_file())
      visit(entry->path());
  }
}

strings read_lines(const fs::path& file) {
  strings lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

std::vector<source_file> read_sources() {
  std::vector<source_file> sources;
  visit_files(root, [&](const fs::path& file) {
    if (is_source(file))
      sources.push_back({fs::relative(file, root), read_lines(file)});
  });
  return sources;
}

const std::vector<source_file>& sources() {
  static const auto all = read_sources();
  return all;
}

/// What `complain(file, line)` says of each line, with the place before it;
/// an empty string is no complaint.
template <class Complain>
strings complaints_about_lines(Complain&& complain) {
  strings complaints;
  for (const auto& file : sources())
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (const std::string text = complain(file, file.lines[i]); !text.empty())
        complaints.push_back(file.place(i) + ": " + text);
  return complaints;
}

/// The path between the quotes of an include of ours.
std::optional<std::string> quoted_include(const std::string& line) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*"([^"]*)")re");
  std::smatch match;
  // The expression takes a minute for all lines where sanitizers watch it.
  if (line.find("include") == line.npos ||
      !std::regex_search(line, match, pattern))
    return std::nullopt;
  return match[1].str();
}

/// A file of ours, or the template that CMake makes it of.
bool is_ours(const std::string& included) {
  return fs::is_regular_file(root / included) ||
         fs::is_regular_file(root / (included + ".in"));
}

std::string complain_unless_from_root(const source_file&,
                                      const std::string& line) {
  const auto included = quoted_include(line);
  if (!included || is_ours(*included))
    return {};
  return "no file " + *included + " under the root; <> is for libraries";
}

std::string complain_unless_allowed(const source_file& file,
                                    const std::string& line) {
  const auto included = quoted_include(line);
  const auto row = allowed.find(file.folder());
  if (!included || row == allowed.end())
    return {};
  const auto target = fs::path(*included).begin()->string();
  if (target == row->first || contains(row->second, target))
    return {};
  return row->first + "/ may not include " + *included;
}

/// Somebody's home, or the place of this very check-out.
std::string complain_about_machine_path(const source_file&,
                                        const std::string& line) {
  static const std::regex home(R"((^|[^\w.])/(home|root|Users)/)");
  static const auto here = root.string() + "/";
  const auto has = [&line](std::string_view text) {
    return line.find(text) != line.npos;
  };
  const bool may_be_home = has("home/") || has("root/") || has("Users/");
  if (!has(here) && !(may_be_home && std::regex_search(line, home)))
    return {};
  return "names a path of one machine";
}

/// Folders at the top that hold at least one file.
std::vector<fs::path> top_folders() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (!entry.is_directory() || is_foreign(entry.path()))
      continue;
    auto files = 0;
    visit_files(entry.path(), [&](const fs::path&) { ++files; });
    if (files > 0)
      folders.push_back(entry.path());
  }
  return folders;
}

TEST(sources, are_found) {
  EXPECT_FALSE(sources().empty()) << "nothing under " << root;
}

TEST(sources, live_in_a_folder_of_the_map) {
  strings strangers;
  for (const auto& file : sources())
    if (!allowed.contains(file.folder()) &&
        !contains(at_the_top, file.folder()))
      strangers.push_back(file.path.string());
  EXPECT_THAT(strangers, IsEmpty());
}

TEST(includes, are_written_from_the_root) {
  EXPECT_THAT(complaints_about_lines(complain_unless_from_root), IsEmpty());
}

TEST(includes, point_one_way_only) {
  EXPECT_THAT(complaints_about_lines(complain_unless_allowed), IsEmpty());
}

TEST(headers, guard_themselves_with_pragma_once) {
  strings unguarded;
  for (const auto& file : sources())
    if (file.path.extension() == ".hpp" &&
        !contains(file.lines, "#pragma once"))
      unguarded.push_back(file.path.string());
  EXPECT_THAT(unguarded, IsEmpty());
}

TEST(files, are_short_enough_to_read) {
  strings too_long;
  for (const auto& file : sources())
    if (file.lines.size() > max_lines)
      too_long.push_back(file.path.string() + " has " +
                         std::to_string(file.lines.size()) + " lines");
  EXPECT_THAT(too_long, IsEmpty()) << "at most " << max_lines;
}

TEST(files, name_no_path_of_one_machine) {
  EXPECT_THAT(complaints_about_lines(complain_about_machine_path), IsEmpty());
}

TEST(folders, say_in_a_readme_what_they_are_for) {
  strings silent;
  for (const auto& folder : top_folders())
    if (!fs::is_regular_file(folder / "README.md"))
      silent.push_back(folder.filename().string());
  EXPECT_THAT(silent, IsEmpty());
}

} // namespace
