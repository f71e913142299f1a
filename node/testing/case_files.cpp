#include "node/testing/case_files.hpp"

#include "casebook/load.hpp"
#include "config/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

namespace mfo::node {

namespace {

namespace fs = std::filesystem;

bool is_case_file(const fs::directory_entry& entry) {
  const auto name = entry.path().filename().string();
  for (const std::string_view end : {"cases.yaml", "cases.yml"})
    if (name == end || name.ends_with("." + std::string{end}))
      return true;
  return false;
}

tl::expected<std::vector<std::string>, command_failure>
find_in(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator();
       entry.increment(error))
    if (is_case_file(*entry))
      found.push_back(entry->path().string());
  if (error)
    return failure(exit_status::no_input, fmt::format("{}: cannot be read: {}",
                                                      folder, error.message()));
  if (found.empty())
    return failure(
        exit_status::no_input,
        fmt::format("{}: holds no cases.yaml or *.cases.yaml", folder));
  std::ranges::sort(found);
  return found;
}

tl::expected<loaded_book, command_failure>
load_book(const std::string& file, const std::string& config) {
  auto read = casebook::load_file(file);
  if (!read) {
    const bool no_file = read.error().front().line == 0;
    return failure(no_file ? exit_status::no_input : exit_status::bad_config,
                   config::to_string(read.error()));
  }
  const auto path = config.empty() ? read->config : config;
  if (path.empty())
    return failure(
        exit_status::bad_config,
        fmt::format("{}: config: required, unless --config says it\n", file));
  const config::environment variables =
      [&given = read->env, process = config::process_environment()](
          std::string_view name) -> std::optional<std::string> {
    if (const auto found = given.find(name); found != given.end())
      return found->second;
    return process(name);
  };
  auto loaded = load_configuration(path, variables);
  if (!loaded)
    return tl::unexpected{std::move(loaded.error())};
  return loaded_book{*std::move(read), *std::move(loaded), path};
}

} // namespace

tl::expected<std::vector<std::string>, command_failure>
find_case_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const auto& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    auto found = find_in(path);
    if (!found)
      return found;
    std::ranges::move(*found, std::back_inserter(files));
  }
  return files;
}

tl::expected<std::vector<loaded_book>, command_failure>
load_books(const std::vector<std::string>& files, const std::string& config) {
  std::vector<loaded_book> books;
  std::optional<command_failure> wrong;
  for (const auto& each : files) {
    auto loaded = load_book(each, config);
    if (loaded)
      books.push_back(*std::move(loaded));
    else if (!wrong)
      wrong = std::move(loaded.error());
    else
      wrong->reason += loaded.error().reason;
  }
  if (wrong)
    return tl::unexpected{*std::move(wrong)};
  return books;
}

} // namespace mfo::node
