#include "node/testing/command_test.hpp"

#include "node/command.hpp"
#include "node/testing/case_files.hpp"
#include "node/testing/case_runner.hpp"

#include "casebook/match.hpp"
#include "casebook/report.hpp"
#include "core/printable.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

constexpr std::size_t indent = 4;

struct test_arguments {
  std::vector<std::string> files;
  std::string config;
  std::string filter;
  std::string junit;
  bool verbose = false;
};

/// A part of its name, or all of it where there is a `*`.
bool is_wanted(const std::string& filter, const std::string& name) {
  if (filter.empty())
    return true;
  return filter.find('*') == std::string::npos
             ? name.find(filter) != std::string::npos
             : casebook::fits(filter, name);
}

void print(const case_run& run, bool with_log) {
  const auto& result = run.result;
  const auto name = core::printable(result.name);
  if (result.good())
    fmt::print("✓ {}\n", name);
  else
    fmt::print("✗ {}\n{:{}}{}:{}\n{}", name, "", indent, result.file,
               result.line, casebook::differences(result, indent));
  if (with_log)
    for (const auto& line : run.log)
      fmt::print("{:{}}| {}\n", "", indent, core::printable(line));
}

void print_sum(const std::vector<casebook::case_result>& results) {
  std::chrono::duration<double> took{0};
  for (const auto& each : results)
    took += each.took;
  const auto good = std::ranges::count_if(
      results, [](const auto& each) { return each.good(); });
  const auto bad = static_cast<std::ptrdiff_t>(results.size()) - good;
  fmt::print("{} passed, {} failed ({:.1f} s)\n", good, bad, took.count());
}

tl::expected<bool, command_failure> test(const test_arguments& given) {
  const auto files = find_case_files(given.files);
  if (!files)
    return tl::unexpected{files.error()};
  auto books = load_books(*files, given.config);
  if (!books)
    return tl::unexpected{std::move(books.error())};
  std::vector<casebook::case_result> results;
  for (auto& each : *books) {
    const case_runner runner{std::move(each.config), each.config_file,
                             given.verbose};
    bool is_first = true;
    for (const auto& one : each.book.cases) {
      if (!is_wanted(given.filter, one.name))
        continue;
      if (std::exchange(is_first, false))
        fmt::print("{}\n", each.book.file);
      auto run = runner.run(one, each.book.file);
      print(run, given.verbose);
      results.push_back(std::move(run.result));
    }
  }
  if (results.empty())
    return failure(exit_status::usage,
                   fmt::format("--filter: no case is called {}", given.filter));
  print_sum(results);
  if (!given.junit.empty())
    if (const auto done = write_file(given.junit, casebook::junit_xml(results));
        !done)
      return tl::unexpected{done.error()};
  return std::ranges::all_of(results,
                             [](const auto& each) { return each.good(); });
}

} // namespace

void add_test_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<test_arguments>();
  auto* command = app.add_subcommand(
      "test", "Run cases: what a configuration makes of requests");
  command
      ->add_option("files", given->files,
                   "Files of cases, or folders of cases.yaml and *.cases.yaml")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("-c,--config", given->config,
                   "The configuration, in place of that which the files name")
      ->type_name("FILE");
  command
      ->add_option("--filter", given->filter,
                   "Only cases with this in their names; or, with * in it, of "
                   "such names")
      ->type_name("PATTERN");
  command
      ->add_option("--junit", given->junit,
                   "Where to write a report for CI servers, JUnit's XML")
      ->type_name("FILE");
  command->add_flag("-v,--verbose", given->verbose,
                    "Show the node's log of each case");
  set_action(*command, chosen, [given] {
    const auto good = test(*given);
    return !good   ? report("test", good.error())
           : *good ? exit_status::ok
                   : exit_status::not_accepted;
  });
}

} // namespace mfo::node
